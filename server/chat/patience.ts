import { Failure } from '../failure.ts';

/** Aborts the controller of a stream that is silent for too long or lasts too long. */
export interface Patience {
  /** A piece came: silence is measured from `renew` on, not while a slow reader takes it. */
  rest(): void;
  renew(): void;
  end(): void;
}

/** Begins to wait; `silenceMs` and `totalMs` are milliseconds. The reason of the abort is a Failure. */
export function startPatience({
  controller,
  silenceMs,
  totalMs,
}: {
  controller: AbortController;
  silenceMs: number;
  totalMs: number;
}): Patience {
  const giveUp = (): void => controller.abort(tooSlow());
  const total = setTimeout(giveUp, totalMs);
  let silence = setTimeout(giveUp, silenceMs);
  return {
    rest: () => clearTimeout(silence),
    renew: () => {
      silence = setTimeout(giveUp, silenceMs);
    },
    end: () => {
      clearTimeout(total);
      clearTimeout(silence);
    },
  };
}

function tooSlow(): Failure {
  return new Failure({
    code: 'gemini-unavailable',
    message: 'Gemini stopped answering.',
    remedy: 'Wait a minute and ask again.',
  });
}

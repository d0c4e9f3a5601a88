import { Failure } from '../../failure.ts';

/** Aborts the controller of a stream that is silent for too long or lasts too long. */
export interface StreamTimeout {
  /** A piece came: silence is measured from `renew` on, not while a slow reader takes it. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Begins to wait; `silenceMs` and `totalMs` are milliseconds. The reason of the abort is a Failure. */
export function startStreamTimeout({
  controller,
  silenceMs,
  totalMs,
}: {
  controller: AbortController;
  silenceMs: number;
  totalMs: number;
}): StreamTimeout {
  const giveUp = (): void => controller.abort(stalledFailure());
  const total = setTimeout(giveUp, totalMs);
  let silence = setTimeout(giveUp, silenceMs);
  return {
    pause: () => clearTimeout(silence),
    resume: () => {
      silence = setTimeout(giveUp, silenceMs);
    },
    stop: () => {
      clearTimeout(total);
      clearTimeout(silence);
    },
  };
}

function stalledFailure(): Failure {
  return new Failure({
    code: 'gemini-unavailable',
    message: 'Gemini stopped answering.',
    remedy: 'Wait a minute and ask again.',
  });
}

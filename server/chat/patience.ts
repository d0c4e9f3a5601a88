import { Failure } from '../failure.ts';

/**
 * Passes a stream on, and ends it with a Failure when it is silent for too long or lasts too long
 * (milliseconds). Aborting `controller` is what stops the source, so it must be the source's own.
 */
export async function* withPatience<T>({
  source,
  controller,
  silenceMs,
  totalMs,
}: {
  source: AsyncIterable<T>;
  controller: AbortController;
  silenceMs: number;
  totalMs: number;
}): AsyncGenerator<T> {
  const giveUp = (): void => controller.abort(tooSlow());
  const total = setTimeout(giveUp, totalMs);
  let silence = setTimeout(giveUp, silenceMs);
  try {
    for await (const one of source) {
      clearTimeout(silence);
      yield one;
      silence = setTimeout(giveUp, silenceMs);
    }
  } finally {
    clearTimeout(total);
    clearTimeout(silence);
  }
}

function tooSlow(): Failure {
  return new Failure({
    code: 'gemini-unavailable',
    message: 'Gemini stopped answering.',
    remedy: 'Wait a minute and ask again.',
  });
}

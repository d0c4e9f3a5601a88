import { Failure } from '../../server/failure.ts';
import type { Sleep } from './embed-with-retry.ts';

const maxAttempts = 5;

/** A call of Qdrant, tried again while the cluster restarts or is busy; yields a sentence before each wait. */
export async function* withRetry<T>(
  { sleep, signal }: { sleep: Sleep; signal: AbortSignal },
  call: () => Promise<T>,
): AsyncGenerator<string, T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      const isShort =
        error instanceof Failure && /^qdrant-(?:busy|unavailable|unreachable)$/.test(error.code);
      if (!isShort || attempt >= maxAttempts) throw error;
      const pause = error.retryAfterMs ?? 1000 * 2 ** (attempt - 1);
      yield `Qdrant does not answer, trying again in ${Math.ceil(pause / 1000)} s`;
      await sleep(pause, { signal });
    }
  }
}

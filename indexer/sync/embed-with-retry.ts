import { Failure } from '../../server/failure.ts';
import { headingPath, type Section } from '../../server/collection/section.ts';
import type { Embedder } from '../../server/collection/ports.ts';
import type { RateLimiter } from './rate-limiter.ts';

export type Sleep = (milliseconds: number, options: { signal: AbortSignal }) => Promise<unknown>;

/** Consecutive tries; a minute's quota comes back, so it gets more of them than a fault. */
const maxAttempts: { [code: string]: number } = { 'gemini-quota-minute': 10, 'gemini-unavailable': 5 };

/**
 * One batch of vectors, waiting out a minute's quota and short faults; yields a sentence before each wait.
 * Null when the day's quota is used up. Throws the Failure that waiting does not cure.
 */
export async function* embedWithRetry(request: {
  sections: readonly Section[];
  /** Texts that are still to come, these included: what the estimate is made of. */
  left: number;
  embedder: Embedder;
  pace: RateLimiter;
  sleep: Sleep;
  signal: AbortSignal;
}): AsyncGenerator<string, number[][] | null> {
  const { sections, left, embedder, pace, sleep, signal } = request;
  const documents = sections.map((section) => ({ title: headingPath(section), text: section.content }));
  for (let attempt = 1; ; attempt++) {
    const wait = pace.reserve(documents.length);
    if (wait > 0) {
      yield `the free tier embeds ${pace.perMinute} texts a minute: about ${Math.ceil(left / pace.perMinute)} min left`;
      await sleep(wait, { signal });
    }
    try {
      return await embedder.embedDocuments({ documents, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'gemini-quota-day') return null;
      if (attempt >= (maxAttempts[error.code] ?? 1)) throw error;
      const isQuota = error.code === 'gemini-quota-minute';
      const pause =
        error.retryAfterMs ?? (isQuota ? 15_000 : 1000) * 2 ** Math.min(attempt - 1, isQuota ? 2 : 5);
      if (isQuota) pace.slowDown();
      yield isQuota
        ? `Gemini asks to wait ${seconds(pause)}`
        : `Gemini does not answer, trying again in ${seconds(pause)}`;
      await sleep(pause, { signal });
    }
  }
}

function seconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1000)} s`;
}

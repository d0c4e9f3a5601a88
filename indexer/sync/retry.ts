import { searchedText } from '../../server/collection/enrichment/enrichment.ts';
import type { Embedder } from '../../server/collection/ports.ts';
import { headingPath, type Section } from '../../server/collection/section.ts';
import { ServerFailure } from '../../server/failure.ts';
import type { RateLimiter } from './rate-limiter.ts';

export type Sleep = (milliseconds: number, options: { signal: AbortSignal }) => Promise<unknown>;

const maxQdrantAttempts = 5;

/** Repeats a Qdrant call while the cluster restarts or is busy, with the number of the repetition; yields a sentence before each wait. */
export async function* withRetry<T>(
  { sleep, signal }: { sleep: Sleep; signal: AbortSignal },
  call: (repetition: number) => Promise<T>,
): AsyncGenerator<string, T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(attempt - 1);
    } catch (error) {
      signal.throwIfAborted();
      const isTransient =
        error instanceof ServerFailure && /^qdrant-(?:busy|unavailable|unreachable)$/.test(error.code);
      if (!isTransient || attempt >= maxQdrantAttempts) throw error;
      const pauseMs = error.retryAfterMs ?? 1000 * 2 ** (attempt - 1);
      const what = error.code === 'qdrant-busy' ? 'asks to wait' : 'does not answer, trying again in';
      yield `Qdrant ${what} ${inSeconds(pauseMs)}`;
      await sleep(pauseMs, { signal });
    }
  }
}

/** By failure code, other codes get one attempt. A quota per minute recovers, so it gets more than an outage. */
const maxGeminiAttempts: { [code: string]: number } = { 'gemini-quota-minute': 10, 'gemini-unavailable': 5 };

type EmbeddingRequest = { embedder: Embedder; rateLimiter: RateLimiter; sleep: Sleep; signal: AbortSignal };

/**
 * Embeds one batch of sections, as `withEmbeddingRetry` does. `remaining` counts the texts still to be embedded, this
 * batch included.
 */
export function embedWithRetry({
  sections,
  ...request
}: EmbeddingRequest & { sections: readonly Section[]; remaining: number }): AsyncGenerator<
  string,
  number[][] | null
> {
  const { embedder, signal } = request;
  const documents = sections.map((section) => ({ title: headingPath(section), text: searchedText(section) }));
  const embed = (): Promise<number[][]> => embedder.embedDocuments({ documents, signal });
  return withEmbeddingRetry({ ...request, texts: documents.length, embed });
}

/**
 * Repeats an embedding call after short outages and waits for a quota per minute to recover; yields a sentence before
 * each wait. Null when the quota of the day is used up. Throws any other ServerFailure.
 */
export async function* withEmbeddingRetry<T>(
  request: Omit<EmbeddingRequest, 'embedder'> & {
    texts: number;
    /** For the estimate of the remaining time. */
    remaining: number;
    embed: () => Promise<T>;
  },
): AsyncGenerator<string, T | null> {
  const { texts, remaining, embed, rateLimiter, sleep, signal } = request;
  for (let attempt = 1; ; attempt++) {
    const waitMs = rateLimiter.reserve(texts);
    if (waitMs > 0) {
      const { perMinute } = rateLimiter;
      yield `the free tier embeds ${perMinute} texts a minute: about ${Math.ceil(remaining / perMinute)} min left`;
      await sleep(waitMs, { signal });
    }
    try {
      return await embed();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ServerFailure)) throw error;
      if (error.code === 'gemini-quota-day') return null;
      if (attempt >= (maxGeminiAttempts[error.code] ?? 1)) throw error;
      const isQuota = error.code === 'gemini-quota-minute';
      const pauseMs =
        error.retryAfterMs ?? (isQuota ? 15_000 : 1000) * 2 ** Math.min(attempt - 1, isQuota ? 2 : 5);
      if (isQuota) rateLimiter.slowDown();
      yield isQuota
        ? `Gemini asks to wait ${inSeconds(pauseMs)}`
        : `Gemini does not answer, trying again in ${inSeconds(pauseMs)}`;
      await sleep(pauseMs, { signal });
    }
  }
}

function inSeconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1000)} s`;
}

import { headingPath, type Section } from '../../server/collection/section.ts';
import { searchedText } from '../../server/collection/enrichment/enrichment.ts';
import type { Embedder } from '../../server/collection/ports.ts';
import { ServerFailure } from '../../server/failure.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Batches that are embedded at a time while the vendor refuses none. */
export const maxBatchesAtOnce = 8;

/** Embeds batches at a time; null for one that failed, which is to be embedded by itself when its turn comes. */
export async function embedAhead(
  batches: readonly (readonly Section[])[],
  request: { embedder: Embedder; rateLimiter: RateLimiter; signal: AbortSignal },
): Promise<(number[][] | null)[]> {
  const { embedder, rateLimiter, signal } = request;
  return Promise.all(
    batches.map((sections) => {
      const documents = sections.map((section) => ({
        title: headingPath(section),
        text: searchedText(section),
      }));
      return embedder.embedDocuments({ documents, signal }).catch((error: unknown) => {
        if (error instanceof ServerFailure && error.code === 'gemini-quota-minute') rateLimiter.slowDown();
        return null;
      });
    }),
  );
}

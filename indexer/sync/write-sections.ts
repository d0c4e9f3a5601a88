import type { Section } from '../../server/collection/section.ts';
import { sparseVector } from '../../server/collection/sparse-vector.ts';
import { createTokeniser } from '../../server/collection/tokenise.ts';
import { embedAhead, maxBatchesAtOnce } from './embed-ahead.ts';
import { textsPerCall } from './embedding-cost.ts';
import { enrichSections } from './enrichment/enrich-sections.ts';
import { createProgressNotes } from './progress-notes.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { embedWithRetry } from './retry.ts';
import { storedSections } from './section-fingerprints.ts';
import { batches, withProgress, write, type LockedSync, type SyncProgress } from './sync-steps.ts';

/** How many texts were embedded, and how many sections the quotas of the day left without a vector or enrichment. */
export type WrittenSections = { embedded: number; withoutVector: number; withoutEnrichment: number };

const quotaExhaustedNote = "the day's quota is used up: indexed by words only";

/**
 * Embeds one batch, then two at a time, four and eight while the quota lasts, and writes them before the next ones are
 * embedded, so that an interrupted run pays for little twice. A book that is enriched takes one batch at a time, because
 * its calls take longer than the collection may be held without a write.
 */
export async function* writeSections(
  request: LockedSync & { recipe?: string },
  indexes: readonly number[],
): AsyncGenerator<SyncProgress, WrittenSections> {
  const { store, signal } = request;
  const rateLimiter = createRateLimiter({ now: request.now });
  const enrich = batchEnricher(request);
  const tokenise = createTokeniser();
  const total = indexes.length;
  const notes = createProgressNotes({ sections: storedSections(indexes, request), now: request.now });
  let done = 0;
  let withoutVector = 0;
  for (let atOnce = 1; done < total;) {
    signal.throwIfAborted();
    const group = [...batches(indexes.slice(done, done + atOnce * textsPerCall), textsPerCall)].map(
      (batch) => [...storedSections(batch, request)],
    );
    const early = group.length === 1 ? [] : await embedAhead(group, { ...request, rateLimiter });
    for (const [at, plain] of group.entries()) {
      signal.throwIfAborted();
      const position = { done, total };
      const remaining = total - done;
      const sections = enrich === null ? plain : yield* withProgress(enrich.batch(plain), position);
      const vectors =
        withoutVector > 0
          ? null
          : (early[at] ??
            (yield* withProgress(
              embedWithRetry({ ...request, sections, remaining, rateLimiter }),
              position,
            )));
      if (vectors === null) withoutVector += sections.length;
      const points = sections.map((section, index) => ({
        section,
        dense: vectors?.[index] ?? null,
        sparse: sparseVector(section, tokenise),
      }));
      yield* write(request, () => store.upsert({ points, signal }), position);
      done += sections.length;
      const note = notes.after(sections);
      yield { done, total, note: vectors === null ? quotaExhaustedNote : note };
    }
    const isRefused = rateLimiter.isLimited || withoutVector > 0 || early.includes(null);
    atOnce = isRefused || enrich !== null ? 1 : Math.min(maxBatchesAtOnce, atOnce * 2);
  }
  return { embedded: total - withoutVector, withoutVector, withoutEnrichment: enrich?.missing() ?? 0 };
}

/** Answers a minute of a model on the free tier (ai.google.dev, rate limits). */
const answersPerMinute = 10;

type BatchEnricher = {
  batch(sections: readonly Section[]): AsyncGenerator<string, readonly Section[]>;
  /** Sections that were left as they are. */
  missing(): number;
};

/** Enriches batch after batch until the quota of the day is used up; null where the book is not enriched. */
function batchEnricher(request: LockedSync): BatchEnricher | null {
  const { enricher } = request;
  if (enricher === undefined) return null;
  const rateLimiter: RateLimiter = createRateLimiter({ now: request.now, perMinute: answersPerMinute });
  let missing = 0;
  let mayCall = true;
  return {
    missing: () => missing,
    async *batch(sections) {
      const result = yield* enrichSections(sections, { ...request, enricher, rateLimiter, mayCall });
      mayCall &&= !result.isQuotaUsed;
      missing += result.sections.filter(({ enrichment }) => enrichment === undefined).length;
      return result.sections;
    },
  };
}

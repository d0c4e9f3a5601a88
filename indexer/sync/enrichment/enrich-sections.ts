import { type Enrichment, enrichmentRecipe } from '../../../server/collection/enrichment/enrichment.ts';
import type { PassageStore } from '../../../server/collection/ports.ts';
import type { Section } from '../../../server/collection/section.ts';
import { withHash, type EmbeddingModel } from '../section-fingerprints.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import { withEmbeddingRetry, type Sleep } from '../retry.ts';
import type { Enricher } from './enricher.ts';

export type EnrichmentRequest = {
  embedder: EmbeddingModel;
  enricher: Enricher;
  store: Pick<PassageStore, 'sectionsById'>;
  rateLimiter: RateLimiter;
  /** False once the quota of the day is used up. */
  mayCall: boolean;
  sleep: Sleep;
  signal: AbortSignal;
};

const callsAtOnce = 4;

/**
 * The sections of a batch with their enrichments: those that the collection or the cache has, and one call of the model for
 * each of the others. When the quota of the day is used up, the rest stay as they are, to be enriched by a later run.
 */
export async function* enrichSections(
  sections: readonly Section[],
  { embedder, enricher, store, rateLimiter, mayCall, sleep, signal }: EnrichmentRequest,
): AsyncGenerator<string, { sections: Section[]; isQuotaUsed: boolean }> {
  const stored = await storedEnrichments(sections, { store, signal });
  const enrichmentOf = (section: Section): Enrichment | undefined =>
    enricher.cache.get(section.hash) ?? stored.get(section.hash);
  const missing = sections.filter((section) => enrichmentOf(section) === undefined);
  let isQuotaUsed = !mayCall;
  for (let at = 0; at < missing.length && !isQuotaUsed; at += callsAtOnce) {
    const group = missing.slice(at, at + callsAtOnce);
    const done = yield* withEmbeddingRetry({
      texts: group.length,
      remaining: missing.length - at,
      embed: () => enrichAll(group, { enricher, signal }),
      rateLimiter,
      sleep,
      signal,
    });
    isQuotaUsed = done === null;
  }
  return {
    sections: sections.map((section) => {
      const enrichment = enrichmentOf(section);
      // Under the hash of a section that is not enriched, the next run sees that it has to be.
      return enrichment === undefined ? withHash(section, embedder) : { ...section, enrichment };
    }),
    isQuotaUsed,
  };
}

/** Each is kept as soon as it is there, so that a failure of one loses no other. */
async function enrichAll(
  sections: readonly Section[],
  { enricher, signal }: Pick<EnrichmentRequest, 'enricher' | 'signal'>,
): Promise<true> {
  const results = await Promise.allSettled(
    sections.map(async (section) => {
      if (enricher.cache.get(section.hash) !== undefined) return;
      await enricher.cache.put(section.hash, await enricher.enrich({ section, signal }));
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return true;
}

/** Those in the collection, by hash: of sections that moved, or whose vector is missing. */
async function storedEnrichments(
  sections: readonly Section[],
  { store, signal }: Pick<EnrichmentRequest, 'store' | 'signal'>,
): Promise<Map<string, Enrichment>> {
  const sectionsInStore = await store.sectionsById({ ids: sections.map(({ id }) => id), signal });
  return new Map(
    sectionsInStore.flatMap(({ hash, enrichment }) => (enrichment === undefined ? [] : [[hash, enrichment]])),
  );
}

/** Sections whose payload alone is written again, with the enrichments that the collection has. */
export async function withStoredEnrichments(
  sections: readonly Section[],
  request: Pick<EnrichmentRequest, 'store' | 'signal'>,
): Promise<Section[]> {
  const stored = await storedEnrichments(sections, request);
  return sections.map((section) => {
    const enrichment = stored.get(section.hash);
    return enrichment === undefined ? section : { ...section, enrichment };
  });
}

/** The recipe of a run's sections; absent where they are not enriched. */
export function recipeOf(enricher: Enricher | undefined): { recipe?: string } {
  return enricher === undefined ? {} : { recipe: enrichmentRecipe };
}

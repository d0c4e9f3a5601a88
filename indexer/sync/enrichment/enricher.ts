import type { Enrichment } from '../../../server/collection/enrichment/enrichment.ts';
import type { Section } from '../../../server/collection/section.ts';

/** Enrichments by the hash of their section, kept until the collection has them: an interrupted run pays for none twice. */
export interface EnrichmentCache {
  get(hash: string): Enrichment | undefined;
  put(hash: string, enrichment: Enrichment): Promise<void>;
  /** Forgets all of them. */
  clear(): Promise<void>;
}

/** Writes about sections with a model. */
export interface Enricher {
  readonly cache: EnrichmentCache;
  /** One call of the model. Throws a ServerFailure. */
  enrich(request: { section: Section; signal: AbortSignal }): Promise<Enrichment>;
}

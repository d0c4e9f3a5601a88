import type { Embedder, PassageStore, ScoredSection } from '../index/ports.ts';
import type { Breaker } from './breaker.ts';
import { fuse } from './fuse.ts';
import type { Holding } from './library.ts';
import type { Passage, Rung } from './protocol.ts';
import type { ChatSettings } from './settings.ts';

export type Retrieved = {
  ranked: Passage[];
  rungs: Rung[];
  /** The best section's share of the question's words, 0 to 1. */
  coverage: number;
  /** The best cosine; null when the dense leg did not run. */
  cosine: number | null;
};

export type RetrievalParts = {
  embedder: Embedder;
  store: PassageStore;
  breakers: { gemini: Breaker; qdrant: Breaker };
  settings: ChatSettings;
};

/**
 * Both legs at once, fused. The lexical one runs in memory and always answers; the dense one may fail without
 * harm: its failure is remembered by its breaker and named in `rungs`.
 */
export async function retrieve({
  text,
  holding,
  parts,
  signal,
}: {
  text: string;
  holding: Holding;
  parts: RetrievalParts;
  signal: AbortSignal;
}): Promise<Retrieved> {
  const { settings } = parts;
  const asked = holding.dense.usable ? searchDense({ text, parts, signal }) : Promise.resolve(null);
  const lexical = holding.lexicon.search({ text, limit: settings.legLimit });
  const dense = await asked.catch(() => null);
  signal.throwIfAborted();
  return {
    ranked: fuse({ dense: dense ?? [], lexical: lexical.hits, weights: settings.weights }),
    rungs: rungsOf({ dense, holding }),
    coverage: lexical.coverage,
    cosine: dense === null ? null : (dense[0]?.score ?? 0),
  };
}

async function searchDense({
  text,
  parts: { embedder, store, breakers, settings },
  signal,
}: {
  text: string;
  parts: RetrievalParts;
  signal: AbortSignal;
}): Promise<ScoredSection[]> {
  const open = breakers.qdrant.open;
  if (open !== null) throw open;
  const vector = await breakers.gemini.run(signal, () =>
    embedder.embedQuery({
      text,
      signal: AbortSignal.any([signal, AbortSignal.timeout(settings.embedTimeoutMs)]),
    }),
  );
  return breakers.qdrant.run(signal, () =>
    store.searchDense({
      vector,
      limit: settings.legLimit,
      signal: AbortSignal.any([signal, AbortSignal.timeout(settings.searchTimeoutMs)]),
    }),
  );
}

function rungsOf({ dense, holding }: { dense: ScoredSection[] | null; holding: Holding }): Rung[] {
  const search: Rung = dense === null ? 'lexical' : holding.lexicon.size === 0 ? 'dense' : 'hybrid';
  return holding.from === 'book.json' ? [search, 'bundled-book'] : [search];
}

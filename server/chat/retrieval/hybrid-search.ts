import { setImmediate as turn } from 'node:timers/promises';
import type { LexicalHits } from '../../collection/bm25-index.ts';
import type { PassageReader, ScoredSection } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { rejectOnAbort, withDeadline } from '../resilience/deadline.ts';
import { fuseRankings } from './fuse-rankings.ts';
import type { IndexSnapshot } from './book-index.ts';
import type { Passage, Strategy } from '../protocol.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { ChatSettings } from '../settings.ts';
import { lexicalSearch } from './lexical-search.ts';

export type HybridSearchResult = {
  ranked: Passage[];
  strategies: Strategy[];
  /** The best section's share of the question's words, 0 to 1; null when there are no words to search. */
  coverage: number | null;
  /** The best cosine; null when the dense leg did not run. */
  cosine: number | null;
};

export type HybridSearchDeps = {
  vectors: Pick<QueryVectors, 'of'>;
  store: PassageReader;
  breakers: { qdrant: CircuitBreaker };
  settings: ChatSettings;
  log: (failure: unknown) => void;
};

/**
 * Both legs at once, fused. Either may fail without harm, which the breaker remembers and `rungs` names; in memory
 * the lexical one cannot.
 */
export async function hybridSearch({
  text,
  holding,
  parts,
  signal,
}: {
  text: string;
  holding: IndexSnapshot;
  parts: HybridSearchDeps;
  signal: AbortSignal;
}): Promise<HybridSearchResult> {
  const { settings } = parts;
  // Its turn may come when its reader has gone: then nobody's quota is spent on it.
  signal.throwIfAborted();
  const asked = holding.vectors.usable
    ? denseSearch({ text, parts, known: cachedSections(holding), signal })
    : Promise.resolve(null);
  // The question for the vector goes out first: what words find is found while it is on its way.
  const looked = turn().then(() => lexicalSearch({ text, holding, parts, signal }));
  const without = (error: unknown): null => {
    if (!signal.aborted) parts.log(error);
    return null;
  };
  const [dense, lexical] = await Promise.all([asked.catch(without), looked.catch(without)]);
  signal.throwIfAborted();
  return {
    ranked: fuseRankings({ dense: dense ?? [], lexical: lexical?.hits ?? [], weights: settings.weights }),
    strategies: strategiesOf({ dense, lexical, holding }),
    coverage: lexical?.coverage ?? null,
    cosine: dense === null ? null : (dense[0]?.score ?? 0),
  };
}

/** A stamped collection is held as it stands there, so its texts need not come with every answer. */
function cachedSections({
  from,
  writtenAt,
  sections,
}: IndexSnapshot): ((id: string) => Section | undefined) | undefined {
  return from === 'collection' && writtenAt !== null ? (id) => sections.get(id) : undefined;
}

async function denseSearch({
  text,
  parts: { vectors, store, breakers, settings },
  known,
  signal,
}: {
  text: string;
  parts: HybridSearchDeps;
  known: ((id: string) => Section | undefined) | undefined;
  signal: AbortSignal;
}): Promise<ScoredSection[]> {
  const open = breakers.qdrant.openFailure;
  if (open !== null) throw open;
  // The vector may be another reader's too, so it goes on; this one does not wait for it after leaving.
  const vector = await rejectOnAbort(vectors.of(text), signal);
  return breakers.qdrant.run(
    () =>
      withDeadline({ signal, ms: settings.searchTimeoutMs, service: 'qdrant' }, (limited) =>
        store.searchDense({ vector, limit: settings.candidateLimit, known, signal: limited }),
      ),
    signal,
  );
}

function strategiesOf({
  dense,
  lexical,
  holding,
}: {
  dense: ScoredSection[] | null;
  lexical: LexicalHits | null;
  holding: IndexSnapshot;
}): Strategy[] {
  const search: Strategy = dense === null ? 'lexical' : lexical === null ? 'dense' : 'hybrid';
  return holding.from === 'book.json' ? [search, 'bundled-book'] : [search];
}

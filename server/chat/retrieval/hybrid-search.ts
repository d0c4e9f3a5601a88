import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LexicalHits } from '../../collection/bm25-index.ts';
import { packVector } from '../../collection/packed-vector.ts';
import type { PassageReader, ScoredSection, SectionLookup } from '../../collection/ports.ts';
import type { Passage, Strategy } from '../protocol.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { rejectOnAbort, withDeadline } from '../resilience/deadline.ts';
import type { ChatSettings } from '../settings.ts';
import type { EditionScope } from '../editions/edition-scope.ts';
import type { IndexSnapshot } from '../book-index/book-index.ts';
import type { SearchableBook } from '../book-index/book-state.ts';
import { fuseRankings } from './fuse-rankings.ts';
import { lexicalSearch } from './lexical-search.ts';
import type { QueryVectors } from './query-vectors.ts';

export type HybridSearchResult = {
  ranked: Passage[];
  strategies: Strategy[];
  /** The best section's share of the question's terms, 0 to 1; null when there was no lexical search. */
  coverage: number | null;
  /** The best cosine; null when there was no dense search. */
  cosine: number | null;
  /** The text's vector, as `packVector` packs it; null when none was made. */
  vector: string | null;
};

export type HybridSearchDeps = {
  queryVectors: Pick<QueryVectors, 'vectorFor'>;
  passageStore: PassageReader;
  breakers: { qdrant: CircuitBreaker; sparse: CircuitBreaker };
  settings: ChatSettings;
  log: (failure: unknown) => void;
};

/**
 * Searches with both retrievers at once and fuses their rankings. Either may fail: its breaker remembers it and
 * `strategies` names what was left. In memory the lexical retriever cannot fail. Throws only the signal's reason.
 */
export async function hybridSearch({
  text,
  snapshot,
  scope = null,
  withoutVectors = false,
  deps,
  signal,
}: {
  text: string;
  snapshot: IndexSnapshot;
  /** Null searches the whole book. */
  scope?: EditionScope | null;
  /** Skips the dense retriever, whose query vector costs a call. */
  withoutVectors?: boolean;
  deps: HybridSearchDeps;
  signal: AbortSignal;
}): Promise<HybridSearchResult> {
  // The client may have left while this search was queued: then spend no quota on it.
  signal.throwIfAborted();
  let packed: string | null = null;
  const onVector = (vector: readonly number[]): void => void (packed = packVector(vector));
  const denseHits =
    snapshot.vectors.usable && !withoutVectors
      ? denseSearch({ text, scope, deps, lookup: lookupIn(snapshot.book), onVector, signal })
      : Promise.resolve(null);
  // The embedding request goes out first; the lexical search runs while it is on its way.
  const lexicalHits = nextTurn().then(() =>
    lexicalSearch({ text, book: snapshot.book, scope, deps, signal }),
  );
  const logged = (error: unknown): null => {
    if (!signal.aborted) deps.log(error);
    return null;
  };
  const [dense, lexical] = await Promise.all([denseHits.catch(logged), lexicalHits.catch(logged)]);
  signal.throwIfAborted();
  return {
    ranked: fuseRankings({
      dense: dense ?? [],
      lexical: lexical ?? noHits,
      fusion: deps.settings.fusion,
    }),
    strategies: strategiesOf({ dense, lexical, book: snapshot.book }),
    coverage: lexical?.coverage ?? null,
    cosine: dense === null ? null : (dense[0]?.score ?? 0),
    vector: packed,
  };
}

const noHits: LexicalHits = { hits: [], coverage: 0, deviation: 0 };

/** A stamped collection in memory is the same as in Qdrant, so its texts need not be transferred with every search. */
function lookupIn(book: SearchableBook): SectionLookup | undefined {
  return book.type === 'collection' && book.writtenAt !== null ? (id) => book.sections.get(id) : undefined;
}

async function denseSearch({
  text,
  scope,
  deps: { queryVectors, passageStore, breakers, settings },
  lookup,
  onVector,
  signal,
}: {
  text: string;
  deps: HybridSearchDeps;
  scope: EditionScope | null;
  lookup: SectionLookup | undefined;
  onVector: (vector: readonly number[]) => void;
  signal: AbortSignal;
}): Promise<ScoredSection[]> {
  const failure = breakers.qdrant.openFailure;
  if (failure !== null) throw failure;
  // Another request may share this vector, so embedding continues when this client leaves.
  const vector = await rejectOnAbort(queryVectors.vectorFor(text), signal);
  onVector(vector);
  const limits = { signal, ms: settings.searchTimeoutMs, service: 'qdrant' };
  const search = { vector, limit: settings.candidates.dense, lookup, within: scope?.filter };
  const hits = await breakers.qdrant.run(
    () => withDeadline(limits, (limited) => passageStore.searchDense({ ...search, signal: limited })),
    signal,
  );
  return scope === null ? hits : hits.filter(({ section }) => scope.accepts(section));
}

function strategiesOf({
  dense,
  lexical,
  book,
}: {
  dense: ScoredSection[] | null;
  lexical: LexicalHits | null;
  book: SearchableBook;
}): Strategy[] {
  const search: Strategy = dense === null ? 'lexical' : lexical === null ? 'dense' : 'hybrid';
  return book.type === 'bundled' ? [search, 'bundled-book'] : [search];
}

import type { EditionScope } from '../editions/edition-scope.ts';
import { standardDeviation, type LexicalHits } from '../../collection/bm25-index.ts';
import { searchedText } from '../../collection/enrichment/enrichment.ts';
import type { PassageReader } from '../../collection/ports.ts';
import { headingPath, type Section } from '../../collection/section.ts';
import { significantTerms } from '../../collection/significant-terms.ts';
import { sparseVector } from '../../collection/sparse-vector.ts';
import { tokenise } from '../../collection/tokenise.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { withDeadline } from '../resilience/deadline.ts';
import type { ChatSettings } from '../settings.ts';
import { rankByProximity } from './rank-by-proximity.ts';
import type { SearchableBook } from '../book-index/book-state.ts';

/**
 * BM25 search, in memory or by Qdrant's sparse vectors, depending on where the book is. Null for an empty book. Throws
 * the store's ServerFailure, or the breaker's while it is open.
 */
export async function lexicalSearch({
  text,
  book,
  scope = null,
  deps: { passageStore, breakers, settings },
  signal,
}: {
  text: string;
  book: SearchableBook;
  /** Null searches the whole book. */
  scope?: EditionScope | null;
  deps: {
    passageStore: Pick<PassageReader, 'searchSparse'>;
    breakers: { sparse: CircuitBreaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
}): Promise<LexicalHits | null> {
  const limit = settings.candidates.lexical;
  if (book.size === 0 || book.type === 'empty') return null;
  if (book.type !== 'remote') {
    const result = book.bm25.search({ text, limit, within: scope ?? undefined });
    return { ...result, hits: rankByProximity(text, result.hits, book.termsOf) };
  }
  const vector = sparseVector(text);
  if (vector.indices.length === 0) return { hits: [], coverage: 0, deviation: 0 };
  const candidates = await breakers.sparse.run(
    () =>
      withDeadline({ signal, ms: settings.searchTimeoutMs, service: 'qdrant' }, (limited) =>
        passageStore.searchSparse({ vector, limit, within: scope?.filter, signal: limited }),
      ),
    signal,
  );
  const hits = scope === null ? candidates : candidates.filter(({ section }) => scope.accepts(section));
  const significant = significantTerms(tokenise(text));
  const scores = hits.map(({ score }) => score);
  return {
    hits: rankByProximity(text, hits),
    coverage: Math.max(0, ...hits.map(({ section }) => termShare(section, significant))),
    // The scores below the hits are not known, and small.
    deviation: standardDeviation({
      sum: scores.reduce((sum, score) => sum + score, 0),
      squares: scores.reduce((sum, score) => sum + score * score, 0),
      count: Math.max(scope?.size ?? book.size, 1),
    }),
  };
}

/** Qdrant does not return its term weights, so each significant term counts the same. */
function termShare(section: Section, significant: ReadonlySet<string>): number {
  const terms = new Set(tokenise(`${headingPath(section)}\n${searchedText(section)}`));
  return [...significant].filter((term) => terms.has(term)).length / Math.max(1, significant.size);
}

import type { LexicalHits } from '../../collection/bm25-index.ts';
import type { PassageStore } from '../../collection/ports.ts';
import { headingPath, type Section } from '../../collection/section.ts';
import { significantTerms } from '../../collection/significant-terms.ts';
import { sparseVector, tokenise } from '../../collection/tokenise.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { withDeadline } from '../resilience/deadline.ts';
import type { IndexSnapshot } from './book-index.ts';
import type { ChatSettings } from '../settings.ts';

/**
 * The lexical leg, wherever the book's words are: in memory, or in Qdrant's sparse vectors. Null when there are
 * none yet. Throws the store's Failure, or the breaker's while it is open.
 */
export async function lexicalSearch({
  text,
  holding,
  parts: { store, breakers, settings },
  signal,
}: {
  text: string;
  holding: IndexSnapshot;
  parts: {
    store: Pick<PassageStore, 'searchSparse'>;
    breakers: { qdrant: CircuitBreaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
}): Promise<LexicalHits | null> {
  const limit = settings.candidateLimit;
  if (holding.size === 0) return null;
  if (holding.lexicalBackend === 'memory') return holding.bm25.search({ text, limit });
  const vector = sparseVector(text);
  if (vector.indices.length === 0) return { hits: [], coverage: 0 };
  const hits = await breakers.qdrant.run(
    () =>
      withDeadline({ signal, ms: settings.searchTimeoutMs, service: 'qdrant' }, (limited) =>
        store.searchSparse({ vector, limit, signal: limited }),
      ),
    signal,
  );
  const telling = significantTerms(tokenise(text));
  return { hits, coverage: Math.max(0, ...hits.map(({ section }) => termShare(section, telling))) };
}

/** Qdrant keeps its term weights to itself, so each telling word counts alike. */
function termShare(section: Section, telling: ReadonlySet<string>): number {
  const said = new Set(tokenise(`${headingPath(section)}\n${section.content}`));
  return [...telling].filter((term) => said.has(term)).length / Math.max(1, telling.size);
}

import type { LexicalHits } from '../index/bm25.ts';
import type { PassageStore } from '../index/ports.ts';
import { headingPath, type Section } from '../index/section.ts';
import { tellingTerms } from '../index/telling-terms.ts';
import { sparseVector, terms } from '../index/terms.ts';
import type { Breaker } from './breaker.ts';
import { withDeadline } from './deadline.ts';
import type { Holding } from './library.ts';
import type { ChatSettings } from './settings.ts';

/**
 * The lexical leg, wherever the book's words are: in memory, or in Qdrant's sparse vectors. Null when there are
 * none yet. Throws the store's Failure, or the breaker's while it is open.
 */
export async function searchWords({
  text,
  holding,
  parts: { store, breakers, settings },
  signal,
}: {
  text: string;
  holding: Holding;
  parts: {
    store: Pick<PassageStore, 'searchSparse'>;
    breakers: { qdrant: Breaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
}): Promise<LexicalHits | null> {
  const limit = settings.legLimit;
  if (holding.size === 0) return null;
  if (holding.words === 'memory') return holding.lexicon.search({ text, limit });
  const vector = sparseVector(text);
  if (vector.indices.length === 0) return { hits: [], coverage: 0 };
  const hits = await breakers.qdrant.run(
    () =>
      withDeadline({ signal, ms: settings.searchTimeoutMs, service: 'qdrant' }, (limited) =>
        store.searchSparse({ vector, limit, signal: limited }),
      ),
    signal,
  );
  const telling = tellingTerms(terms(text));
  return { hits, coverage: Math.max(0, ...hits.map(({ section }) => shareIn(section, telling))) };
}

/** Qdrant keeps its term weights to itself, so each telling word counts alike. */
function shareIn(section: Section, telling: ReadonlySet<string>): number {
  const said = new Set(terms(`${headingPath(section)}\n${section.content}`));
  return [...telling].filter((term) => said.has(term)).length / Math.max(1, telling.size);
}

import type { PassageReader } from '../../collection/ports.ts';
import type { Passage, Question } from '../protocol.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import type { ChatSettings } from '../settings.ts';
import { loadAdjacentSections } from './adjacent-sections.ts';
import type { BookIndex } from '../book-index/book-index.ts';
import { fitContext } from './fit-context.ts';
import { readerScope } from './search-editions.ts';
import { lexicalSearch } from './lexical-search.ts';

type SelectionDeps = {
  deps: {
    bookIndex: Pick<BookIndex, 'snapshot'>;
    passageStore: PassageReader;
    breakers: { qdrant: CircuitBreaker; sparse: CircuitBreaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
};

/** The passages of a ranking that the model reads; at most `limit`. */
export async function selectPassages(
  ranked: readonly Passage[],
  { limit, deps, signal }: SelectionDeps & { limit?: number | undefined },
): Promise<Passage[]> {
  const { bookIndex, settings } = deps;
  const adjacent = await loadAdjacentSections({ ranked, book: bookIndex.snapshot.book, deps, signal });
  const { passageBudget: budget, passageLimit, minScoreShare } = settings;
  return fitContext({ ranked, budget, limit: limit ?? passageLimit, minScoreShare, adjacent });
}

/** What the book says about a selected text, when no model can explain it. */
export async function searchSelection({
  question,
  deps,
  signal,
}: { question: Question } & SelectionDeps): Promise<Passage[]> {
  const { snapshot } = deps.bookIndex;
  const text = `${question.message}\n${question.selection ?? ''}`;
  const scope = readerScope(question, snapshot);
  const result = await lexicalSearch({ text, book: snapshot.book, scope, deps, signal }).catch(() => null);
  const ranked = (result?.hits ?? []).slice(0, 3).map((hit) => ({ ...hit, similarity: null }));
  const passages = await selectPassages(ranked, { deps, signal });
  return scope === null ? passages : passages.map((passage) => scope.present(passage));
}

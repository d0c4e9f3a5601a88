import type { PassageReader } from '../../collection/ports.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import type { BookIndex } from './book-index.ts';
import { loadAdjacentSections } from './adjacent-sections.ts';
import { fitContext } from './fit-context.ts';
import type { Passage, Question } from '../protocol.ts';
import { lexicalSearch } from './lexical-search.ts';
import type { ChatSettings } from '../settings.ts';

type SelectionDeps = {
  parts: {
    library: Pick<BookIndex, 'holding'>;
    store: PassageReader;
    breakers: { qdrant: CircuitBreaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
};

/** What the model is given to read of a ranking; at most `limit` sections. */
export async function selectPassages(
  ranked: readonly Passage[],
  { limit, parts, signal }: SelectionDeps & { limit?: number | undefined },
): Promise<Passage[]> {
  const { library, settings } = parts;
  const neighbour = await loadAdjacentSections({ ranked, holding: library.holding, parts, signal });
  const { passageBudget: budget, passageLimit, minScoreShare: share } = settings;
  return fitContext({ ranked, budget, limit: limit ?? passageLimit, share, neighbour });
}

/** What the book says about a marked text, when no model can explain it. */
export async function searchSelection({
  message,
  selection,
  parts,
  signal,
}: Pick<Question, 'message' | 'selection'> & SelectionDeps): Promise<Passage[]> {
  const { holding } = parts.library;
  const text = `${message}\n${selection ?? ''}`;
  const found = await lexicalSearch({ text, holding, parts, signal }).catch(() => null);
  const ranked = (found?.hits ?? []).slice(0, 3).map((hit) => ({ ...hit, similarity: 0 }));
  return selectPassages(ranked, { parts, signal });
}

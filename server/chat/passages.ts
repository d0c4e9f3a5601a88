import type { PassageReader } from '../index/ports.ts';
import type { Breaker } from './breaker.ts';
import type { Library } from './library.ts';
import { neighboursOf } from './neighbours.ts';
import { pack } from './pack.ts';
import type { Passage, Question } from './protocol.ts';
import { searchWords } from './search-words.ts';
import type { ChatSettings } from './settings.ts';

type Reading = {
  parts: {
    library: Pick<Library, 'holding'>;
    store: PassageReader;
    breakers: { qdrant: Breaker };
    settings: ChatSettings;
  };
  signal: AbortSignal;
};

/** What the model is given to read of a ranking; at most `limit` sections. */
export async function passagesOf(
  ranked: readonly Passage[],
  { limit, parts, signal }: Reading & { limit?: number | undefined },
): Promise<Passage[]> {
  const { library, settings } = parts;
  const neighbour = await neighboursOf({ ranked, holding: library.holding, parts, signal });
  const { passageBudget: budget, passageLimit, passageShare: share } = settings;
  return pack({ ranked, budget, limit: limit ?? passageLimit, share, neighbour });
}

/** What the book says about a marked text, when no model can explain it. */
export async function lookUp({
  message,
  selection,
  parts,
  signal,
}: Pick<Question, 'message' | 'selection'> & Reading): Promise<Passage[]> {
  const { holding } = parts.library;
  const text = `${message}\n${selection ?? ''}`;
  const found = await searchWords({ text, holding, parts, signal }).catch(() => null);
  const ranked = (found?.hits ?? []).slice(0, 3).map((hit) => ({ ...hit, similarity: 0 }));
  return passagesOf(ranked, { parts, signal });
}

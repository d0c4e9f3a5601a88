import type { PassageReader } from '../index/ports.ts';
import type { Breaker } from './breaker.ts';
import { textToSearch } from './follow-up.ts';
import type { Recollection } from './history.ts';
import type { Library } from './library.ts';
import { passagesOf } from './passages.ts';
import type { Passage, Question, Rung } from './protocol.ts';
import type { QueryVectors } from './query-vectors.ts';
import { isForeign, isSmallTalk } from './refusal.ts';
import { retrieve } from './retrieve.ts';
import type { ChatSettings } from './settings.ts';
import { tunedSettings } from './tuned-settings.ts';
import type { Turnstile } from './turnstile.ts';

/** What an answer is made of. */
export type Material = { passages: Passage[]; rungs: Rung[]; history: Question['history'] };

/** `foreign` is not in the book: its passages are the nearest ones. `bookless` is nothing to search. */
export type Found = ({ type: 'material' | 'foreign' } & Material) | { type: 'bookless' };

type Finding = {
  question: Question;
  recollection: Recollection;
  parts: {
    vectors: Pick<QueryVectors, 'of'>;
    store: PassageReader;
    searches: Turnstile;
    library: Pick<Library, 'holding' | 'opened'>;
    breakers: { qdrant: Breaker };
    settings: ChatSettings;
    log: (failure: unknown) => void;
  };
  signal: AbortSignal;
};

/**
 * What the book has for a question. Apart from what is done with it, so that nothing else of the search is held for as
 * long as an answer lasts. Throws the signal's reason alone.
 */
export async function find({ question, recollection, parts, signal }: Finding): Promise<Found> {
  const unsearched = withoutSearch(question);
  if (unsearched !== null)
    return { type: 'material', passages: [], rungs: [unsearched], history: await recollection.complete };
  await parts.library.opened({ ms: parts.settings.openingTimeoutMs });
  const { holding } = parts.library;
  const settings = tunedSettings(parts.settings, holding.tuning);
  const text = await textToSearch({ message: question.message, recollection });
  const [retrieved, history] = await Promise.all([
    parts.searches.pass(() => retrieve({ text, holding, parts: { ...parts, settings }, signal })),
    recollection.complete,
  ]);
  const { cosine, coverage, ranked, rungs } = retrieved;
  if (cosine === null && coverage === null) return { type: 'bookless' };
  if (isForeign(retrieved, settings.refusal))
    return { type: 'foreign', passages: ranked.slice(0, 3), rungs, history };
  const passages = await passagesOf(ranked, { parts, signal, limit: question.passages });
  return { type: 'material', passages, rungs, history };
}

/** Why nothing need be looked up; null when it must be. */
function withoutSearch({ mode, message }: Question): Rung | null {
  if (mode === 'selection') return 'selection';
  return isSmallTalk(message) ? 'small-talk' : null;
}

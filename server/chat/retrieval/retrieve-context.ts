import type { PassageReader } from '../../collection/ports.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { resolveSearchText } from './follow-up.ts';
import type { History } from '../history.ts';
import type { BookIndex } from './book-index.ts';
import { selectPassages } from './select-passages.ts';
import type { Passage, Question, Strategy } from '../protocol.ts';
import type { QueryVectors } from './query-vectors.ts';
import { isOffTopic, isSmallTalk } from './relevance-gate.ts';
import { hybridSearch } from './hybrid-search.ts';
import type { ChatSettings } from '../settings.ts';
import { calibratedSettings } from './calibrated-settings.ts';
import type { ConcurrencyLimit } from '../resilience/concurrency-limit.ts';

/** What an answer is made of. */
export type RetrievedContext = { passages: Passage[]; strategies: Strategy[]; history: Question['history'] };

/** `foreign` is not in the book: its passages are the nearest ones. `bookless` is nothing to search. */
export type RetrievalResult = ({ type: 'material' | 'foreign' } & RetrievedContext) | { type: 'bookless' };

type RetrievalRequest = {
  question: Question;
  recollection: History;
  parts: {
    vectors: Pick<QueryVectors, 'of'>;
    store: PassageReader;
    searches: ConcurrencyLimit;
    library: Pick<BookIndex, 'holding' | 'opened'>;
    breakers: { qdrant: CircuitBreaker };
    settings: ChatSettings;
    log: (failure: unknown) => void;
  };
  signal: AbortSignal;
};

/**
 * What the book has for a question. Apart from what is done with it, so that nothing else of the search is held for as
 * long as an answer lasts. Throws the signal's reason alone.
 */
export async function retrieveContext({
  question,
  recollection,
  parts,
  signal,
}: RetrievalRequest): Promise<RetrievalResult> {
  const unsearched = skipSearch(question);
  if (unsearched !== null)
    return { type: 'material', passages: [], strategies: [unsearched], history: await recollection.complete };
  await parts.library.opened({ ms: parts.settings.indexReadyTimeoutMs });
  const { holding } = parts.library;
  const settings = calibratedSettings(parts.settings, holding.calibration);
  const text = await resolveSearchText({ message: question.message, recollection });
  const [retrieved, history] = await Promise.all([
    parts.searches.run(() => hybridSearch({ text, holding, parts: { ...parts, settings }, signal })),
    recollection.complete,
  ]);
  const { cosine, coverage, ranked, strategies: rungs } = retrieved;
  if (cosine === null && coverage === null) return { type: 'bookless' };
  if (isOffTopic(retrieved, settings.relevance))
    return { type: 'foreign', passages: ranked.slice(0, 3), strategies: rungs, history };
  const passages = await selectPassages(ranked, { parts, signal, limit: question.passages });
  return { type: 'material', passages, strategies: rungs, history };
}

/** Why nothing need be looked up; null when it must be. */
function skipSearch({ mode, message }: Question): Strategy | null {
  if (mode === 'selection') return 'selection';
  return isSmallTalk(message) ? 'small-talk' : null;
}

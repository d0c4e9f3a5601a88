import type { LimitFunction } from 'p-limit';
import type { PassageReader } from '../../collection/ports.ts';
import type { History } from '../conversation/history.ts';
import type { Passage, Question, Strategy } from '../protocol.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import type { ChatSettings } from '../settings.ts';
import type { BookIndex } from '../book-index/book-index.ts';
import { calibratedSettings } from './calibrated-settings.ts';
import { isFollowUp, resolveSearchText } from './follow-up.ts';
import { hybridSearch, type HybridSearchResult } from './hybrid-search.ts';
import type { QueryVectors } from './query-vectors.ts';
import { isOffTopic, isSmallTalk } from './relevance-gate.ts';
import { searchEditions, type Elsewhere } from './search-editions.ts';
import { selectPassages } from './select-passages.ts';

/** What an answer is generated from. */
export type RetrievedContext = {
  passages: Passage[];
  strategies: Strategy[];
  history: Question['history'];
  /** What the search measured; null when the question needed none. */
  search: Pick<HybridSearchResult, 'cosine' | 'coverage' | 'vector'> | null;
  /** Where the passages are from, when that is not what the reader reads. */
  elsewhere?: Elsewhere | null;
};

/** `off-topic` carries the nearest passages. `no-index` means that there is nothing to search. */
export type RetrievalResult = ({ type: 'context' | 'off-topic' } & RetrievedContext) | { type: 'no-index' };

type RetrievalRequest = {
  question: Question;
  history: History;
  /** Searches by words alone, which costs no call to Gemini. */
  withoutVectors?: boolean;
  deps: {
    queryVectors: Pick<QueryVectors, 'vectorFor'>;
    passageStore: PassageReader;
    searchLimit: LimitFunction;
    bookIndex: Pick<BookIndex, 'snapshot' | 'whenReady'>;
    breakers: { qdrant: CircuitBreaker; sparse: CircuitBreaker };
    settings: ChatSettings;
    log: (failure: unknown) => void;
  };
  signal: AbortSignal;
};

/**
 * Retrieves what the book says about a question. A function of its own, so that nothing else of the search stays in
 * memory for as long as the answer is streamed. Throws only the signal's reason.
 */
export async function retrieveContext({
  question,
  history,
  withoutVectors = false,
  deps,
  signal,
}: RetrievalRequest): Promise<RetrievalResult> {
  const skipped = skipSearch(question);
  if (skipped !== null)
    return {
      type: 'context',
      passages: [],
      strategies: [skipped],
      history: await history.complete,
      search: null,
    };
  await deps.bookIndex.whenReady({ ms: deps.settings.indexReadyTimeoutMs });
  const { snapshot } = deps.bookIndex;
  const settings = calibratedSettings(deps.settings, snapshot.calibration);
  const text = await resolveSearchText({ message: question.message, history });
  const isRefused = (result: HybridSearchResult): boolean => isOffTopic(result, settings.relevance);
  const request = { text, snapshot, withoutVectors, deps: { ...deps, settings }, signal };
  const [{ result, scope, elsewhere }, entries] = await Promise.all([
    searchEditions({
      question,
      snapshot,
      search: (within) => deps.searchLimit(() => hybridSearch({ ...request, scope: within })),
      isOffTopic: isRefused,
    }),
    history.complete,
  ]);
  const { cosine, coverage, vector, ranked, strategies } = result;
  if (cosine === null && coverage === null) return { type: 'no-index' };
  const isOff = isRefused(result);
  const passages = isOff
    ? ranked.slice(0, 3)
    : await selectPassages(ranked, { deps, signal, limit: question.passages });
  return {
    type: isOff ? 'off-topic' : 'context',
    passages: scope === null ? passages : passages.map((passage) => scope.present(passage)),
    strategies,
    history: entries,
    search: { cosine, coverage, vector },
    elsewhere,
  };
}

/**
 * Asks for a question's vector while its conversation is still being looked up, unless the text that is searched for may
 * depend on that. The search then finds the vector, or waits for it.
 */
export async function embedEarly(
  question: Question,
  deps: Pick<RetrievalRequest['deps'], 'bookIndex' | 'queryVectors'> & {
    budget: { hasCalls: () => Promise<boolean> };
  },
): Promise<void> {
  const needsVector = skipSearch(question) === null && !isFollowUp(question.message);
  if (!needsVector || !deps.bookIndex.snapshot.vectors.usable || !(await deps.budget.hasCalls())) return;
  // A failure is that of the search, too.
  await deps.queryVectors.vectorFor(question.message).catch(() => null);
}

/** The strategy of a question that needs no search; null when it needs one. */
function skipSearch({ mode, message }: Question): Strategy | null {
  if (mode === 'selection') return 'selection';
  return isSmallTalk(message) ? 'small-talk' : null;
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LimitFunction } from 'p-limit';
import type { PassageReader } from '../collection/ports.ts';
import { allowLinksFrom } from '../links/allow-links.ts';
import { createLinkFilter, type LinkFilter } from '../links/link-filter.ts';
import { budgetUsed, type CallBudget } from './budget/call-budget.ts';
import { openAnswer, type AnswerSources } from './model/open-answer.ts';
import { maxAnswer, slicesOf } from './answer-slices.ts';
import { Citations } from './citations/citations.ts';
import type { CitedTexts } from './citations/cited-texts.ts';
import { orderSources, quoteSources } from './citations/quote-sources.ts';
import { editionNote } from './editions/edition-note.ts';
import { errorMessageFor, errorMessageForCode } from './error-messages.ts';
import { composeExtractiveAnswer, type ModelLimit } from './extractive-answer.ts';
import { loadHistory, type History } from './conversation/history.ts';
import { isRefusal, localiseRefusal } from './localise-refusal.ts';
import type { MessageStore } from './conversation/message-store.ts';
import { recogniseLanguage } from './recognise-language.ts';
import type { AnswerModel } from './ports.ts';
import {
  doneEvent,
  emitError,
  emitToken,
  emptyDraft,
  metadataEvent,
  noSources,
  noteSearch,
  persist,
  storeBeforeDone,
  type Draft,
} from './draft.ts';
import { toSource, type ChatEvent, type Question, type Strategy } from './protocol.ts';
import type { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { isBlockedAnswer } from './resilience/request-errors.ts';
import type { BookIndex } from './book-index/book-index.ts';
import type { QueryVectors } from './retrieval/query-vectors.ts';
import { retrieveContext, type RetrievedContext } from './retrieval/retrieve-context.ts';
import { searchSelection } from './retrieval/select-passages.ts';
import type { ChatSettings } from './settings.ts';

/** Everything that answering a question needs. */
export type ChatDeps = {
  queryVectors: Pick<QueryVectors, 'vectorFor'>;
  passageStore: PassageReader;
  answerModel: AnswerModel;
  answerSources: AnswerSources;
  budget: Pick<CallBudget, 'hasCalls'>;
  messageStore: MessageStore;
  /** Whether an answer is stored before its reader sees the end of it: another process may get the next question. */
  storesBeforeDone?: boolean;
  citedTexts: CitedTexts;
  /** Limits concurrent searches. */
  searchLimit: LimitFunction;
  bookIndex: Pick<BookIndex, 'snapshot' | 'whenReady'>;
  breakers: Record<'answers' | 'qdrant' | 'sparse' | 'postgres', CircuitBreaker>;
  settings: ChatSettings;
  /** Where the book is published: links to its pages there may leave in an answer. */
  bookOrigins: readonly string[];
  /** Receives every failure that degraded an answer; the user gets a sentence without details. */
  log: (failure: unknown) => void;
};

/**
 * Answers one question as events: one `metadata`, tokens, one `done`; an `error` before `done` when it failed. Never
 * throws for a failing service. Leaving the loop or aborting stops the model at once; the text so far is stored.
 */
export async function* answerQuestion({
  question,
  limit = null,
  deps,
  signal,
}: {
  question: Question;
  /** Why the model is not asked: the answer is then made of the book's own sentences, without any call to Gemini. */
  limit?: ModelLimit | null;
  deps: ChatDeps;
  signal: AbortSignal;
}): AsyncGenerator<ChatEvent> {
  const draft = emptyDraft(question);
  const { conversationId, turnId } = draft;
  const message = { id: turnId, turnId, conversationId, role: 'user', content: question.message } as const;
  const history = loadHistory({ question, message, deps, signal });
  deps.messageStore.add({ ...message, sources: null, status: 'complete' });
  try {
    const events = await respond({ question, limit, history, draft, deps, signal });
    yield* deps.storesBeforeDone === true ? storeBeforeDone(events, { draft, ...deps }) : events;
  } finally {
    persist(draft, deps.messageStore);
  }
}

type AnswerTask = {
  question: Question;
  limit: ModelLimit | null;
  history: History;
  draft: Draft;
  deps: ChatDeps;
  signal: AbortSignal;
};

/** Finds what the book says and chooses the kind of answer. */
async function respond(task: AnswerTask): Promise<AsyncIterable<ChatEvent> | Iterable<ChatEvent>> {
  const limit = task.limit ?? ((await task.deps.budget.hasCalls()) ? null : 'budget');
  const result = await retrieveContext({ ...task, withoutVectors: limit !== null });
  if (result.type === 'no-index') return answerWithoutIndex(task);
  noteSearch(task.draft, result);
  if (result.type === 'off-topic') return emitRefusal(task, result);
  if (limit !== null) return answerFromSections({ ...task, ...result, limit });
  return generate({ ...task, ...result });
}

/** Error codes of a book that cannot be searched, by the code of the collection's check. */
const noIndexCodes = new Map([
  ['qdrant-collection-missing', 'book-missing'],
  ['setting-unusable', 'setting-unusable'],
]);

/** There is nothing to search, which differs from finding nothing. */
function* answerWithoutIndex({ draft, deps }: AnswerTask): Generator<ChatEvent> {
  const { vectors, book } = deps.bookIndex.snapshot;
  const cause = vectors.usable ? '' : vectors.code;
  const error = errorMessageForCode(
    book.size > 0 ? 'book-away' : (noIndexCodes.get(cause) ?? 'book-not-loaded'),
  );
  yield metadataEvent(draft, []);
  yield* emitError({ draft, error });
}

function* emitRefusal(
  { draft, question }: AnswerTask,
  { passages, strategies }: RetrievedContext,
): Generator<ChatEvent> {
  draft.status = 'complete';
  draft.turn.verdict = 'refused';
  yield metadataEvent(draft, [...strategies, 'refused']);
  yield emitToken(draft, localiseRefusal(question.message));
  yield { ...doneEvent(draft), nearest: passages.map(toSource) };
}

type GenerationTask = Omit<AnswerTask, 'history'> & RetrievedContext;

async function* generate(task: GenerationTask): AsyncGenerator<ChatEvent> {
  const { draft, deps, passages, signal } = task;
  const citations = new Citations({ passages: passages.length });
  const links = linkFilterFor(task);
  draft.sources = () => orderSources(passages, citations.cited(), draft.text, deps.citedTexts);
  draft.cited = () => citations.cited().flatMap((index) => passages[index]?.section.url ?? []);
  const strategies = [...task.strategies];
  let hasStarted = false;
  let length = 0;
  try {
    for await (const chunk of openAnswer(task)) {
      if (chunk.type === 'model') {
        if (chunk.isSmaller) strategies.push('smaller-model');
        continue;
      }
      if (!hasStarted) yield metadataEvent(draft, strategies);
      hasStarted = true;
      for (const slice of slicesOf(chunk.type === 'text' ? chunk.text : '', { from: length })) {
        if (slice.isLater) await nextTurn();
        const content = links.push(citations.push(slice.text));
        if (content !== '') yield emitToken(draft, content);
      }
      length += chunk.type === 'text' ? chunk.text.length : 0;
      if (chunk.type === 'end') {
        draft.status = chunk.reason === 'length' ? 'stopped' : 'complete';
        draft.turn.tokens = chunk.usage ?? null;
      }
      if (length >= maxAnswer) break;
    }
    const rest = links.push(citations.end()) + links.end();
    if (rest !== '') yield emitToken(draft, rest);
  } catch (error) {
    signal.throwIfAborted();
    deps.log(error);
    const limit = error === budgetUsed ? 'budget' : null;
    if (hasStarted) yield* emitError({ draft, error: errorMessageFor(error) });
    else yield* answerFromSections({ ...task, limit }, error);
    return;
  }
  if (draft.status === 'stopped')
    yield { type: 'token', content: `\n\n${errorMessageForCode('answer-cut').message}` };
  draft.turn.verdict = citations.cited().length === 0 && isRefusal(draft.text) ? 'refused' : 'answered';
  if (draft.turn.verdict === 'answered') {
    yield* emitNote(task);
    yield doneEvent(draft);
  } else {
    draft.sources = noSources;
    yield { ...doneEvent(draft), nearest: passages.map(toSource) };
  }
}

/** Says where an answer is from that the reader's own edition does not have. */
function* emitNote({ draft, question, elsewhere }: GenerationTask): Generator<ChatEvent> {
  if (elsewhere == null) return;
  const note = editionNote({ ...elsewhere, language: recogniseLanguage(question.message) });
  yield emitToken(draft, `\n\n${note}`);
}

function linkFilterFor({ question, passages, deps }: GenerationTask): LinkFilter {
  const { book } = deps.bookIndex.snapshot;
  const paths = 'pages' in book ? book.pages : null;
  return createLinkFilter({
    isAllowed: allowLinksFrom({
      texts: [question.selection ?? '', ...passages.map(({ section }) => section.content)],
      pages: passages.map(({ section }) => section.url),
      origins: deps.bookOrigins,
      hasPage: (path) => paths?.has(path) === true,
    }),
  });
}

/** When the model fails or may not be asked, answers with sentences from the book where possible. */
async function* answerFromSections(task: GenerationTask, error: unknown = null): AsyncGenerator<ChatEvent> {
  const { question, draft, deps, signal } = task;
  const passages =
    question.mode === 'selection' ? await searchSelection({ question, deps, signal }) : task.passages;
  const { text, used } = composeExtractiveAnswer({
    message: question.message,
    passages,
    reason: task.limit ?? 'failed',
  });
  const strategies: Strategy[] = text === '' ? task.strategies : [...task.strategies, 'extractive'];
  yield metadataEvent(draft, strategies);
  if (text === '' || isBlockedAnswer(error)) {
    yield* emitError({ draft, error: errorMessageFor(error) });
    return;
  }
  const sources = quoteSources(used, text, used, deps.citedTexts);
  draft.sources = () => sources;
  draft.cited = () => sources.map(({ url }) => url);
  draft.status = 'complete';
  draft.turn.verdict = 'extractive';
  const links = linkFilterFor({ ...task, passages: used });
  yield emitToken(draft, links.push(text) + links.end());
  yield* emitNote(task);
  yield doneEvent(draft);
}

import { randomUUID } from 'node:crypto';
import type { PassageReader } from '../collection/ports.ts';
import { errorMessageFor, errorMessageForCode, type ErrorMessage } from './error-messages.ts';
import type { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { createCitations } from './citations.ts';
import { composeExtractiveAnswer } from './extractive-answer.ts';
import { retrieveContext, type RetrievedContext } from './retrieval/retrieve-context.ts';
import { loadHistory, type History } from './history.ts';
import { localiseRefusal } from './localise-refusal.ts';
import type { BookIndex } from './retrieval/book-index.ts';
import { createLinkFilter, allowLinksFrom } from '../links/link-filter.ts';
import { searchSelection } from './retrieval/select-passages.ts';
import { askModel } from './ask-model.ts';
import { isBlockedAnswer } from './resilience/request-errors.ts';
import type { AnswerModel, AnswerChunk, AnswerStatus } from './ports.ts';
import { composePrompt } from './prompt.ts';
import {
  toSource,
  type ChatEvent,
  type Passage,
  type Question,
  type Strategy,
  type Source,
} from './protocol.ts';
import type { QueryVectors } from './retrieval/query-vectors.ts';
import type { ChatSettings } from './settings.ts';
import type { MessageStore } from './message-store.ts';
import type { ConcurrencyLimit } from './resilience/concurrency-limit.ts';

export type ChatDeps = {
  vectors: Pick<QueryVectors, 'of'>;
  store: PassageReader;
  answers: AnswerModel;
  turns: MessageStore;
  /** Questions that are searched for at once. */
  searches: ConcurrencyLimit;
  library: Pick<BookIndex, 'holding' | 'opened'>;
  breakers: { answers: CircuitBreaker; qdrant: CircuitBreaker; postgres: CircuitBreaker };
  settings: ChatSettings;
  /** Told what made an answer worse or fail; the reader is told in other words. */
  log: (failure: unknown) => void;
};

/** What is known of one answer while it is made. */
type Draft = { conversationId: string; text: string; sources: () => Source[]; status: AnswerStatus };

/**
 * One question, answered as events: one `metadata`, tokens, one `done`; an `error` before `done` when it failed.
 * Never throws for a failing service. Leaving the loop or the signal stops the model at once, and what was
 * written by then is kept.
 */
export async function* answerQuestion({
  question,
  parts,
  signal,
}: {
  question: Question;
  parts: ChatDeps;
  signal: AbortSignal;
}): AsyncGenerator<ChatEvent> {
  const conversationId = question.conversationId ?? randomUUID();
  const draft: Draft = { conversationId, text: '', sources: noSources, status: 'stopped' };
  const asked = { id: randomUUID(), conversationId, role: 'user', content: question.message } as const;
  const recollection = loadHistory({ question, asked, parts, signal });
  parts.turns.add({ ...asked, sources: null, status: 'complete' });
  try {
    yield* respond({ question, recollection, draft, parts, signal });
  } finally {
    persist(draft, parts.turns);
  }
}

/** Before anything was found. */
const noSources = (): Source[] => [];

/** An apology is no answer: it never gets into the draft, and what has no word of its own is not stored. */
function persist({ conversationId, text, sources, status }: Draft, turns: MessageStore): void {
  if (text === '') return;
  turns.add({
    id: randomUUID(),
    conversationId,
    role: 'assistant',
    content: text,
    sources: sources(),
    status,
  });
}

/** A token that belongs to the answer. */
function emitToken(draft: Draft, content: string): ChatEvent {
  draft.text += content;
  return { type: 'token', content };
}

type AnswerTask = {
  question: Question;
  recollection: History;
  draft: Draft;
  parts: ChatDeps;
  signal: AbortSignal;
};

async function* respond(work: AnswerTask): AsyncGenerator<ChatEvent> {
  const found = await retrieveContext(work);
  if (found.type === 'bookless') yield* answerWithoutIndex(work);
  else if (found.type === 'foreign') yield* emitRefusal(work, found);
  else yield* generate({ ...work, ...found });
}

/** Why there is no book, by what the look at its collection ended with. */
const noIndexCodes: Partial<Record<string, string>> = {
  'qdrant-collection-missing': 'book-missing',
  'setting-unusable': 'setting-unusable',
};

/** Nothing to search is another thing than nothing found. */
function* answerWithoutIndex({ draft, parts }: AnswerTask): Generator<ChatEvent> {
  const { vectors: dense, size } = parts.library.holding;
  const why = dense.usable ? '' : dense.code;
  const apology = errorMessageForCode(size > 0 ? 'book-away' : (noIndexCodes[why] ?? 'book-not-loaded'));
  yield { type: 'metadata', conversationId: draft.conversationId, strategies: [] };
  yield* emitError({ draft, apology });
}

function* emitRefusal(
  { draft, question }: AnswerTask,
  { passages, strategies: rungs }: RetrievedContext,
): Generator<ChatEvent> {
  const sources = passages.map(toSource);
  draft.sources = () => sources;
  draft.status = 'complete';
  yield { type: 'metadata', conversationId: draft.conversationId, strategies: [...rungs, 'refused'] };
  yield emitToken(draft, localiseRefusal(question.message));
  yield { type: 'done', conversationId: draft.conversationId, sources };
}

type GenerationTask = AnswerTask & RetrievedContext;

async function* generate(work: GenerationTask): AsyncGenerator<ChatEvent> {
  const { question, draft, parts, passages, signal } = work;
  const citations = createCitations({ passages: passages.length });
  const links = createLinkFilter({
    isKnown: allowLinksFrom(
      [question.selection ?? '', ...passages.map(({ section }) => section.content)],
      passages.map(({ section }) => section.url),
    ),
  });
  const metadata = { type: 'metadata', conversationId: draft.conversationId } as const;
  draft.sources = () => orderSources(passages, citations.cited());
  let begun = false;
  try {
    for await (const piece of promptModel(work)) {
      const content =
        piece.type === 'text'
          ? links.push(citations.push(piece.text))
          : links.push(citations.end()) + links.end();
      if (!begun) yield { ...metadata, strategies: work.strategies };
      begun = true;
      if (content !== '') yield emitToken(draft, content);
      if (piece.type === 'end') draft.status = piece.reason === 'length' ? 'stopped' : 'complete';
    }
  } catch (error) {
    signal.throwIfAborted();
    parts.log(error);
    if (begun) yield* emitError({ draft, apology: errorMessageFor(error) });
    else yield* answerFromSections(work, error);
    return;
  }
  if (draft.status === 'stopped')
    yield { type: 'token', content: `\n\n${errorMessageForCode('answer-cut').message}` };
  yield { type: 'done', conversationId: draft.conversationId, sources: draft.sources() };
}

function promptModel({
  question,
  passages,
  history,
  parts,
  signal,
}: GenerationTask): AsyncIterable<AnswerChunk> {
  const prompt = composePrompt({
    message: question.message,
    passages,
    selection: question.mode === 'selection' ? question.selection : null,
    history,
    // Twelve random digits, of which Node keeps a store; `randomBytes` would ask the system each time.
    nonce: randomUUID().slice(0, 13),
  });
  return askModel({ prompt, parts, signal });
}

/** Cited ones first, in the order of their markers; then those that were only read. */
function orderSources(passages: readonly Passage[], cited: readonly number[]): Source[] {
  const rest = Array.from(passages.keys()).filter((index) => !cited.includes(index));
  return [...cited, ...rest].flatMap((index) => {
    const passage = passages[index];
    return passage === undefined ? [] : [toSource(passage)];
  });
}

function* emitError({ draft, apology }: { draft: Draft; apology: ErrorMessage }): Generator<ChatEvent> {
  const { code, message } = apology;
  draft.status = 'failed';
  draft.sources = noSources;
  yield { type: 'token', content: draft.text === '' ? message : `\n\n${message}` };
  yield { type: 'error', code, message };
  yield { type: 'done', conversationId: draft.conversationId, sources: [] };
}

/** The model is down: the book speaks for itself where it can. */
async function* answerFromSections(work: GenerationTask, error: unknown): AsyncGenerator<ChatEvent> {
  const { question, draft, parts, signal } = work;
  const passages =
    question.mode === 'selection' ? await searchSelection({ ...question, parts, signal }) : work.passages;
  const { text, used } = composeExtractiveAnswer({ message: question.message, passages });
  const rungs: Strategy[] = text === '' ? work.strategies : [...work.strategies, 'extractive'];
  yield { type: 'metadata', conversationId: draft.conversationId, strategies: rungs };
  if (text === '' || isBlockedAnswer(error)) {
    yield* emitError({ draft, apology: errorMessageFor(error) });
    return;
  }
  const sources = used.map(toSource);
  draft.sources = () => sources;
  draft.status = 'complete';
  yield emitToken(draft, text);
  yield { type: 'done', conversationId: draft.conversationId, sources };
}

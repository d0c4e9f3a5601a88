import type { ErrorMessage } from './error-messages.ts';
import type { MessageStore } from './conversation/message-store.ts';
import { newId } from './conversation/new-id.ts';
import type { AnswerStatus, TurnRecord } from './ports.ts';
import type { ChatEvent, Question, Source, Strategy } from './protocol.ts';
import type { RetrievedContext } from './retrieval/retrieve-context.ts';
import { settleWithin } from './resilience/deadline.ts';

/** The answer as far as it is written. */
export type Draft = {
  conversationId: string;
  /** The id of the question. */
  turnId: string;
  /** The id under which the answer is stored. */
  messageId: string;
  text: string;
  sources: () => Source[];
  status: AnswerStatus;
  /** Kept with the answer. */
  turn: Omit<TurnRecord, 'cited' | 'ms'>;
  /** Addresses of the sections that the text cites. */
  cited: () => string[];
  /** Of the monotonic clock, in milliseconds. */
  startedAt: number;
  /** Whether it has been handed over for storing. */
  isPersisted: boolean;
};

/** The sources of an answer that rests on none. */
export const noSources = (): Source[] => [];
const nothingCited = (): string[] => [];

/** An answer of which nothing is written yet. */
export function emptyDraft({ conversationId, page, version, locale }: Question): Draft {
  return {
    conversationId: conversationId ?? newId(),
    turnId: newId(),
    messageId: newId(),
    text: '',
    sources: noSources,
    status: 'stopped',
    turn: {
      verdict: 'stopped',
      strategies: [],
      cosine: null,
      coverage: null,
      vector: null,
      nearest: [],
      tokens: null,
      page,
      version: version ?? null,
      locale: locale ?? null,
    },
    cited: nothingCited,
    startedAt: performance.now(),
    isPersisted: false,
  };
}

/** Sections that are kept as the nearest to a question. */
const keptPassages = 3;

/** Keeps what was found. */
export function noteSearch({ turn }: Draft, { search, passages }: RetrievedContext): void {
  Object.assign(turn, search);
  turn.nearest = passages.slice(0, keptPassages).map(({ section }) => section.url);
}

/** The first event of an answer. */
export function metadataEvent(draft: Draft, strategies: Strategy[]): ChatEvent {
  draft.turn.strategies = strategies;
  return { type: 'metadata', conversationId: draft.conversationId, strategies };
}

/**
 * Once only. Error messages are never part of the draft: of an answer without text of its own, only what is known about
 * it is stored.
 */
export function persist(draft: Draft, messageStore: MessageStore): void {
  const { conversationId, turnId, messageId, text, sources, status, turn, cited, startedAt } = draft;
  if (draft.isPersisted) return;
  draft.isPersisted = true;
  messageStore.add({
    id: messageId,
    conversationId,
    turnId,
    role: 'assistant',
    content: text,
    sources: sources(),
    status,
    turn: { ...turn, cited: cited(), ms: Math.round(performance.now() - startedAt) },
  });
}

/** How long the end of an answer waits for a slow database, in milliseconds. */
const storeWaitMs = 3_000;

/** The events as they come, with question and answer stored before `done`, as far as the database takes them in time. */
export async function* storeBeforeDone(
  events: AsyncIterable<ChatEvent> | Iterable<ChatEvent>,
  { draft, messageStore }: { draft: Draft; messageStore: MessageStore },
): AsyncGenerator<ChatEvent> {
  for await (const event of events) {
    if (event.type === 'done') {
      persist(draft, messageStore);
      await settleWithin({ ms: storeWaitMs }, messageStore.flushed());
    }
    yield event;
  }
}

/** A token that is part of the answer. */
export function emitToken(draft: Draft, content: string): ChatEvent {
  draft.text += content;
  return { type: 'token', content };
}

/** An answer without text of its own is not stored, so it has no id. */
export function doneEvent(draft: Draft): Extract<ChatEvent, { type: 'done' }> {
  const { conversationId, messageId, text } = draft;
  const sources = draft.sources();
  // The same are stored.
  draft.sources = () => sources;
  return { type: 'done', conversationId, messageId: text === '' ? null : messageId, sources };
}

/** Ends an answer with a readable sentence and the error's code. */
export function* emitError({ draft, error }: { draft: Draft; error: ErrorMessage }): Generator<ChatEvent> {
  const { code, message } = error;
  draft.status = 'failed';
  draft.turn.verdict = 'failed';
  draft.sources = noSources;
  draft.cited = nothingCited;
  yield { type: 'token', content: draft.text === '' ? message : `\n\n${message}` };
  yield { type: 'error', code, message };
  yield doneEvent(draft);
}

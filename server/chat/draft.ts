import type { ErrorMessage } from './error-messages.ts';
import type { MessageStore } from './conversation/message-store.ts';
import type { AnswerStatus } from './ports.ts';
import type { ChatEvent, Source } from './protocol.ts';
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
  /** Whether it has been handed over for storing. */
  isPersisted: boolean;
};

/** The sources of an answer that rests on none. */
export const noSources = (): Source[] => [];

/** Once only. Error messages are never part of the draft, so an answer without text of its own is not stored. */
export function persist(draft: Draft, messageStore: MessageStore): void {
  const { conversationId, turnId, messageId, text, sources, status } = draft;
  if (text === '' || draft.isPersisted) return;
  draft.isPersisted = true;
  messageStore.add({
    id: messageId,
    conversationId,
    turnId,
    role: 'assistant',
    content: text,
    sources: sources(),
    status,
  });
}

/** How long the end of an answer waits for a slow database, in milliseconds. */
const storeWaitMs = 3_000;

/** The events as they come, with question and answer stored before `done`, as far as the database takes them in time. */
export async function* storeBeforeDone(
  events: AsyncIterable<ChatEvent>,
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
export function doneEvent({
  conversationId,
  messageId,
  text,
  sources,
}: Draft): Extract<ChatEvent, { type: 'done' }> {
  return { type: 'done', conversationId, messageId: text === '' ? null : messageId, sources: sources() };
}

/** Ends an answer with a readable sentence and the error's code. */
export function* emitError({ draft, error }: { draft: Draft; error: ErrorMessage }): Generator<ChatEvent> {
  const { code, message } = error;
  draft.status = 'failed';
  draft.sources = noSources;
  yield { type: 'token', content: draft.text === '' ? message : `\n\n${message}` };
  yield { type: 'error', code, message };
  yield doneEvent(draft);
}

import type { ErrorMessage } from './error-messages.ts';
import type { MessageStore } from './conversation/message-store.ts';
import type { AnswerStatus } from './ports.ts';
import type { ChatEvent, Source } from './protocol.ts';

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
};

/** The sources of an answer that rests on none. */
export const noSources = (): Source[] => [];

/** Error messages are never part of the draft, so an answer without text of its own is not stored. */
export function persist(
  { conversationId, turnId, messageId, text, sources, status }: Draft,
  messageStore: MessageStore,
): void {
  if (text === '') return;
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

import type { ChatEvent } from '../../chat/protocol.ts';

/**
 * Serialises one event as existing frontends parse it: four keys in this order, nulls included, and then our additions.
 * `done` never carries text, since some widgets would print it again.
 */
export function wireEvent(
  event: ChatEvent,
  { session, requestId }: { session: string | null; requestId: string },
): string {
  const extra = session === null ? {} : { session_id: session };
  switch (event.type) {
    case 'metadata':
      return frame(
        { type: 'metadata', conversation_id: event.conversationId },
        { rungs: event.strategies, ...extra },
      );
    case 'token':
      return frame({ type: 'token', content: event.content });
    case 'error':
      return frame({ type: 'error' }, { code: event.code, message: event.message, request_id: requestId });
    case 'done':
      return frame({ type: 'done', sources: event.sources, conversation_id: event.conversationId }, extra);
    default:
      return event satisfies never;
  }
}

function frame(
  {
    type,
    content = null,
    sources = null,
    conversation_id: conversationId = null,
  }: {
    type: ChatEvent['type'];
    content?: string | null;
    sources?: unknown;
    conversation_id?: string | null;
  },
  extra: Record<string, unknown> = {},
): string {
  return JSON.stringify({ type, content, sources, conversation_id: conversationId, ...extra });
}

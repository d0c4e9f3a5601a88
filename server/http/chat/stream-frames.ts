import type { ChatEvent } from '../../chat/protocol.ts';
import type { StreamForm } from './reply-form.ts';

/** What every event of one answer may carry. */
export type StreamEnvelope = {
  /** The client's own name for its conversation, returned to it. */
  session: string | null;
  requestId: string;
};

/**
 * Serialises one event as its client parses it: whole frames with their blank line. The text is in one field only, and
 * never in the last event: some widgets would print it again.
 */
export function streamFrames(form: StreamForm, event: ChatEvent, envelope: StreamEnvelope): string {
  return serialisers[form](event, envelope);
}

const serialisers: Record<StreamForm, (event: ChatEvent, envelope: StreamEnvelope) => string> = {
  canonical: (event, envelope) => frame(canonicalEvent(event, envelope)),
  'message-events': messageEvent,
  'delta-events': (event, envelope) => frame(deltaEvent(event, envelope)),
  'data-events': dataEvent,
};

function frame(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Four keys in this order, nulls included, and then our additions: the events of the FastAPI server. */
function canonicalEvent(event: ChatEvent, { session, requestId }: StreamEnvelope): Record<string, unknown> {
  const sessionField = session === null ? {} : { session_id: session };
  const fourKeys = { type: event.type, content: null, sources: null, conversation_id: null };
  switch (event.type) {
    case 'metadata':
      return { ...fourKeys, conversation_id: event.conversationId, rungs: event.strategies, ...sessionField };
    case 'token':
      return { ...fourKeys, content: event.content };
    case 'error':
      return { ...fourKeys, code: event.code, message: event.message, request_id: requestId };
    case 'done':
      return { ...fourKeys, sources: event.sources, ...idsOf(event), ...nearestOf(event), ...sessionField };
    default:
      return event satisfies never;
  }
}

type DoneEvent = Extract<ChatEvent, { type: 'done' }>;

const idsOf = ({ conversationId, messageId }: DoneEvent) => ({
  conversation_id: conversationId,
  message_id: messageId,
});
const nearestOf = ({ nearest }: DoneEvent) => (nearest === undefined ? {} : { nearest });

/** `event: message` with token objects, one citation object for each source, and `event: done`. */
function messageEvent(event: ChatEvent, { session, requestId }: StreamEnvelope): string {
  const sessionField = session === null ? {} : { session_id: session };
  switch (event.type) {
    case 'metadata':
      return frame({ type: 'metadata', conversation_id: event.conversationId, ...sessionField }, 'message');
    case 'token':
      return frame({ type: 'token', content: event.content }, 'message');
    case 'error':
      return frame(
        { type: 'error', code: event.code, message: event.message, request_id: requestId },
        'error',
      );
    case 'done':
      return [
        ...event.sources.map((source) =>
          frame({ type: 'citation', citation: source, citations: [source] }, 'message'),
        ),
        frame(
          { type: 'done', sources: event.sources, ...idsOf(event), ...nearestOf(event), ...sessionField },
          'done',
        ),
      ].join('');
    default:
      return event satisfies never;
  }
}

/** `{delta}` objects and one `{done: true}` with the sources. */
function deltaEvent(event: ChatEvent, { session, requestId }: StreamEnvelope): Record<string, unknown> {
  const sessionField = session === null ? {} : { session_id: session };
  switch (event.type) {
    case 'metadata':
      return { type: 'start', conversation_id: event.conversationId, ...sessionField };
    case 'token':
      return { type: 'delta', delta: event.content };
    case 'error':
      return { type: 'error', error: event.message, code: event.code, request_id: requestId };
    case 'done':
      return {
        type: 'done',
        done: true,
        sources: event.sources,
        citations: event.sources,
        ...idsOf(event),
        ...nearestOf(event),
        ...sessionField,
      };
    default:
      return event satisfies never;
  }
}

/** `{type, data}` objects: pieces of the text, then the list of sources. */
function dataEvent(event: ChatEvent, { session, requestId }: StreamEnvelope): string {
  const sessionField = session === null ? {} : { session_id: session };
  switch (event.type) {
    case 'metadata':
      return frame({ type: 'start', conversation_id: event.conversationId, ...sessionField });
    case 'token':
      return frame({ type: 'delta', data: event.content });
    case 'error':
      return frame({ type: 'error', data: event.message, code: event.code, request_id: requestId });
    case 'done':
      return [
        frame({ type: 'sources', data: event.sources }),
        frame({
          type: 'done',
          sources: event.sources,
          ...idsOf(event),
          ...nearestOf(event),
          ...sessionField,
        }),
      ].join('');
    default:
      return event satisfies never;
  }
}

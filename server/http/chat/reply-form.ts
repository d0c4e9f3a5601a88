/** The events of a stream: the canonical ones, or those of clients that name theirs otherwise. */
export type StreamForm = 'canonical' | 'message-events' | 'delta-events' | 'data-events';
/** Whether sources and citations are objects or addresses: some clients fail on objects, some on strings. */
export type JsonForm = { sources: 'objects' | 'urls'; citations: 'objects' | 'urls' };
/** The form of the answer to one request. */
export type ReplyForm = { transport: 'sse'; stream: StreamForm } | { transport: 'json'; json: JsonForm };

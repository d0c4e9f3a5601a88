import { setImmediate as nextTurn } from 'node:timers/promises';
import { HttpError } from '../http-error.ts';

/** A message of the protocol, and whether answering it may embed a query. */
export type McpCall = { message: unknown; withoutVectors: boolean };

/** Messages of a batch. */
const maxBatch = 100;
/** The only revision with batches, and the one that a client without the header speaks. */
const batchRevision = '2025-03-26';

/** The messages of a request: several in a batch of JSON-RPC, which a server of 2025-03-26 has to accept. */
export function messagesOf(body: unknown, revision = batchRevision): unknown[] {
  if (!Array.isArray(body) || body.length === 0) return [body];
  if (revision === batchRevision && body.length <= maxBatch) return body;
  throw new HttpError({
    status: 400,
    code: 'request-invalid',
    message: `Send one message a request. Only revision ${batchRevision} has batches, of ${maxBatch} messages at most.`,
  });
}

/**
 * The replies to a batch as server-sent events, each made when the client has read those before it. Other requests have a
 * turn between two calls. Empty for a batch of notifications.
 */
export async function* batchEvents(
  calls: readonly McpCall[],
  answer: (call: McpCall) => Promise<Response>,
): AsyncGenerator<string> {
  for (const call of calls) {
    const response = await answer(call);
    const text = await response.text();
    const isEvent = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (text !== '') yield isEvent ? text : `event: message\ndata: ${text}\n\n`;
    await nextTurn();
  }
}

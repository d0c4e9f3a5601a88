import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { McpEndpoint } from '../../mcp/mcp-endpoint.ts';
import { checkOrigin } from '../chat/check-origin.ts';
import { markPersonal } from '../personal-reply.ts';
import { batchEvents, messagesOf, type McpCall } from './mcp-batch.ts';
import { bookTimeoutMs, type BookRouteOptions } from './book-route-options.ts';

const path = '/mcp';

/**
 * `POST /mcp`: the book for agents, by the Model Context Protocol. No request depends on another, so there
 * is no stream to open and no session to end. The protocol's code is a file of its own, loaded with the first request.
 */
export function mcpRoute(
  app: FastifyInstance,
  {
    reader,
    rateLimits,
    clientOf,
    originRule,
    bookTitle,
    version,
  }: BookRouteOptions & { bookTitle: string; version: string },
): void {
  let endpoint: Promise<McpEndpoint> | undefined;
  const load = async (): Promise<McpEndpoint> => {
    const { createMcpEndpoint } = await import('../../mcp/mcp-endpoint.ts');
    return createMcpEndpoint({ reader, bookTitle, version });
  };
  app.post(path, async (request, reply) => {
    markPersonal(reply);
    checkOrigin(request, originRule);
    const headers = headersOf(request);
    const client = clientOf(request);
    // Each counts, and all before the first is answered: a batch far above the rate is refused whole.
    const calls = messagesOf(request.body, headers.get('mcp-protocol-version') ?? undefined).map(
      (message): McpCall => ({ message, withoutVectors: !rateLimits.allowsQuestion(client) }),
    );
    const { answer } = await (endpoint ??= load());
    const answerCall = ({ message, withoutVectors }: McpCall): Promise<Response> => {
      const signal = AbortSignal.timeout(bookTimeoutMs);
      const single = new Request(`http://localhost${path}`, { method: 'POST', headers, signal });
      return answer({ request: single, body: message, withoutVectors });
    };
    const [call, ...others] = calls;
    return call !== undefined && others.length === 0
      ? sendResponse(reply, await answerCall(call))
      : sendBatch(reply, batchEvents(calls, answerCall));
  });
}

function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, String(value));
  return headers;
}

/** Without a body for a notification, as the protocol demands. */
async function sendResponse(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status);
  for (const [name, value] of response.headers) reply.header(name, value);
  return response.body === null ? reply.send() : reply.send(Buffer.from(await response.arrayBuffer()));
}

/** Streamed: a hundred lists of a large book are 90 MB. */
async function sendBatch(reply: FastifyReply, events: AsyncGenerator<string>): Promise<FastifyReply> {
  const first = await events.next();
  if (first.done === true) return reply.code(202).send();
  async function* all(): AsyncGenerator<string> {
    yield first.value;
    yield* events;
  }
  return reply.type('text/event-stream').send(Readable.from(all()));
}

import type { FastifyInstance } from 'fastify';
import type { McpEndpoint } from '../../mcp/mcp-endpoint.ts';
import { checkOrigin } from '../chat/check-origin.ts';
import { markPersonal } from '../personal-reply.ts';
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
    const isWithinRate = rateLimits.allowsQuestion(clientOf(request));
    const signal = AbortSignal.timeout(bookTimeoutMs);
    endpoint ??= load();
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers.set(name, String(value));
    const response = await (
      await endpoint
    ).answer({
      request: new Request(`http://localhost${path}`, { method: 'POST', headers, signal }),
      body: request.body,
      withoutVectors: !isWithinRate,
    });
    reply.code(response.status);
    for (const [name, value] of response.headers) reply.header(name, value);
    return reply.send(response.body === null ? null : Buffer.from(await response.arrayBuffer()));
  });
}

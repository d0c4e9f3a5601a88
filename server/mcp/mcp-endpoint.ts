import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { BookReader } from '../book/book-reader.ts';
import { addBookResources } from './book-resources.ts';
import { addBookTools } from './book-tools.ts';

/** The Model Context Protocol over HTTP, without sessions: one request, one JSON reply. */
export type McpEndpoint = {
  /** `withoutVectors` forbids the call that embeds a query. */
  answer(exchange: { request: Request; body: unknown; withoutVectors: boolean }): Promise<Response>;
};

/** Serves the revisions of the protocol since 2025 and since July 2026. Loaded as `mcp.js`, apart from the server's own file. */
export function createMcpEndpoint({
  reader,
  bookTitle,
  version,
}: {
  reader: BookReader;
  bookTitle: string;
  version: string;
}): McpEndpoint {
  const serverFor = (withoutVectors: boolean) => (): McpServer => {
    const server = new McpServer(
      { name: 'rag-space-setup', title: bookTitle, version },
      {
        instructions: `The text of the book “${bookTitle}”. Search it, then read the sections that matter and cite their addresses.`,
      },
    );
    addBookTools(server, { reader, withoutVectors });
    addBookResources(server, reader);
    return server;
  };
  const handlers = {
    whole: createMcpHandler(serverFor(false), { responseMode: 'json' }),
    withoutVectors: createMcpHandler(serverFor(true), { responseMode: 'json' }),
  };
  return {
    answer: ({ request, body, withoutVectors }) =>
      handlers[withoutVectors ? 'withoutVectors' : 'whole'].fetch(request, { parsedBody: body }),
  };
}

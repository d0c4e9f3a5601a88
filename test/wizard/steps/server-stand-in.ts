/** A server that answers by a test's script, on a loopback port. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Script = {
  /** Body of /api/health; anything but healthy is answered with 503. */
  health: () => object;
  /** Events of the answer. */
  chat: () => readonly object[];
  /** The origin that may read its answers; null for none. */
  allows: string | null;
};

export async function startServer(script: Partial<Script>): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (script.allows != null) response.setHeader('access-control-allow-origin', script.allows);
    request.resume();
    if (request.url === '/api/health') return sendHealth(response, script);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of script.chat?.() ?? []) response.write(`data: ${JSON.stringify(event)}\n\n`);
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendHealth(response: ServerResponse, { health }: Partial<Script>): void {
  const body = { status: 'healthy', timestamp: '2026-11-23T00:00:00Z', ...health?.() };
  response.writeHead(body.status === 'healthy' ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

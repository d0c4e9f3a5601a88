import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { HealthResponse } from './health-routes.ts';

/** The server's socket, open before the rest of the server is loaded. */
export type EarlyListener = {
  /**
   * Passes waiting and all later requests to `handler`. Health checks by programs stay here, where an answer costs a
   * fraction of what it costs in Fastify.
   */
  attach(handler: RequestListener, health: () => HealthResponse): void;
  /** Accepts no more connections and closes the open ones. */
  close(): Promise<void>;
};

const maxWaiting = 500;

/**
 * Time limits in milliseconds for a request's head, the whole request and a connection between two requests, and how often
 * the first two are checked. All end a connection whose client has vanished within a minute.
 */
export type SocketTimeouts = { head: number; request: number; idle: number; checkInterval: number };

export const socketTimeouts: SocketTimeouts = {
  head: 15_000,
  request: 30_000,
  idle: 50_000,
  checkInterval: 5_000,
};

/**
 * Listens at once with nothing but node:http, so that clients see `starting` instead of a refused connection. Answers
 * liveness and health itself; other requests wait for the server. A request that arrives too slowly gets 408. Rejects
 * with the socket's error.
 */
export async function openEarlyListener({
  host,
  port,
  times = socketTimeouts,
}: {
  host: string;
  port: number;
  times?: SocketTimeouts;
}): Promise<EarlyListener> {
  let handler: RequestListener | null = null;
  let health = starting;
  const waiting: [IncomingMessage, ServerResponse][] = [];
  const limits = {
    headersTimeout: times.head,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.checkInterval,
    keepAliveTimeout: times.idle,
  };
  const server = createServer(limits, (request, response) => {
    if (answerHealthCheck(request, response, health)) return;
    if (handler !== null) handler(request, response);
    else if (waiting.length < maxWaiting) waiting.push([request, response]);
    else sendHealth(response, starting());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, resolve);
  });
  return {
    attach(attachedHandler, currentHealth) {
      handler = attachedHandler;
      health = currentHealth;
      for (const [request, response] of waiting.splice(0))
        if (!response.destroyed) attachedHandler(request, response);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const alive: HealthResponse = { code: 200, body: JSON.stringify({ status: 'alive' }) };

/** False for a browser's cross-origin request: its answer needs CORS headers, which the server sets. */
function answerHealthCheck(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  health: () => HealthResponse,
): boolean {
  if (method !== 'GET' || headers.origin !== undefined) return false;
  if (url === '/api/live') sendHealth(response, alive);
  else if (url === '/api/health') sendHealth(response, health());
  else return false;
  return true;
}

function starting(): HealthResponse {
  const report = {
    status: 'starting',
    message: 'Application is still initializing',
    timestamp: new Date().toISOString(),
  };
  return { code: 503, body: JSON.stringify(report) };
}

function sendHealth(response: ServerResponse, { code, body }: HealthResponse): void {
  response.writeHead(code, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

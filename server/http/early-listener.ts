import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { HealthResponse } from './health-routes.ts';

/** The server's socket, open before the server is loaded. */
export type EarlyListener = {
  /**
   * What came meanwhile is given to `handler`, and all that comes from now on; but for a program's looks at liveness
   * and health, which are answered here as before: at a fraction of what a whole server takes for it.
   */
  attach(handler: RequestListener, health: () => HealthResponse): void;
  /** Takes nobody else in, and closes what is still open. */
  close(): Promise<void>;
};

const maxWaiting = 500;

/** Milliseconds in which a request's head, and all of it, must have come; and how often that is looked at. */
export type SocketTimeouts = { head: number; request: number; checkInterval: number };

export const socketTimeouts: SocketTimeouts = { head: 15_000, request: 30_000, checkInterval: 5_000 };

/**
 * Listens at once and with nothing but node:http, so that whoever asks sees `starting` and not a refused
 * connection. Liveness and health are answered by itself; whatever else comes waits for the server. A request that
 * trickles in is answered 408 and cut off. Rejects with the socket's error.
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
    keepAliveTimeout: 75_000,
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
    attach(given, healthNow) {
      handler = given;
      health = healthNow;
      for (const [request, response] of waiting.splice(0)) if (!response.destroyed) given(request, response);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const alive: HealthResponse = { code: 200, body: JSON.stringify({ status: 'alive' }) };

/** A browser's question is the server's: the answer needs the origins that are allowed. */
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

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { HealthAnswer } from './health.ts';

/** The server's socket, open before the server is loaded. */
export type Door = {
  /**
   * What came meanwhile is given to `handler`, and all that comes from now on; but for a program's looks at liveness
   * and health, which are answered here as before: at a fraction of what a whole server takes for it.
   */
  handOver(handler: RequestListener, health: () => HealthAnswer): void;
  /** Takes nobody else in, and closes what is still open. */
  close(): Promise<void>;
};

const mostWaiting = 500;

/** Milliseconds in which a request's head, and all of it, must have come; and how often that is looked at. */
export type Patience = { head: number; request: number; look: number };

export const patience: Patience = { head: 15_000, request: 30_000, look: 5_000 };

/**
 * Listens at once and with nothing but node:http, so that whoever asks sees `starting` and not a refused
 * connection. Liveness and health are answered by itself; whatever else comes waits for the server. A request that
 * trickles in is answered 408 and cut off. Rejects with the socket's error.
 */
export async function openDoor({
  host,
  port,
  times = patience,
}: {
  host: string;
  port: number;
  times?: Patience;
}): Promise<Door> {
  let handler: RequestListener | null = null;
  let health = starting;
  const waiting: [IncomingMessage, ServerResponse][] = [];
  const limits = {
    headersTimeout: times.head,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.look,
    keepAliveTimeout: 75_000,
  };
  const server = createServer(limits, (request, response) => {
    if (answerAtOnce(request, response, health)) return;
    if (handler !== null) handler(request, response);
    else if (waiting.length < mostWaiting) waiting.push([request, response]);
    else say(response, starting());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, resolve);
  });
  return {
    handOver(given, healthNow) {
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

const alive: HealthAnswer = { code: 200, body: JSON.stringify({ status: 'alive' }) };

/** A browser's question is the server's: the answer needs the origins that are allowed. */
function answerAtOnce(
  { method, url, headers }: IncomingMessage,
  response: ServerResponse,
  health: () => HealthAnswer,
): boolean {
  if (method !== 'GET' || headers.origin !== undefined) return false;
  if (url === '/api/live') say(response, alive);
  else if (url === '/api/health') say(response, health());
  else return false;
  return true;
}

function starting(): HealthAnswer {
  const report = {
    status: 'starting',
    message: 'Application is still initializing',
    timestamp: new Date().toISOString(),
  };
  return { code: 503, body: JSON.stringify(report) };
}

function say(response: ServerResponse, { code, body }: HealthAnswer): void {
  response.writeHead(code, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

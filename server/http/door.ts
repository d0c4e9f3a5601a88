import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';

/** The server's socket, open before the server is loaded. */
export type Door = {
  /** What came meanwhile is given to `handler`, and all that comes from now on. */
  handOver(handler: RequestListener): void;
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
  const waiting: [IncomingMessage, ServerResponse][] = [];
  const limits = {
    headersTimeout: times.head,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.look,
    keepAliveTimeout: 75_000,
  };
  const server = createServer(limits, (request, response) => {
    if (handler !== null) handler(request, response);
    else if (!answerEarly(request, response)) {
      if (waiting.length < mostWaiting) waiting.push([request, response]);
      else say(response, 503, starting());
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, resolve);
  });
  return {
    handOver(given) {
      handler = given;
      for (const [request, response] of waiting.splice(0)) if (!response.destroyed) given(request, response);
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/api/live': (response) => say(response, 200, { status: 'alive' }),
  '/api/health': (response) => say(response, 503, starting()),
};

/** A browser's question waits: the answer needs the origins that are allowed. */
function answerEarly({ method, url, headers }: IncomingMessage, response: ServerResponse): boolean {
  const answer = method === 'GET' && headers.origin === undefined ? answers[url ?? ''] : undefined;
  answer?.(response);
  return answer !== undefined;
}

function starting(): object {
  return {
    status: 'starting',
    message: 'Application is still initializing',
    timestamp: new Date().toISOString(),
  };
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

/**
 * How every stand-in of the sandbox answers HTTP: a table of named routes on a loopback port, with faults
 * and a record of every exchange. Knows no vendor.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from './faults.ts';
import type { ExchangeRecord } from './record.ts';
import type { Vendor } from './vendor.ts';

export type Call = {
  method: string;
  path: string;
  /** Decoded values of `:name` segments; a final `*name` takes the rest of the path. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body as JSON; throws a SyntaxError for anything else. */
  json(): unknown;
  /** Aborted when the client leaves. */
  signal: AbortSignal;
};

export type Reply = {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  bytes?: Buffer;
  /** Written piece by piece, with backpressure; ends when the client leaves. */
  stream?: AsyncIterable<string | Buffer>;
};

export type Route = {
  method: string;
  /**
   * `/api/spaces/:owner/:name/runtime`. A `:param` never spans a slash; the table's first match wins.
   * A colon after a word is a plain colon: `/models/:model:embedContent`.
   */
  path: string;
  /** The call's name in faults and in the record, without the vendor: `runtime`. */
  name: string;
  /** True for a call that changes something at the vendor: counted by `GET /writes`. */
  writes?: boolean;
  handle(call: Call): Reply | Promise<Reply>;
};

const MAX_BODY = 64 * 1024 * 1024;
const MAX_RECORDED = 256 * 1024;

/** Serves `routes` on 127.0.0.1; `port` 0 takes a free one. `notFound` answers paths that no route knows. */
export async function listen(options: {
  vendor: Vendor;
  routes: readonly Route[];
  faults: Faults;
  record: ExchangeRecord;
  port?: number;
  notFound?: (call: Call) => Reply | Promise<Reply>;
}): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const table = options.routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const body = await readBody(request);
    let params: Record<string, string> = {};
    const hit = table.find(({ route, pattern }) => {
      if (route.method !== request.method) return false;
      const match = pattern.exec(url.pathname);
      if (match === null) return false;
      params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([key, value]) => [key, decoded(value)]),
      );
      return true;
    });
    const call: Call = {
      method: request.method ?? 'GET',
      path: url.pathname,
      params,
      query: url.searchParams,
      headers: request.headers,
      body,
      json: () => JSON.parse(body.toString('utf8')) as unknown,
      signal: gone.signal,
    };
    const name = `${options.vendor}.${hit?.route.name ?? 'unknown'}`;
    const entry = options.record.begin({
      vendor: options.vendor,
      name,
      method: call.method,
      path: request.url ?? '/',
      requestHeaders: call.headers,
      requestBody: body,
      writes: hit?.route.writes ?? false,
    });
    const fault = options.faults.take(name);
    if (fault !== null) {
      const handled = await options.faults.inflict(fault, { response, signal: gone.signal });
      if (handled !== 'continue') {
        options.record.end(entry, { status: handled === 'closed' ? 0 : handled, headers: {}, body: '' });
        return;
      }
    }
    const reply = await reactTo(hit?.route, call);
    await send(response, reply, { gone: gone.signal, entry });
  }

  async function reactTo(route: Route | undefined, call: Call): Promise<Reply> {
    if (route !== undefined) {
      try {
        return await route.handle(call);
      } catch (error) {
        if (error instanceof SyntaxError)
          return { status: 400, json: { error: `Invalid JSON: ${error.message}` } };
        process.stderr.write(`sandbox: ${options.vendor} ${route.name}: ${String(error)}\n`);
        return { status: 500, json: { error: 'The sandbox failed to answer this call.' } };
      }
    }
    if (options.notFound !== undefined) return options.notFound(call);
    return { status: 404, json: { error: 'Not found' } };
  }

  async function send(
    response: ServerResponse,
    reply: Reply,
    { gone, entry }: { gone: AbortSignal; entry: number },
  ): Promise<void> {
    const status = reply.status ?? 200;
    const headers: Record<string, string> = { 'x-stand-in': 'rag-space-setup sandbox', ...reply.headers };
    if (reply.stream !== undefined) {
      response.writeHead(status, headers);
      response.flushHeaders();
      let sent = '';
      for await (const piece of reply.stream) {
        if (gone.aborted) break;
        if (sent.length < MAX_RECORDED) sent += piece.toString();
        if (!response.write(piece)) await drained(response, gone);
      }
      options.record.end(entry, { status, headers, body: sent });
      response.end();
      return;
    }
    const { body, type } = bodyOf(reply);
    const all = { 'content-type': type, 'content-length': String(Buffer.byteLength(body)), ...headers };
    options.record.end(entry, { status, headers: all, body: body.toString() });
    response.writeHead(status, all);
    response.end(body);
  }

  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bodyOf(reply: Reply): { body: string | Buffer; type: string } {
  if (reply.json !== undefined) {
    return { body: JSON.stringify(reply.json), type: 'application/json; charset=utf-8' };
  }
  if (reply.bytes !== undefined) return { body: reply.bytes, type: 'application/octet-stream' };
  return { body: reply.text ?? '', type: 'text/plain; charset=utf-8' };
}

/** A path segment as it was meant; a broken escape stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) =>
      segment
        .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/^\*(\w+)$/, '(?<$1>.*)')
        .replaceAll(/(?<!\w):(\w+)/g, '(?<$1>[^/]+?)'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY) throw new Error('body too large for the sandbox');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    gone.addEventListener('abort', done, { once: true });
  });
}

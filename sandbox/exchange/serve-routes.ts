/**
 * The HTTP server of every stand-in: a table of named routes on a loopback port, with faults and a record of
 * every exchange. It knows nothing of any vendor.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '../free-port.ts';
import type { Faults } from './faults.ts';
import { compilePath, matchPath } from './path-pattern.ts';
import type { ExchangeRecord } from './exchange-record.ts';
import { readBody, waitForDrain } from './streams.ts';
import type { Vendor } from './vendor.ts';

export type RouteCall = {
  method: string;
  path: string;
  /** Decoded values of `:name` segments; a final `*name` takes the rest of the path. */
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body as JSON; throws a SyntaxError for anything else. */
  json(): unknown;
  /** Aborted when the client disconnects. */
  signal: AbortSignal;
};

export type RouteReply = {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  bytes?: Buffer;
  /** The content type where it is another one than the body's kind has; null sends none. */
  type?: string | null;
  /** Written chunk by chunk, with backpressure; ends when the client disconnects. */
  stream?: AsyncIterable<string | Buffer>;
  /** True when a script breaks the vendor's format on purpose: recorded as a fault. */
  faulted?: boolean;
};

export type Route = {
  method: string;
  /**
   * `/api/spaces/:owner/:name/runtime`. A `:param` never spans a slash; the first matching route wins.
   * A colon after a word is a literal: `/models/:model:embedContent`.
   */
  path: string;
  /** The call's name in faults and in the record, without its vendor: `runtime`. */
  name: string;
  /** True for a call that changes something at the vendor; counted in `GET /writes`. */
  writes?: boolean | ((call: RouteCall) => boolean);
  handle(call: RouteCall): RouteReply | Promise<RouteReply>;
};

const MAX_RECORDED = 256 * 1024;

/** What one server needs for each of its requests. */
type ServerState = {
  vendor: Vendor;
  table: { route: Route; pattern: RegExp }[];
  faults: Faults;
  record: ExchangeRecord;
  mergesSlashes: boolean;
  notFound: (call: RouteCall) => RouteReply | Promise<RouteReply>;
};

/** Serves `routes` on 127.0.0.1; `port` 0 picks a free port. `notFound` answers all other paths. */
export async function serveRoutes(options: {
  vendor: Vendor;
  routes: readonly Route[];
  faults: Faults;
  record: ExchangeRecord;
  port?: number;
  /** Milliseconds after which an idle connection is closed, as a client meets it at the vendor. */
  keepAliveMs?: number;
  /** True where the vendor takes `//a/` for `/a`. */
  mergesSlashes?: boolean;
  notFound?: (call: RouteCall) => RouteReply | Promise<RouteReply>;
}): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const state: ServerState = {
    vendor: options.vendor,
    table: options.routes.map((route) => ({ route, pattern: compilePath(route.path) })),
    faults: options.faults,
    record: options.record,
    mergesSlashes: options.mergesSlashes ?? false,
    notFound: options.notFound ?? (() => ({ status: 404, json: { error: 'Not found' } })),
  };
  const server = createServer((request, response) => {
    void answerRequest(state, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = options.keepAliveMs ?? 60_000;
  const port = options.port === undefined || options.port === 0 ? await freePort() : options.port;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
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

async function answerRequest(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const disconnected = new AbortController();
  response.on('close', () => disconnected.abort());
  const { route, call } = await readCall(state, request, disconnected.signal);
  const name = `${state.vendor}.${route?.name ?? 'unknown'}`;
  const entry = state.record.begin({
    vendor: state.vendor,
    name,
    method: call.method,
    path: request.url ?? '/',
    requestHeaders: call.headers,
    requestBody: call.body,
    writes: typeof route?.writes === 'function' ? route.writes(call) : (route?.writes ?? false),
  });
  const fault = state.faults.take(name);
  if (fault !== null) {
    const outcome = await state.faults.apply(fault, { response, signal: disconnected.signal });
    if (outcome !== 'continue') {
      const status = outcome === 'closed' ? 0 : outcome;
      state.record.end(entry, { status, headers: {}, body: '', faulted: true });
      return;
    }
  }
  const reply = await runRoute(state, route, call);
  const sent =
    reply.stream === undefined
      ? sendWhole(response, reply)
      : sendStream(response, reply, disconnected.signal);
  state.record.end(entry, { ...(await sent), faulted: reply.faulted ?? false });
}

async function readCall(
  state: ServerState,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<{ route: Route | undefined; call: RouteCall }> {
  const method = request.method ?? 'GET';
  // Joined, not resolved: a path that begins with two slashes must not be taken for a host.
  const url = new URL(`http://sandbox${request.url ?? '/'}`);
  const path = state.mergesSlashes
    ? url.pathname.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')
    : url.pathname;
  const body = await readBody(request);
  let params: Record<string, string> = {};
  const match = state.table.find(({ route, pattern }) => {
    const values = route.method === method ? matchPath(pattern, path) : null;
    if (values === null) return false;
    params = values;
    return true;
  });
  const call: RouteCall = {
    method,
    path,
    params,
    query: url.searchParams,
    headers: request.headers,
    body,
    json: () => JSON.parse(body.toString('utf8')) as unknown,
    signal,
  };
  return { route: match?.route, call };
}

async function runRoute(state: ServerState, route: Route | undefined, call: RouteCall): Promise<RouteReply> {
  if (route === undefined) return state.notFound(call);
  try {
    return await route.handle(call);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return { status: 400, json: { error: `Invalid JSON: ${error.message}` } };
    }
    process.stderr.write(`sandbox: ${state.vendor} ${route.name}: ${String(error)}\n`);
    return { status: 500, json: { error: 'The sandbox failed to answer this call.' } };
  }
}

type SentResponse = { status: number; headers: Record<string, string>; body: string };

const STAND_IN_HEADER = { 'x-stand-in': 'rag-space-setup sandbox' };

function sendWhole(response: ServerResponse, reply: RouteReply): SentResponse {
  const status = reply.status ?? 200;
  const { body, type: usualType } = bodyOf(reply);
  const type = reply.type === undefined ? usualType : reply.type;
  const headers = {
    ...(type === null ? {} : { 'content-type': type }),
    'content-length': String(Buffer.byteLength(body)),
    ...STAND_IN_HEADER,
    ...reply.headers,
  };
  response.writeHead(status, headers);
  response.end(body);
  return { status, headers, body: body.toString() };
}

/** What was sent, also when the client disconnected or the stream failed, which closes the connection. */
async function sendStream(
  response: ServerResponse,
  reply: RouteReply,
  signal: AbortSignal,
): Promise<SentResponse> {
  const status = reply.status ?? 200;
  const headers = { ...STAND_IN_HEADER, ...reply.headers };
  response.writeHead(status, headers);
  response.flushHeaders();
  let body = '';
  try {
    for await (const piece of reply.stream ?? []) {
      if (signal.aborted) break;
      if (body.length < MAX_RECORDED) body += piece.toString();
      if (!response.write(piece)) await waitForDrain(response, signal);
    }
    response.end();
  } catch {
    response.destroy();
  }
  return { status, headers, body };
}

function bodyOf(reply: RouteReply): { body: string | Buffer; type: string } {
  if (reply.json !== undefined) {
    return { body: JSON.stringify(reply.json), type: 'application/json; charset=utf-8' };
  }
  if (reply.bytes !== undefined) return { body: reply.bytes, type: 'application/octet-stream' };
  return { body: reply.text ?? '', type: 'text/plain; charset=utf-8' };
}

/**
 * The proxy in front of a Space: a stable origin that forwards to the running process, streaming both ways, and
 * answers with a page while none is running.
 */
import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';

export type Gateway = { url: string; close(): Promise<void> };

const MAX_RECORDED = 64 * 1024;
/** Hop-by-hop headers, which a proxy does not forward (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** `target` decides where each request goes: to a port, or to an answer with a status and a message. */
export async function openGateway(options: {
  target: (request: IncomingMessage) => { port: number } | { status: number; message: string };
  faults: Faults;
  record: ExchangeRecord;
}): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    void visit(request, response).catch(() => response.destroy());
  });

  async function visit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const entry = options.record.begin({
      vendor: 'space',
      name: 'space.visit',
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      requestHeaders: request.headers,
      requestBody: Buffer.alloc(0),
      writes: false,
    });
    const disconnected = new AbortController();
    response.on('close', () => disconnected.abort());
    const fault = options.faults.take('space.visit');
    if (fault !== null) {
      const outcome = await options.faults.apply(fault, { response, signal: disconnected.signal });
      if (outcome !== 'continue') {
        return options.record.end(entry, {
          status: outcome === 'closed' ? 0 : outcome,
          headers: {},
          body: '',
        });
      }
    }
    const target = options.target(request);
    if ('status' in target) {
      const body = page(target.message);
      response
        .writeHead(target.status, { 'content-type': 'text/html; charset=utf-8', 'retry-after': '2' })
        .end(body);
      return options.record.end(entry, { status: target.status, headers: {}, body });
    }
    const { status, headers, body } = await forward({ request, response, port: target.port, agent });
    options.record.end(entry, { status, headers, body });
  }

  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type ForwardedResponse = { status: number; headers: Record<string, string>; body: string };

function forward(options: {
  request: IncomingMessage;
  response: ServerResponse;
  port: number;
  agent: Agent;
}): Promise<ForwardedResponse> {
  const { request, response, port, agent } = options;
  return new Promise((resolve) => {
    const upstream = ask({
      host: '127.0.0.1',
      port,
      agent,
      method: request.method,
      path: request.url,
      headers: forwardedHeaders(request),
    });
    let body = '';
    let outcome: ForwardedResponse = { status: 0, headers: {}, body: '' };
    upstream.on('response', (answer) => {
      const status = answer.statusCode ?? 502;
      outcome = { status, headers: plainHeaders(answer.headers), body: '' };
      const headers = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name));
      response.writeHead(status, Object.fromEntries(headers));
      response.flushHeaders();
      answer.pipe(response);
      answer.on('data', (piece: Buffer) => {
        if (body.length < MAX_RECORDED) body += piece.toString();
      });
      // A truncated body must not look complete.
      answer.on('error', () => response.destroy());
    });
    upstream.on('error', () => {
      if (response.headersSent) response.destroy();
      else
        response
          .writeHead(502, { 'content-type': 'text/html; charset=utf-8' })
          .end(page('The Space did not answer.'));
    });
    response.on('close', () => {
      upstream.destroy();
      resolve({ ...outcome, status: outcome.status === 0 ? 502 : outcome.status, body });
    });
    request.pipe(upstream);
  });
}

function forwardedHeaders(request: IncomingMessage): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  const forwarded = request.headers['x-forwarded-for'];
  const peer = request.socket.remoteAddress ?? '127.0.0.1';
  headers['x-forwarded-for'] = forwarded === undefined ? peer : `${String(forwarded)}, ${peer}`;
  headers['x-forwarded-host'] = request.headers.host ?? '';
  headers['x-forwarded-proto'] = 'http';
  return headers;
}

function plainHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function page(message: string): string {
  return `<!doctype html><html lang="en"><title>Space</title><p>${message}</p><p>(a stand-in of rag-space-setup, not Hugging Face)</p></html>`;
}

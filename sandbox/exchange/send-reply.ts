import type { ServerResponse } from 'node:http';
import type { RouteReply } from './serve-routes.ts';

const MAX_RECORDED = 256 * 1024;

export type SentResponse = { status: number; headers: Record<string, string>; body: string };

const STAND_IN_HEADER = { 'x-stand-in': 'rag-space-setup sandbox' };

/** Sends a reply that is known as a whole. */
export function sendWhole(response: ServerResponse, reply: RouteReply): SentResponse {
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
export async function sendStream(
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

async function waitForDrain(response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { clientClosed } from '../http-error.ts';
import { personalCaching } from '../personal-reply.ts';

const heartbeat = ': keep-alive\n\n';

/**
 * Streams server-sent events. Hand-written, because Fastify's plugins let the producer run on after the client has
 * disconnected. `disconnected` is aborted when the client disconnects or does not read for `stallMs`; the iterator is
 * always closed. Times are in milliseconds.
 */
export async function sendEvents({
  reply,
  frames,
  disconnected,
  heartbeatMs = 15_000,
  stallMs = 30_000,
}: {
  reply: FastifyReply;
  /** Whole frames, each with its blank line. */
  frames: AsyncIterable<string>;
  disconnected: AbortController;
  heartbeatMs?: number;
  stallMs?: number;
}): Promise<void> {
  const { raw } = reply;
  const { socket } = reply.request.raw;
  const abort = (): void => disconnected.abort(clientClosed);
  raw.on('close', abort);
  raw.on('error', abort);
  // A pipelined response that waits behind another one gets no `close` event when its connection closes.
  const closeResponse = (): void => void (raw.destroyed || raw.destroy().emit('close'));
  socket.once('close', closeResponse);
  if (raw.destroyed) abort();
  // Start the producer before writing the head, so that its own requests go out first.
  const iterator = frames[Symbol.asyncIterator]();
  let next = iterator.next();
  next.catch(() => undefined);
  await nextTurn();
  // Hijacking drops the headers that hooks set on the reply (CORS among them), so copy them.
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined),
  );
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': `${personalCaching}, no-transform`,
    connection: raw.shouldKeepAlive ? 'keep-alive' : 'close',
    'x-accel-buffering': 'no',
  });
  raw.socket?.setNoDelay(true);
  // Node keeps the head in the pieces that it was put together from, until it is sent by itself; the bytes go together.
  raw.socket?.cork();
  raw.flushHeaders();
  raw.write(heartbeat);
  raw.socket?.uncork();
  const heartbeatTimer = setInterval(() => {
    if (!raw.writableNeedDrain && !raw.destroyed) raw.write(heartbeat);
  }, heartbeatMs);
  try {
    for (let frame = await next; frame.done !== true && !raw.destroyed; frame = await next) {
      if (!raw.write(frame.value)) await waitForReader(raw, { event: 'drain', stallMs });
      next = iterator.next();
    }
  } finally {
    clearInterval(heartbeatTimer);
    await iterator.return?.();
    if (!raw.destroyed) await endResponse(raw, { stallMs });
    socket.off('close', closeResponse);
  }
}

/** Waits until the client has read enough; disconnects one that reads nothing for `stallMs`. */
async function waitForReader(
  raw: ServerResponse,
  { event, stallMs }: { event: 'drain' | 'finish'; stallMs: number },
): Promise<void> {
  if (raw.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(stall);
      raw.off(event, done);
      raw.off('close', done);
      resolve();
    };
    // Without a socket, the response waits behind a pipelined one and not for its client.
    const stall = setTimeout(() => (raw.socket === null ? stall.refresh() : raw.destroy()), stallMs);
    raw.once(event, done);
    raw.once('close', done);
  });
}

/** Resolves when the last byte is flushed, so that closing the server does not truncate the answer. */
async function endResponse(raw: ServerResponse, { stallMs }: { stallMs: number }): Promise<void> {
  raw.end();
  await waitForReader(raw, { event: 'finish', stallMs });
}

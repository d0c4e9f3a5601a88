import { setImmediate as turn } from 'node:timers/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { clientClosed } from '../http-problem.ts';

const heartbeat = ': keep-alive\n\n';

/**
 * Streams server-sent events: our own writer, because the plugins leave a producer running after its reader
 * left. `gone` is aborted when the reader leaves or does not read for `stallMs`; the iterator is always closed.
 * Milliseconds throughout.
 */
export async function sendEvents({
  reply,
  frames,
  gone,
  heartbeatMs = 15_000,
  stallMs = 30_000,
}: {
  reply: FastifyReply;
  /** Serialised `data` of each event, without line breaks. */
  frames: AsyncIterable<string>;
  gone: AbortController;
  heartbeatMs?: number;
  stallMs?: number;
}): Promise<void> {
  const { raw } = reply;
  const { socket } = reply.request.raw;
  const leave = (): void => gone.abort(clientClosed);
  raw.on('close', leave);
  raw.on('error', leave);
  // An answer behind another one on its connection is not told when that closes.
  const lost = (): void => void (raw.destroyed || raw.destroy().emit('close'));
  socket.once('close', lost);
  if (raw.destroyed) leave();
  // Begun before the head is written: what it asks of others is then on its way first.
  const pieces = frames[Symbol.asyncIterator]();
  let next = pieces.next();
  next.catch(() => undefined);
  await turn();
  // Hijacking drops what hooks set on the reply (CORS among it), so it is copied.
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined),
  );
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    connection: raw.shouldKeepAlive ? 'keep-alive' : 'close',
    'x-accel-buffering': 'no',
  });
  raw.socket?.setNoDelay(true);
  raw.write(heartbeat);
  const beat = setInterval(() => {
    if (!raw.writableNeedDrain && !raw.destroyed) raw.write(heartbeat);
  }, heartbeatMs);
  try {
    for (let piece = await next; piece.done !== true && !raw.destroyed; piece = await next) {
      if (!raw.write(`data: ${piece.value}\n\n`)) await waitForReader(raw, { event: 'drain', stallMs });
      next = pieces.next();
    }
  } finally {
    clearInterval(beat);
    await pieces.return?.();
    if (!raw.destroyed) await endResponse(raw, { stallMs });
    socket.off('close', lost);
  }
}

/** Waits for the reader; one that takes nothing for `stallMs` is cut off. */
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
    // Without a socket it waits behind another answer, and not for its reader.
    const stall = setTimeout(() => (raw.socket === null ? stall.refresh() : raw.destroy()), stallMs);
    raw.once(event, done);
    raw.once('close', done);
  });
}

/** Resolves when the last byte was handed over, so that closing the server does not cut it off. */
async function endResponse(raw: ServerResponse, { stallMs }: { stallMs: number }): Promise<void> {
  raw.end();
  await waitForReader(raw, { event: 'finish', stallMs });
}

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

const heartbeat = ': keep-alive\n\n';

/**
 * Streams server-sent events: our own writer, because the plugins leave a producer running after its reader
 * left. `open` gets a signal that is aborted when the reader leaves or does not read for `stallMs`; its
 * iterator is always closed. Milliseconds throughout.
 */
export async function sendEvents({
  reply,
  open,
  heartbeatMs = 15_000,
  stallMs = 30_000,
}: {
  reply: FastifyReply;
  /** Serialised `data` of each event, without line breaks. */
  open: (signal: AbortSignal) => AsyncIterable<string>;
  heartbeatMs?: number;
  stallMs?: number;
}): Promise<void> {
  const { raw } = reply;
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  raw.on('error', () => gone.abort());
  // Hijacking drops what hooks set on the reply (CORS among it), so it is copied.
  const headers = Object.fromEntries(
    Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined),
  );
  reply.hijack();
  raw.writeHead(200, {
    ...(headers as OutgoingHttpHeaders),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  raw.socket?.setNoDelay(true);
  raw.write(heartbeat);
  const beat = setInterval(() => {
    if (!raw.writableNeedDrain && !raw.destroyed) raw.write(heartbeat);
  }, heartbeatMs);
  try {
    for await (const data of open(gone.signal)) {
      if (gone.signal.aborted) break;
      if (!raw.write(`data: ${data}\n\n`)) await drained(raw, { gone, stallMs });
    }
  } finally {
    clearInterval(beat);
    if (gone.signal.aborted) raw.destroy();
    else await ended(raw);
  }
}

/** Waits for the reader; one that takes nothing for `stallMs` is cut off. */
async function drained(
  raw: ServerResponse,
  { gone, stallMs }: { gone: AbortController; stallMs: number },
): Promise<void> {
  if (gone.signal.aborted || raw.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(stall);
      raw.off('drain', done);
      gone.signal.removeEventListener('abort', done);
      resolve();
    };
    const stall = setTimeout(() => gone.abort(), stallMs);
    raw.once('drain', done);
    gone.signal.addEventListener('abort', done, { once: true });
  });
}

/** Resolves when the last byte was handed over, so that closing the server does not cut it off. */
async function ended(raw: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    raw.once('close', resolve);
    raw.end(resolve);
  });
}

import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY = 64 * 1024 * 1024;

/** The whole body of a request. Throws for one of more than 64 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_BODY) throw new Error('body too large for the sandbox');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Resolves when the client has taken what was written, or is gone. */
export async function waitForDrain(response: ServerResponse, signal: AbortSignal): Promise<void> {
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

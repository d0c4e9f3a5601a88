import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendEvents } from '../../../server/http/sse.ts';

let app: FastifyInstance;
let reader: Socket;
let gone: AbortController;
let closed: Promise<void>;

/** More than any socket's buffers hold, without an end. */
async function* flood(ended: () => void): AsyncGenerator<string> {
  try {
    for (;;) yield 'x'.repeat(64 * 1024);
  } finally {
    ended();
  }
}

beforeEach(async () => {
  app = Fastify({ forceCloseConnections: true });
  gone = new AbortController();
  closed = new Promise((resolve) => {
    app.get('/', (_request, reply) => sendEvents({ reply, frames: flood(resolve), gone, stallMs: 50 }));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  reader = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  reader.on('error', () => undefined);
  reader.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
});
afterEach(async () => {
  reader.destroy();
  await app.close();
});

test('a reader who takes nothing is cut off, and what is written for it ends', async () => {
  reader.pause();
  await closed;
  expect(gone.signal.aborted).toBe(true);
});

test('a reader who leaves while the writer waits for it ends the writing', async () => {
  reader.once('data', () => reader.destroy());
  await closed;
  expect(gone.signal.aborted).toBe(true);
});

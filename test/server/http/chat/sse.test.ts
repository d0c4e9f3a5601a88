import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendEvents } from '../../../../server/http/chat/sse.ts';

let app: FastifyInstance;
let reader: Socket;
let disconnected: AbortController;
let closed: Promise<void>;

/** Endless frames, more than any socket's buffer holds. */
async function* flood(ended: () => void): AsyncGenerator<string> {
  try {
    for (;;) yield 'x'.repeat(64 * 1024);
  } finally {
    ended();
  }
}

beforeEach(async () => {
  app = Fastify({ forceCloseConnections: true });
  disconnected = new AbortController();
  closed = new Promise((resolve) => {
    app.get('/', (_request, reply) =>
      sendEvents({ reply, frames: flood(resolve), disconnected, stallMs: 50 }),
    );
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

test('a client that reads nothing is disconnected, and the producer ends', async () => {
  reader.pause();
  await closed;
  expect(disconnected.signal.aborted).toBe(true);
});

test('a client that disconnects while the writer waits for it ends the producer', async () => {
  reader.once('data', () => reader.destroy());
  await closed;
  expect(disconnected.signal.aborted).toBe(true);
});

/** Opens a socket, sends `text`, and resolves with the socket at the first byte of the answer. */
async function asking(target: FastifyInstance, text: string): Promise<Socket> {
  const socket = connect((target.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'data');
  return socket;
}

test('a client that stops reading before the last bytes is disconnected, too', async () => {
  const other = Fastify({ forceCloseConnections: true });
  const sent = new Promise<void>((resolve, reject) => {
    other.get('/', (_request, reply) => {
      async function* untilStuck(): AsyncGenerator<string> {
        for (let held = 0; held === 0; held = reply.raw.writableLength) {
          yield 'x'.repeat(8 * 1024);
          await sleep(1);
          if (reply.raw.writableLength > 0) await sleep(50);
        }
      }
      const events = sendEvents({ reply, frames: untilStuck(), disconnected, stallMs: 100 });
      events.then(resolve, reject);
      return events;
    });
  });
  await other.listen({ host: '127.0.0.1', port: 0 });
  const slow = await asking(other, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  slow.pause();
  await sent;
  slow.destroy();
  await other.close();
});

test('a client that disconnects while a pipelined answer waits ends both', async () => {
  const other = Fastify({ forceCloseConnections: true });
  const sent: Promise<void>[] = [];
  const left = [new AbortController(), new AbortController()];
  const both = new Promise<void>((resolve) => {
    other.get('/', (_request, reply) => {
      const leaving = left[sent.length] ?? disconnected;
      const frames = untilAborted(leaving.signal);
      const events = sendEvents({ reply, frames, disconnected: leaving, stallMs: 60_000 });
      sent.push(events);
      if (sent.length === left.length) resolve();
      return events;
    });
  });
  await other.listen({ host: '127.0.0.1', port: 0 });
  const slow = await asking(other, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(2));
  await both;
  slow.destroy();
  await Promise.all(sent);
  expect(left.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  await other.close();
});

/** One frame, and then nothing until the client disconnects. */
async function* untilAborted(signal: AbortSignal): AsyncGenerator<string> {
  yield 'first';
  if (!signal.aborted) await once(signal, 'abort');
}

test('the connection is closed after the answer if the client asks for it', async () => {
  const other = Fastify({ forceCloseConnections: true });
  other.get('/', (_request, reply) => {
    async function* singleFrame(): AsyncGenerator<string> {
      yield 'only';
    }
    return sendEvents({ reply, frames: singleFrame(), disconnected });
  });
  await other.listen({ host: '127.0.0.1', port: 0 });
  const socket = await asking(other, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  await other.close();
});

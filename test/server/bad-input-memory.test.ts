/** Large and half-sent requests against the bundle in its own process: its memory stays flat. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { runBundle, type BundleProcess } from './running-bundle.ts';
import { sampleSections } from './sample-sections.ts';
import { untilHealth } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

const question = { message: 'How far does a small lidar measure?', mode: 'general' };
/** Bytes that a second round may add to the memory after the first. */
const allowance = 32 * 1024 * 1024;

let vendors: Vendors;
let server: BundleProcess;
beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await runBundle({ ...vendors.environment, LOG_LEVEL: 'info' });
  await untilHealth(server.url, 'healthy');
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

const megabyte = 'x'.repeat(1024 * 1024);

/** Sends ten megabytes, with a content length or in chunks; returns the status line. */
function sendTenMegabytes(chunked: boolean): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const { port } = new URL(server.url);
    const length = chunked ? 'transfer-encoding: chunked' : `content-length: ${10 * megabyte.length}`;
    const head = `POST /api/chat HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
    const socket: Socket = connect({ port: Number(port), host: '127.0.0.1' }, () => {
      socket.write(head);
      const piece = chunked ? `${megabyte.length.toString(16)}\r\n${megabyte}\r\n` : megabyte;
      for (let sent = 0; sent < 10; sent += 1) socket.write(piece);
    });
    socket.on('data', (bytes) => {
      received += bytes.toString();
      socket.destroy();
    });
    // The server may close while we are still writing: that counts as an answer.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received.split('\r\n')[0] ?? ''));
  });
}

function halfOpen(): Promise<Socket> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' }, () => {
      socket.write('POST /api/chat HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n');
      socket.write('content-length: 90\r\n\r\n{"message":');
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** Twenty bodies of ten megabytes, and five hundred half-sent requests while others are answered. */
async function assault(): Promise<void> {
  const statuses: string[] = [];
  for (let round = 0; round < 2; round += 1)
    statuses.push(
      ...(await Promise.all(Array.from({ length: 10 }, (_, at) => sendTenMegabytes(at % 2 === 0)))),
    );
  for (const status of statuses) expect(status).toMatch(/^(?:HTTP\/1\.1 413 |$)/);
  expect(statuses.join()).toContain('413');
  const open = await Promise.all(Array.from({ length: 500 }, halfOpen));
  expect((await askServer(server.url, question)).text).toContain('twelve metres');
  for (const socket of open) socket.destroy();
  expect((await askServer(server.url, question)).text).toContain('twelve metres');
}

test('large bodies and half-sent requests do not affect other clients, and leave no memory behind', async () => {
  await assault();
  const before = server.memory();
  await assault();
  const after = server.memory();
  if (before !== null && after !== null) expect(after - before).toBeLessThan(allowance);
});

/** Not HTTP, or inconsistent HTTP: answered with 4xx, or the connection is closed. */
const garbage: [string, string][] = [
  ['no HTTP', '\u0000\u0001\u0002\r\n\r\n'],
  ['TLS on a plain port', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n'],
  ['a version that is none', 'GET / HTTP/9.9\r\nhost: a\r\n\r\n'],
  ['a head that never ends in a line', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`],
  ['a hundred kilobytes of headers', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`],
  ['two lengths', 'POST /api/chat HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
  [
    'a length and chunks',
    'POST /api/chat HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a length below nothing', 'POST /api/chat HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n'],
  ['a line break in a header', 'GET / HTTP/1.1\r\nhost: a\r\nx: a\nb\r\n\r\n'],
  [
    'a broken escape in the path',
    'GET /api/conversation/%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
  ],
  ['a path upwards', 'GET /../../etc/passwd HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
];

test.each(garbage)('%s is refused', async (_name, text) => {
  const received = await new Promise<string>((resolve) => {
    let all = '';
    const { port } = new URL(server.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1' }, () => socket.write(text, 'latin1'));
    socket.on('data', (bytes) => (all += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(all));
  });
  expect(received).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
  expect(received).not.toMatch(/node_modules|\bat .+:\d+/);
  expect((await fetch(`${server.url}/api/live`)).status).toBe(200);
});

test('none of it is printed, and the process exits normally', async () => {
  expect(server.output()).not.toMatch(/xxxx|"level":[56]0|^\s+at /m);
});

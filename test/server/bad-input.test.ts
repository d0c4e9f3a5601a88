/**
 * Any input gets a clear 4xx, a stream that existing clients can parse, or a closed connection. The fuzz test has
 * a fixed seed; `FUZZ_SEED` and `FUZZ_RUNS` set another seed and length.
 */
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 475);
const runs = Number(process.env['FUZZ_RUNS'] ?? 200);

let vendors: Vendors;
let server: RunningServer;
beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer({ environment: vendors.environment });
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

async function send(
  body: string | Uint8Array,
  type = 'application/json',
): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': type };
  const response = await fetch(`${server.url}/api/chat`, { method: 'POST', headers, body: body as BodyInit });
  return { status: response.status, text: await response.text() };
}

const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

test.each([
  ['no JSON', '{"message":', [400, 422]],
  ['nothing', '', [400, 422]],
  ['a list', '[]', [422]],
  ['a number as message', '{"message":7}', [422]],
  ['an object as message', '{"message":{"a":1}}', [422]],
  ['10 MB', JSON.stringify({ message: 'x'.repeat(10_000_000) }), [413]],
  ['deep nesting', `{"message":${nested}}`, [400, 413, 422]],
  ['a prototype', '{"message":"x","__proto__":{"admin":true}}', [400, 422]],
  ['no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), [400, 422]],
])('%s is rejected with a sentence', async (_name, body, statuses) => {
  const { status, text } = await send(body);
  expect(statuses).toContain(status);
  const { detail, message } = JSON.parse(text) as Record<string, string>;
  expect(detail).toBe(message);
  expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules/);
});

test.each([
  ['control characters', 'a\u0000b\u0007\u001b[31m'],
  ['lone surrogates', 'a\ud800 b\udc00'],
  ['turned text', '\u202eabc\u202c'],
])('%s are answered and stored', async (_name, message) => {
  const { events } = await askServer(server.url, { message });
  expect(events.at(-1)?.type).toBe('done');
  const path = `${server.url}/api/conversation/${events[0]!.conversation_id}`;
  for (let count = 0; count < 2;)
    count = ((await (await fetch(path)).json()) as { messages: unknown[] }).messages.length;
});

/** Mulberry32: a small pseudo-random generator with a seed. */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const keys = [
  'message',
  'query',
  'question',
  'mode',
  'context',
  'conversation_id',
  'history',
  'stream',
  'top_k',
  'x',
];

function valueFrom(random: (below: number) => number, depth = 0): unknown {
  const values: (() => unknown)[] = [
    () => null,
    () => random(2) === 1,
    () => random(1_000_000) - 500_000,
    () => String.fromCharCode(...Array.from({ length: random(40) }, () => random(65_536))),
    () => 'lidar '.repeat(random(500)),
    () => ['general', 'selection', 'full'][random(3)],
    () => Array.from({ length: random(4) }, () => valueFrom(random, depth + 1)),
    () => bodyFrom(random, depth + 1),
  ];
  return values[random(depth > 3 ? 6 : values.length)]!();
}

function bodyFrom(random: (below: number) => number, depth = 0): Record<string, unknown> {
  const entries = Array.from({ length: random(6) }, () => [
    keys[random(keys.length)],
    valueFrom(random, depth),
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

test(`${runs} random bodies (seed ${seed}) are answered or rejected, and none breaks anything`, async () => {
  const random = randomFrom(seed);
  for (let run = 0; run < runs; run += 1) {
    const whole = JSON.stringify(bodyFrom(random));
    const body = random(4) === 0 ? whole.slice(0, random(whole.length + 1)) : whole;
    const { status, text } = await send(body);
    expect([200, 400, 413, 422], `run ${run}: ${body.slice(0, 300)} gave ${text}`).toContain(status);
  }
  const { text } = await askServer(server.url, { message: 'How far does a small lidar measure?' });
  expect(text).toContain('twelve metres');
}, 600_000);

const paths = [
  '/',
  '/api/chat',
  '/api/health',
  '/api/conversation/',
  '/api/conversation/00000000-0000-4000-8000-000000000000',
  '/openapi.json',
  '/docs',
];
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'];
const headerNames = ['accept', 'origin', 'x-session-id', 'x-forwarded-for', 'content-type', 'x-request-id'];

/** Printable characters, all allowed in a path and in a header. */
const wordFrom = (random: (below: number) => number, longest: number): string =>
  String.fromCharCode(...Array.from({ length: random(longest) }, () => 33 + random(94)));

test(`${runs} random paths, methods and headers (seed ${seed}) get a documented answer`, async () => {
  const random = randomFrom(seed + 1);
  for (let run = 0; run < runs; run += 1) {
    const method = methods[random(methods.length)]!;
    const path = `${paths[random(paths.length)]}${random(2) === 0 ? '' : wordFrom(random, 60)}`;
    const headers = Object.fromEntries(
      headerNames.filter(() => random(3) === 0).map((name) => [name, wordFrom(random, 80)]),
    );
    const body = ['GET', 'HEAD'].includes(method) ? {} : { body: wordFrom(random, 200) };
    const response = await fetch(`${server.url}${path}`, { method, headers, redirect: 'manual', ...body });
    const text = await response.text();
    const context = `run ${run}: ${method} ${path} ${JSON.stringify(headers)} gave ${response.status} ${text.slice(0, 300)}`;
    expect(response.status, context).toBeLessThan(500);
    if (response.status < 400 || method === 'HEAD' || method === 'OPTIONS') continue;
    expect(JSON.parse(text), context).toMatchObject({
      detail: expect.any(String),
      error_code: expect.any(String),
    });
  }
}, 600_000);

test('a thousand half-sent requests do not affect other clients', async () => {
  const port = Number(new URL(server.url).port) satisfies AddressInfo['port'];
  const open = await Promise.all(
    Array.from({ length: 1_000 }, (_, at) => {
      return new Promise<Socket>((resolve, reject) => {
        const head = `POST /api/chat HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 90\r\n`;
        const socket = connect({ port, host: '127.0.0.1' }, () => {
          socket.write(at % 2 === 0 ? head : `${head}\r\n{"message":`);
          resolve(socket);
        });
        socket.on('error', reject);
      });
    }),
  );
  try {
    const { text } = await askServer(server.url, { message: 'How far does a small lidar measure?' });
    expect(text).toContain('twelve metres');
    expect((await fetch(`${server.url}/api/live`)).status).toBe(200);
  } finally {
    for (const socket of open) socket.destroy();
  }
});

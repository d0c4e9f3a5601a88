import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startQdrant } from '../../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { timeoutFailure } from '../../../../server/chat/resilience/deadline.ts';
import { parseQdrantUrl, type QdrantEndpoint } from '../../../../server/adapters/qdrant/qdrant-url.ts';
import { createQdrantEndpoints } from '../../../../server/adapters/qdrant/qdrant-endpoints.ts';
import { createQdrantStore } from '../../../../server/adapters/qdrant/qdrant-store.ts';
import { sampleSections } from '../../sample-sections.ts';

const { signal } = new AbortController();
const closed = 'http://127.0.0.1:1';
const others: Server[] = [];
let qdrant: Awaited<ReturnType<typeof startQdrant>>;

beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());
afterEach(() => {
  for (const other of others.splice(0)) other.close();
});

async function listening(server: Server): Promise<string> {
  others.push(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const store = (url: string, fallback: QdrantEndpoint | null) =>
  createQdrantStore({ url, fallback, apiKey: qdrant.apiKey, collection: 'book' });
const port = (url: string): string => new URL(url).port;

test('where the port is refused, the other one is used for reads, writes and searches', async () => {
  const around = store(closed, parseQdrantUrl(qdrant.url));
  expect(around.activeEndpoint?.()).toBeNull();
  await around.create({ dimensions: 2, signal });
  const sparse = { indices: [1], values: [1] };
  await around.upsert({ points: [{ section: sampleSections[0]!, dense: [1, 0], sparse }], signal });
  expect(await around.describe({ signal })).toMatchObject({ exists: true, points: 1 });
  const [hit] = await around.searchDense({ vector: [1, 0], limit: 1, signal });
  expect(hit?.section.title).toBe('Lidar');
  expect(around.activeEndpoint?.()).toBe(port(qdrant.url));
});

test('where the port does not answer, the other one does not wait for its timeout', async () => {
  const silent = await listening(createServer(() => undefined));
  const around = store(silent, parseQdrantUrl(qdrant.url));
  expect(await around.describe({ signal })).toMatchObject({ exists: true });
  expect(around.activeEndpoint?.()).toBe(port(qdrant.url));
});

test('an open port is used, and it reports a rejected key', async () => {
  const direct = store(qdrant.url, parseQdrantUrl(closed));
  expect(await direct.describe({ signal })).toMatchObject({ exists: true });
  expect(direct.activeEndpoint?.()).toBe(port(qdrant.url));
  const wrong = createQdrantStore({
    url: qdrant.url,
    fallback: parseQdrantUrl(closed),
    apiKey: 'wrong',
    collection: 'book',
  });
  await expect(wrong.describe({ signal })).rejects.toMatchObject({ code: 'qdrant-key-rejected' });
});

test('a fallback that is not Qdrant is not used; then both ports and the rule are named', async () => {
  const page = await listening(createHttpServer((_request, response) => response.end('<h1>Hello</h1>')));
  const lost = store(closed, parseQdrantUrl(page));
  await expect(lost.describe({ signal })).rejects.toMatchObject({
    code: 'qdrant-unreachable',
    message: `Qdrant answers neither at port 1 nor at ${port(page)}.`,
    remedy: expect.stringContaining('80, 443 and 8080'),
  });
  expect(lost.activeEndpoint?.()).toBeNull();
});

test('a lost endpoint is looked for again', async () => {
  const first = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
  const moving = store(first.url, parseQdrantUrl(qdrant.url));
  expect(await moving.describe({ signal }).catch(({ code }: { code: string }) => code)).toBeDefined();
  expect(moving.activeEndpoint?.()).toBe(port(first.url));
  await first.close();
  await expect(moving.describe({ signal })).rejects.toMatchObject({ code: 'qdrant-unreachable' });
  expect(await moving.describe({ signal })).toMatchObject({ exists: true });
  expect(moving.activeEndpoint?.()).toBe(port(qdrant.url));
});

test('an endpoint is lost by a question’s timeout, and not by a client that disconnects', async () => {
  const first = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
  const way = { isSilent: false };
  const sockets: Socket[] = [];
  const gate = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    if (way.isSilent) return;
    const on = connect(Number(port(first.url)), '127.0.0.1').on('error', () => undefined);
    socket.pipe(on).pipe(socket);
  });
  const url = await listening(gate);
  const moving = store(url, parseQdrantUrl(qdrant.url));
  await moving.describe({ signal }).catch(() => undefined);
  way.isSilent = true;
  for (const socket of sockets) socket.destroy();
  const asking = (reason: Error) => {
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(reason), 50);
    return moving.describe({ signal: leaving.signal });
  };
  await expect(asking(new Error('left'))).rejects.toThrow('left');
  expect(moving.activeEndpoint?.()).toBe(port(url));
  await expect(asking(timeoutFailure('qdrant'))).rejects.toMatchObject({ code: 'qdrant-unanswered' });
  expect(await moving.describe({ signal })).toMatchObject({ exists: true });
  expect(moving.activeEndpoint?.()).toBe(port(qdrant.url));
  for (const socket of sockets) socket.destroy();
  await first.close();
});

test.each([
  ['https://x.cloud.qdrant.io', ['https://x.cloud.qdrant.io:6333/', 'https://x.cloud.qdrant.io:443/']],
  [
    'https://x.cloud.qdrant.io:6333/p',
    ['https://x.cloud.qdrant.io:6333/p/', 'https://x.cloud.qdrant.io:443/p/'],
  ],
  ['https://x.cloud.qdrant.io:443', []],
  ['http://127.0.0.1:6333', []],
])('%s is looked for at %j', async (url, expected) => {
  const requests: string[] = [];
  const roads = createQdrantEndpoints({
    address: parseQdrantUrl(url),
    apiKey: null,
    agent: {
      open: (request) => {
        requests.push(request.url);
        return Promise.reject(new Error('refused'));
      },
      close: () => undefined,
    },
  });
  await roads.resolve({ signal }).catch(() => undefined);
  expect(requests).toEqual(expected);
});

/** Frontends written for similar servers, each on its own route. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { compatibleFrontends } from './compatible-frontends.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: RunningServer;
const origin = 'https://book.example';

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer({ environment: vendors.environment });
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}, url = server.url) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...headers },
    body: JSON.stringify(body),
  });

test.each([...compatibleFrontends])(
  '$path: the one that reads $reads',
  async ({ path, body, headers, read }) => {
    const response = await post(path, body, headers);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    const { text, links } = read((await response.json()) as Record<string, unknown>);
    expect(text).toMatch(/twelve metres|pulses of light/);
    if (!('context' in body) || body['context'] === '') expect(links.join()).toMatch(/docs\/sensors\/lidar/);
  },
);

test.each([
  '/chat',
  '/agent',
  '/query/selection',
  '/api/rag/query',
  '/api/v1/rag/query',
  '/api/chat/general',
  '/a/path/that/nobody/knows',
])('%s answers a question without a setting', async (path) => {
  const response = await post(path, { query: 'How far does a small lidar measure?' });
  expect(response.status).toBe(200);
  expect(((await response.json()) as { answer: string }).answer).toContain('twelve metres');
});

test('a widget that concatenates `answer` or `content` of every event shows the text once', async () => {
  const { events, text } = await askServer(server.url, {
    question: 'How far does a small lidar measure?',
    message: 'How far does a small lidar measure?',
    stream: true,
  });
  const added = events.map((event) => String(event['answer'] ?? event.content ?? '')).join('');
  expect(added).toBe(text);
});

test('a reply is compressed for a client that reads it so, and the same without', async () => {
  const body = { query: 'How far does a small lidar measure?' };
  const plain = await post('/chat', body, { 'accept-encoding': 'identity' });
  const compressed = await post('/chat', body, { 'accept-encoding': 'gzip, br' });
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(compressed.headers.get('content-encoding')).toBe('gzip');
  expect(compressed.headers.get('vary')).toContain('Accept-Encoding');
  const size = Number(compressed.headers.get('content-length'));
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThan(0.1 * Number(plain.headers.get('content-length')));
  const answers = [plain, compressed].map(
    async (reply) => ((await reply.json()) as { answer: string }).answer,
  );
  const [first, second] = await Promise.all(answers);
  expect(second).toBe(first);
});

test('a session gets its own name back', async () => {
  const body = (await (
    await post('/api/chat', { query: 'What is a gripper?', sessionId: 'sess_1' })
  ).json()) as {
    session_id: string;
  };
  expect(body.session_id).toBe('sess_1');
});

test('a frontend that sends canonical requests gets JSON where the operator configures it', async () => {
  const { environment } = vendors;
  const json = await startServer({ environment, options: { responseMode: 'json' } });
  const body = { message: 'How far does a small lidar measure?', context: 'AI Robotics Book' };
  const response = await post('/api/chat', body, {}, json.url);
  expect(((await response.json()) as { reply: string }).reply).toContain('twelve metres');
  await json.close();
});

test.each([
  ['/health', 'healthy'],
  ['/api/v1/health', 'healthy'],
  ['/api/health', 'healthy'],
  ['/', 'online'],
])('a health check at %s reads "%s"', async (path, status) => {
  const response = await fetch(`${server.url}${path}`);
  expect(response.ok).toBe(true);
  expect(await response.json()).toMatchObject({ status });
});

test('a rate-limited client can read how long to wait, also across origins', async () => {
  const { environment } = vendors;
  const limited = await startServer({ environment, options: { limits: { perAddress: 1 } } });
  const from = { 'x-forwarded-for': '203.0.113.9' };
  for (let count = 0; count < 10; count += 1)
    await post('/api/chat', { question: 'What is a gripper?' }, from, limited.url);
  const response = await post('/api/chat', { question: 'What is a gripper?' }, from, limited.url);
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([429, origin]);
  expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After');
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  const { detail, message } = (await response.json()) as Record<string, unknown>;
  expect(detail).toBe(message);
  await limited.close();
});

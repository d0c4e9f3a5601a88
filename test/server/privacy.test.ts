/** Conversations of two readers, who may have one name, one address or one rewrite in common. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, untilHealth, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  vendors.environment['ALLOWED_ORIGINS'] = 'https://book.example,https://other.example';
  await writeBook(vendors, sampleSections);
  server = await startServer(vendors);
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

const lidar = { message: 'How far does a small lidar measure?', mode: 'general' };
const json = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${server.url}${path}`)).json()) as Record<string, unknown>;
/** Waits until the server has stored everything. */
async function untilStored(): Promise<void> {
  for (;;) {
    const { services } = (await untilHealth(server.url, 'healthy')) as { services: { postgres: unknown } };
    if ((services.postgres as { waiting: number }).waiting === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const random = () => crypto.randomUUID();

/** Asks as a reader of the book at an address; returns the conversation and what the model was sent. */
async function askAs(address: string, body: Record<string, unknown>, origin = 'https://book.example') {
  const headers = { 'x-forwarded-for': address, origin };
  const { events } = await askServer(server.url, { stream: true, ...body }, { headers });
  const request = vendors.record.list().findLast(({ name }) => name === 'gemini.streamGenerateContent');
  return { id: events[0]!.conversation_id!, prompt: request?.requestBody ?? '' };
}

test.each(['user-1', 'default', 'sess_1', '1'])(
  'two readers who call their sessions %s do not see each other’s words, behind one address too',
  async (name) => {
    for (const address of ['203.0.113.1', '203.0.113.2']) {
      const secret = `lidar of project ${random()}`;
      const first = await askAs('203.0.113.1', { message: `What is a ${secret}?`, session_id: name });
      const second = await askAs(address, { message: 'And why is that, with a lidar?', session_id: name });
      expect(second.prompt).not.toContain(secret);
      expect(second.id).not.toBe(first.id);
    }
  },
);

test('a random name continues on another network; another long name only on its own', async () => {
  const follow = { message: 'And why is that, with a lidar?' };
  const [uuid, dated] = [random(), `session-${Date.now()}`];
  const first = await askAs('203.0.113.1', { ...lidar, session_id: uuid });
  expect((await askAs('198.51.100.7', { ...follow, session_id: uuid })).id).toBe(first.id);
  expect((await askAs('198.51.100.7', { ...follow, conversation_id: uuid })).id).toBe(first.id);
  expect((await askAs('203.0.113.1', { ...follow, session_id: uuid }, 'https://other.example')).id).not.toBe(
    first.id,
  );
  const second = await askAs('203.0.113.1', { ...lidar, session_id: dated });
  expect((await askAs('203.0.113.1', { ...follow, session_id: dated })).id).toBe(second.id);
  expect((await askAs('198.51.100.7', { ...follow, session_id: dated })).id).not.toBe(second.id);
});

test('the id of a named session continues when it is sent back, also to a new server, and is never readable', async () => {
  const first = await askAs('203.0.113.1', { ...lidar, session_id: random() });
  expect(await json(`/api/conversation/${first.id}`)).toEqual({ conversation_id: first.id, messages: [] });
  await untilStored();
  const later = await startServer(vendors);
  const { events } = await askServer(later.url, { message: 'And why?', conversation_id: first.id });
  await later.close();
  expect(events[0]!.conversation_id).toBe(first.id);
});

test('an unknown id is a name: the conversation gets an id of the server', async () => {
  const unknown = random();
  const { id } = await askAs('203.0.113.1', { ...lidar, conversation_id: unknown });
  expect(id).not.toBe(unknown);
  expect(await json(`/api/conversation/${unknown}`)).toMatchObject({ messages: [] });
});

test('what is personal is kept by no cache', async () => {
  const { headers } = await fetch(`${server.url}/api/conversation/${random()}`);
  expect(headers.get('cache-control')).toBe('no-store, no-cache');
  for (const stream of [true, false]) {
    const response = await fetch(`${server.url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...lidar, stream }),
    });
    expect(response.headers.get('cache-control')).toMatch(/^no-store, no-cache/);
    await response.text();
  }
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { startServer, untilHealth, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await startServer(vendors);
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

const lidar = { message: 'How far does a small lidar measure?', mode: 'general' };
const json = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
  (await (await fetch(`${server.url}${path}`, init)).json()) as Record<string, unknown>;

test('an answer is streamed as metadata, tokens and done, and cites the section that answers', async () => {
  const { response, events, text, sources } = await askServer(server.url, lidar, {
    headers: { origin: 'https://book.example' },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('access-control-allow-origin')).toBe('https://book.example');
  const types = events.map(({ type }) => type);
  expect([types[0], types.at(-1)]).toEqual(['metadata', 'done']);
  expect(new Set(types.slice(1, -1))).toEqual(new Set(['token']));
  expect(Object.keys(events[0]!).slice(0, 4)).toEqual(['type', 'content', 'sources', 'conversation_id']);
  expect(text).toContain('twelve metres');
  expect(text).toContain('[Source 1]');
  expect(sources[0]).toMatchObject({
    file: 'docs/sensors/lidar.md#range',
    heading: 'Range and resolution',
    url: '/docs/sensors/lidar#range',
  });
});

test('a greeting is answered by the model without searching the book', async () => {
  vendors.record.clear();
  const { text, events, sources } = await askServer(server.url, { message: 'Hello!' });
  expect(vendors.record.list().map(({ name }) => name)).not.toContain('gemini.embedContent');
  expect(events[0]!['rungs']).toEqual(['small-talk']);
  expect(text).not.toContain("couldn't find");
  expect(sources).toEqual([]);
});

test('a follow-up is searched together with the question it refers to', async () => {
  const history = [
    { role: 'user', content: 'How do I charge lithium batteries?' },
    { role: 'assistant', content: 'Slowly.' },
  ];
  // The model answers with a refusal, which has no sources but names what was retrieved.
  const { sources, nearest } = await askServer(server.url, {
    message: 'And why?',
    mode: 'general',
    history,
    stream: true,
  });
  expect(sources).toEqual([]);
  expect(nearest[0]?.['url']).toBe('/docs/power/batteries#charging');
});

test('a client that asks for one section gets one', async () => {
  const light = { message: 'How do a lidar and a stereo camera use light?', stream: true };
  expect((await askServer(server.url, light)).sources.length).toBeGreaterThan(1);
  expect((await askServer(server.url, { ...light, top_k: 1 })).sources).toHaveLength(1);
});

test('a conversation is stored and read back in order, with times without a zone', async () => {
  const first = await askServer(server.url, lidar);
  const id = first.events[0]!.conversation_id!;
  const second = await askServer(server.url, { message: 'And what is its resolution?', conversation_id: id });
  expect(second.sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
  const { messages } = (await json(`/api/conversation/${id}`)) as { messages: Record<string, unknown>[] };
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
  expect(messages[0]).toMatchObject({ content: lidar.message, sources: null });
  expect(messages[1]).toMatchObject({ content: first.text, sources: first.sources });
  expect(messages[0]!['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
});

test('a selection is explained without sources; selection mode without one is a 400', async () => {
  const context = 'The integral term of a controller removes the steady error.';
  const { text, sources } = await askServer(server.url, {
    message: 'What does the integral term remove?',
    mode: 'selection',
    context,
  });
  expect(text).toContain('steady error');
  expect(text).not.toContain('[Source');
  expect(sources).toEqual([]);
  await expect(askServer(server.url, { message: 'What?', mode: 'selection' })).rejects.toThrow(
    /400.*mark a text/,
  );
});

test('an off-topic question is refused without calling the model', async () => {
  vendors.record.clear();
  const { text, events, sources, nearest } = await askServer(server.url, {
    message: 'Best recipe for chocolate cake?',
  });
  expect(text).toBe("I couldn't find relevant information in the book about that.");
  expect(events[0]!['rungs']).toContain('refused');
  expect(sources).toEqual([]);
  expect(nearest).toHaveLength(3);
  for (const { similarity, score } of nearest) expect([similarity, score]).not.toContain(1);
  const german = await askServer(server.url, { message: 'Wie backe ich einen Kuchen?' });
  expect(german.text).toBe('Dazu habe ich im Buch nichts Passendes gefunden.');
  expect(vendors.record.list().map(({ name }) => name)).not.toContain('gemini.streamGenerateContent');
});

test.each([
  [{}, 422],
  [{ message: '' }, 422],
  [{ message: 'a'.repeat(2001) }, 422],
  [[], 422],
])('%j is answered with %d and a string as detail', async (body, status) => {
  const response = await fetch(`${server.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://book.example' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(status);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://book.example');
  expect(typeof ((await response.json()) as { detail: unknown }).detail).toBe('string');
});

test('health names each service and the deployment, and no address', async () => {
  const health = await untilHealth(server.url, 'healthy');
  expect(health).toMatchObject({
    deployment_id: 'deployment-1',
    services: { fastapi: 'ok', qdrant: { status: 'connected', vectors: 5 }, gemini: { status: 'ok' } },
  });
  expect(JSON.stringify(health)).not.toMatch(/127\.0\.0\.1|neondb|p%40ss/);
  for (const path of ['/health', '/api/v1/health', '//api/health/'])
    expect((await fetch(`${server.url}${path}`, { method: 'HEAD' })).status).toBe(200);
});

test('the root sends browsers a page and other clients JSON', async () => {
  expect(await json('/')).toEqual({ message: 'RAG Chatbot API', docs: '/docs', status: 'online' });
  const page = await fetch(server.url, { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('<h1 dir="auto">Robots</h1>');
});

test('unknown paths, unknown methods and invalid ids', async () => {
  expect(await json('/nope')).toMatchObject({ detail: 'Not Found' });
  const wrong = await fetch(`${server.url}/api/chat`);
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await fetch(`${server.url}/api/conversation/abc`)).status).toBe(422);
  const unknown = '00000000-0000-4000-8000-000000000000';
  expect(await json(`/api/conversation/${unknown}`)).toEqual({ conversation_id: unknown, messages: [] });
});

test.each(['/api/%zz', `/api/conversation/${'7'.repeat(300)}`])(
  'an address that cannot be read is refused like any other: %s',
  async (path) => {
    const response = await fetch(`${server.url}${path}`, { headers: { origin: 'https://book.example' } });
    const { headers, status } = response;
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, 'https://book.example']);
    const { detail, error_code: code, request_id: id } = (await response.json()) as Record<string, unknown>;
    expect([detail, code, id]).toEqual([
      'The address cannot be read.',
      'address-unreadable',
      headers.get('x-request-id'),
    ]);
  },
);

test('a session is continued by its name, also by a new server that must read its history', async () => {
  const session = { session_id: crypto.randomUUID(), stream: true };
  const first = await askServer(server.url, { ...lidar, ...session });
  const later = await startServer(vendors);
  const second = await askServer(later.url, { message: 'And why is that?', ...session });
  await later.close();
  expect(second.events[0]?.conversation_id).toBe(first.events[0]?.conversation_id);
  expect(second.nearest[0]?.['url']).toBe('/docs/sensors/lidar#range');
});

test('clients behind the proxy are limited separately, and can read why', async () => {
  const limited = await startServer({ ...vendors, options: { limits: { perAddress: 1 } } });
  const from = (forwarded: string) =>
    fetch(`${limited.url}/api/chat`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': forwarded,
        origin: 'https://book.example',
      },
      body: JSON.stringify(lidar),
    });
  expect((await from('203.0.113.1, 10.0.0.7')).status).toBe(200);
  const extract = await from('198.51.100.9, 203.0.113.1, 10.0.0.7');
  expect([extract.status, await extract.text()]).toEqual([200, expect.stringContaining('"extractive"')]);
  for (let count = 3; count <= 10; count += 1)
    expect((await from('198.51.100.9, 203.0.113.1, 10.0.0.7')).status).toBe(200);
  const refused = await from(`198.51.100.${10}, 203.0.113.1:4711, 10.0.0.7`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('access-control-allow-origin')).toBe('https://book.example');
  expect((await from('203.0.113.2')).status).toBe(200);
  await limited.close();
});

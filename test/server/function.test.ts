/** The server as a Vercel Function: processes that stand still after an answer and end at any time. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { runFunction } from './running-function.ts';
import { sampleSections } from './sample-sections.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());

/** `FUNCTION_SCALE=20` holds 200 conversations and asks 300 single questions. */
const scale = Number(process.env['FUNCTION_SCALE'] ?? 1);
const lidar = { message: 'How far does a small lidar measure?' };

test('the bundles are ASCII, which V8 reads with one byte a character', async () => {
  for (const name of ['function/server.js', 'space/server.js', 'space/mcp.js'])
    expect(await readFile(new URL(`../../dist/${name}`, import.meta.url), 'utf8')).toMatch(/^[\0-\x7f]*$/);
});

test('a cold process waits for its first look instead of answering 503, and reports its deployment', async () => {
  const { url, close } = await runFunction(vendors);
  const response = await fetch(`${url}/api/health`);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { status: 'healthy', deployment_id: 'deployment-1' },
  ]);
  await close();
});

test('a stream comes in more than one piece, and preflight, HEAD and the page are answered', async () => {
  const { url, close } = await runFunction(vendors);
  const headers = { origin: 'https://book.example', 'access-control-request-method': 'POST' };
  const preflight = await fetch(`${url}/api/chat`, { method: 'OPTIONS', headers });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'https://book.example',
  ]);
  expect((await fetch(`${url}/api/live`, { method: 'HEAD' })).status).toBe(200);
  expect(await (await fetch(url, { headers: { accept: 'text/html' } })).text()).toContain('Robots');
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...lidar, stream: true }),
  });
  const pieces: string[] = [];
  for await (const piece of response.body!) pieces.push(Buffer.from(piece).toString());
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join('')).toContain('twelve metres');
  await close();
});

test('the bundled book answers by its words before any vendor does', async () => {
  const away = {
    ...vendors.environment,
    QDRANT_URL: 'http://127.0.0.1:9',
    GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9',
  };
  const { url, close } = await runFunction({ environment: away, book: sampleSections });
  const { text, sources } = await askServer(url, lidar);
  expect(text).toContain('twelve metres');
  expect(sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
  await close();
});

test('a book of the collection’s own stamp is not read from the collection again', async () => {
  vendors.record.clear();
  const { url, close } = await runFunction({ ...vendors, book: sampleSections });
  expect((await askServer(url, lidar)).text).toContain('twelve metres');
  await close();
  const calls = vendors.record.list().map(({ name }) => name);
  expect(calls).toContain('qdrant.query');
  expect(calls).not.toContain('qdrant.scroll');
});

test('a frozen process goes on where it stood, and looks at its services again', async () => {
  const { url, host, close } = await runFunction(vendors);
  await askServer(url, lidar);
  const [instance] = host.instances();
  await instance!.idle();
  const { pid } = instance!;
  expect((await askServer(url, { message: 'Hello!' })).text).not.toBe('');
  expect(host.instances().map((running) => running.pid)).toEqual([pid]);
  await close();
});

test('no message of conversations over two processes that are frozen and ended at random is lost', async () => {
  // All readers have one address here.
  const environment = { ...vendors.environment, CHAT_PER_MINUTE: '0', CHAT_READS_PER_MINUTE: '0' };
  const { url, host, policy, close } = await runFunction({ environment, policy: { instances: 2 } });
  const conversations = 10 * scale;
  let ends = 0;
  const talk = async (number: number): Promise<string> => {
    const topic = `topic ${number}`;
    const first = await askServer(url, { message: `Hello! I ask about ${topic}.` });
    const id = first.events[0]!.conversation_id!;
    if (number % 5 === 0) {
      const victim = host.instances()[number % 2];
      await victim?.idle();
      await (number % 10 === 0 ? victim?.kill() : victim?.stop());
      ends += 1;
    }
    await askServer(url, { message: 'Thanks, and a second question?', conversation_id: id });
    return id;
  };
  const ids: string[] = [];
  for (let number = 0; number < conversations; number += 1) ids.push(await talk(number));
  for (const [number, id] of ids.entries()) {
    const { messages } = (await (await fetch(`${url}/api/conversation/${id}`)).json()) as {
      messages: { role: string; content: string }[];
    };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(messages[0]!.content).toContain(`topic ${number}.`);
  }
  expect([ends, policy.instances]).toEqual([2 * scale, 2]);
  await close();
});

test('the model is shown the history by whichever process answers', async () => {
  const { url, close } = await runFunction({ ...vendors, policy: { instances: 2 } });
  const secret = `word-${randomUUID().slice(0, 8)}`;
  const first = await askServer(url, { message: `How far does a small lidar measure? ${secret}` });
  vendors.record.clear();
  await askServer(url, { message: 'And its resolution?', conversation_id: first.events[0]!.conversation_id });
  const prompts = vendors.record.list().filter(({ name }) => name.includes('streamGenerateContent'));
  expect(JSON.stringify(prompts.map(({ requestBody }) => requestBody))).toContain(secret);
  await close();
});

test('four processes together do not exceed the daily budget', async () => {
  await resetUsage();
  const environment = { ...vendors.environment, CHAT_DAILY_BUDGET: '10', CHAT_PER_MINUTE: '0' };
  const { url, close } = await runFunction({ environment, policy: { instances: 4 } });
  vendors.record.clear();
  await Promise.all(
    Array.from({ length: 24 }, (_, n) => askServer(url, { message: `How far does a lidar measure, ${n}?` })),
  );
  expect(modelCalls()).toBe(10);
  await close();
});

test(
  'a budget is spent to the last calls by processes that are killed after each answer',
  async () => {
    await resetUsage();
    const budget = scale === 1 ? 4 : 15 * scale;
    const environment = { ...vendors.environment, CHAT_DAILY_BUDGET: String(budget), CHAT_PER_MINUTE: '0' };
    const { url, close } = await runFunction({ environment, policy: { afterAnswer: 'kill' } });
    vendors.record.clear();
    for (let n = 0; n <= budget; n += 1) {
      await askServer(url, { message: `How far does a lidar measure, number ${n}?` });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(modelCalls()).toBeLessThanOrEqual(budget);
    expect(modelCalls()).toBeGreaterThanOrEqual(scale === 1 ? budget : budget - 5);
    await close();
    // Each question starts a process.
  },
  180_000 * Math.ceil(scale / 4),
);

test('stops at 70 % of its allotment, says so in health, and goes on when days have fallen out of the sum', async () => {
  await forgetUsage();
  const limits = { HOSTING_CPU_MINUTES: '240', HOSTING_REQUESTS: '1000' };
  const environment = { ...vendors.environment, ...limits };
  const first = await runFunction({ environment });
  expect(await first.health()).toMatchObject({ status: 'healthy', services: { hosting: { status: 'ok' } } });
  await first.close();
  await query(`insert into rag_function_usage values (current_date - 3, 700, 0)`);
  vendors.record.clear();
  const { url, host, health, close } = await runFunction({ environment, book: sampleSections });
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://book.example' },
    body: JSON.stringify({ message: 'How far does a lidar measure when all is used?' }),
  });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
    503,
    'https://book.example',
  ]);
  expect(await response.json()).toMatchObject({
    error_code: 'allotment-used',
    detail: expect.stringContaining('come back'),
  });
  expect((await fetch(`${url}/api/search?q=lidar`)).status).toBe(503);
  expect(await health()).toMatchObject({
    status: 'degraded',
    failed_services: ['hosting'],
    services: { hosting: { status: 'allotment-used', used_percent: 70 } },
  });
  // Neither the book nor a vendor was asked for anything.
  expect(vendors.record.list()).toEqual([]);
  const [instance] = host.instances();
  const before = instance!.cpuMs();
  for (let n = 0; n < 200; n += 1) await (await fetch(`${url}/api/search?q=${n}`)).text();
  await instance!.idle();
  expect((instance!.cpuMs() - before) / 200).toBeLessThan(5);
  await close();
  await forgetUsage();
  const again = await runFunction({ environment });
  expect((await askServer(again.url, { message: 'How far does a lidar measure afterwards?' })).text).not.toBe(
    '',
  );
  await again.close();
});

test('counts what its processes use, also of those that are ended after each answer', async () => {
  await forgetUsage();
  const { url, close } = await runFunction({
    ...vendors,
    policy: { instances: 2, afterAnswer: 'terminate' },
  });
  for (let n = 0; n < 6; n += 1) await (await fetch(`${url}/api/live?${n}`)).text();
  const used = async () => (await query('select requests::int, cpu_ms::int from rag_function_usage'))[0];
  await expect.poll(async () => (await used())?.['requests'], { timeout: 20_000 }).toBe(6);
  expect((await used())?.['cpu_ms']).toBeGreaterThan(300);
  await close();
});

const modelCalls = (): number =>
  vendors.record.list().filter(({ name }) => name.includes('streamGenerateContent')).length;

const forgetUsage = (): Promise<unknown> => query('delete from rag_function_usage').catch(() => undefined);
const resetUsage = (): Promise<unknown> => query('delete from rag_usage').catch(() => undefined);

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: vendors.environment['DATABASE_URL'] });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

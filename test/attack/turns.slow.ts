/** Answers that readers saw as done, against the rows of the database, after the process has ended. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MessageStore } from '../../server/chat/conversation/message-store.ts';
import { createPostgresStore } from '../../server/adapters/postgres/postgres-store.ts';
import { askServer } from '../server/reference-client.ts';
import { runBundle } from '../server/running-bundle.ts';
import { sampleSections } from '../server/sample-sections.ts';
import { untilHealth } from '../server/start-server.ts';
import { startVendors, writeBook, type Vendors } from '../server/vendors.ts';
import { startDelayProxy } from './delay-proxy.ts';

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());

const questions = 100;

/** Asks at once; resolves to the conversations of the answers that ended with `done`. */
async function askAll(url: string, count: number): Promise<string[]> {
  const replies = await Promise.all(
    Array.from({ length: count }, (_value, index) =>
      askServer(url, { message: `How far does lidar number ${index} measure?` }),
    ),
  );
  return replies.flatMap(({ events }) => {
    const done = events.at(-1);
    return done?.type === 'done' && done['message_id'] !== null ? [String(done.conversation_id)] : [];
  });
}

async function rowsOf(conversations: readonly string[]): Promise<number> {
  const admin = new pg.Client(vendors.postgres.url);
  await admin.connect();
  try {
    const { rows } = await admin.query<{ rows: number }>(
      'select count(*)::int as rows from messages where conversation_id = any($1::uuid[])',
      [conversations],
    );
    return rows[0]?.rows ?? 0;
  } finally {
    await admin.end();
  }
}

test.each([0, 30, 90])('at %i ms, every answer that was done is stored after SIGTERM', async (ms) => {
  const proxy = await startDelayProxy({ port: vendors.postgres.port, ms });
  const url = vendors.postgres.url.replace(`:${vendors.postgres.port}`, `:${proxy.port}`);
  const server = await runBundle({ ...vendors.environment, DATABASE_URL: url });
  await untilHealth(server.url, 'healthy');
  const done = await askAll(server.url, questions);
  expect(done).toHaveLength(questions);
  expect(await server.close()).toBe(0);
  expect(await rowsOf(done)).toBe(2 * questions);
  await proxy.close();
});

test('a stop while a conversation is looked up loses no answer that is done', async () => {
  const proxy = await startDelayProxy({ port: vendors.postgres.port, ms: 800 });
  const url = vendors.postgres.url.replace(`:${vendors.postgres.port}`, `:${proxy.port}`);
  // Giving the lease of the budget back keeps the process for as long as an answer takes.
  const environment = { ...vendors.environment, DATABASE_URL: url, CHAT_DAILY_BUDGET: '300' };
  const server = await runBundle(environment);
  await untilHealth(server.url, 'healthy');
  const first = await askAll(server.url, 1);
  await expect.poll(() => rowsOf(first).catch(() => 0), { timeout: 60_000, interval: 500 }).toBe(2);
  // An id that this process does not know is looked up first.
  const message = 'How far does a small lidar measure?';
  const reply = askServer(server.url, { message, conversation_id: randomUUID() }).catch(() => null);
  await sleep(150);
  expect(await server.close()).toBe(0);
  const last = (await reply)?.events.at(-1);
  const done = last?.type === 'done' ? [String(last.conversation_id)] : [];
  expect(await rowsOf(done)).toBe(2 * done.length);
  await proxy.close();
});

test('with a database that wakes within five seconds, nothing is lost', async () => {
  const server = await runBundle(vendors.environment);
  await untilHealth(server.url, 'healthy');
  vendors.postgres.proxy.sessions.suspend(4_500);
  const done = await askAll(server.url, questions);
  expect(done).toHaveLength(questions);
  expect(await server.close()).toBe(0);
  expect(await rowsOf(done)).toBe(2 * questions);
});

test('with a database that stays away, every message is counted and named in the log', async () => {
  const server = await runBundle({ ...vendors.environment, LOG_LEVEL: 'info' });
  await untilHealth(server.url, 'healthy');
  await vendors.postgres.stop();
  const done = await askAll(server.url, 60);
  expect(await server.close()).toBe(0);
  await vendors.postgres.start();
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.includes('messages-lost'));
  const ids = new Set(lines.join(' ').match(/[0-9a-f]{8}-[0-9a-f-]{27}/g));
  expect(done).toHaveLength(60);
  expect(ids.size).toBe(120);
});

test('200 messages a second at 90 ms are kept up with', async () => {
  const proxy = await startDelayProxy({ port: vendors.postgres.port, ms: 90 });
  const url = vendors.postgres.url.replace(`:${vendors.postgres.port}`, `:${proxy.port}`);
  const store = createPostgresStore({ databaseUrl: url });
  const messages = new MessageStore({
    store,
    maxPending: 1_000,
    now: () => new Date(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: () => undefined,
  });
  await store.prepare({ signal: new AbortController().signal });
  const seconds = 60;
  const conversationId = crypto.randomUUID();
  let most = 0;
  for (let at = 0; at < seconds * 20; at += 1) {
    for (let count = 0; count < 10; count += 1) {
      const id = crypto.randomUUID();
      const message = { role: 'user', content: 'How far?', sources: null, status: 'complete' } as const;
      messages.add({ id, turnId: id, conversationId, ...message });
    }
    most = Math.max(most, messages.backlog.pending);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await messages.close({ ms: 5_000 });
  await store.close();
  await proxy.close();
  expect(messages.backlog.lost).toBe(0);
  expect(most).toBeLessThan(400);
  expect(await rowsOf([conversationId])).toBe(seconds * 200);
});

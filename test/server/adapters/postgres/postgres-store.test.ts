import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPostgres, type Postgres } from '../../../../sandbox/postgres/postgres.ts';
import {
  createPostgresStore,
  type PostgresStore,
} from '../../../../server/adapters/postgres/postgres-store.ts';
import type { StoredMessage } from '../../../../server/chat/protocol.ts';
import { postgresFailure } from '../../../../server/adapters/postgres/postgres-failure.ts';
import { migrations } from '../../../../server/adapters/postgres/migrations.ts';

let postgres: Postgres;
let client: pg.Client;
let store: PostgresStore;
const folder = mkdtempSync(join(tmpdir(), 'rag-space-postgres-test-'));
const { signal } = new AbortController();

beforeAll(async () => {
  chmodSync(folder, 0o755);
  postgres = await startPostgres({ folder, password: 'secret' });
  client = new pg.Client(postgres.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await store.close();
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await store?.close();
  await client.query('drop schema public cascade; create schema public');
  store = createPostgresStore({ databaseUrl: postgres.url });
});

async function messagesOf(
  from: PostgresStore,
  { conversationId, ...request }: { conversationId: string; last?: number; signal: AbortSignal },
): Promise<StoredMessage[]> {
  const conversations = await from.messages({ conversationIds: [conversationId], ...request });
  return conversations.get(conversationId) ?? [];
}

const message = (conversationId: string, role: 'user' | 'assistant', at: string) => ({
  id: randomUUID(),
  conversationId,
  turnId: randomUUID(),
  role,
  content: `${role} says`,
  sources: null,
  status: 'complete' as const,
  at: new Date(at),
});

/** The tables as SQLAlchemy creates them for the FastAPI server. */
const original = `
  create table conversations (id uuid not null primary key, created_at timestamp default now() not null, updated_at timestamp default now() not null);
  create table messages (id uuid not null primary key, conversation_id uuid not null references conversations (id) on delete cascade,
    role varchar(20) not null, content text not null, sources jsonb, created_at timestamp default now() not null);
  insert into conversations (id) values ('6f6dd433-5f95-4da7-a162-618e06b220b0');
  insert into messages values ('341f7734-a5f3-4dbc-b9b4-af86aad9460c', '6f6dd433-5f95-4da7-a162-618e06b220b0', 'user', 'what is physical ai', 'null', '2026-11-23T00:44:12.405892');
  insert into messages values ('b57b9f2d-0ccf-420a-8e36-bdbaf7bc0f65', '6f6dd433-5f95-4da7-a162-618e06b220b0', 'assistant', 'Physical AI', '[{"file":"a.md"}]', '2026-11-23T00:44:12.416569');`;

test('a database of the FastAPI server is read to the microsecond and written as that server writes it', async () => {
  await client.query(original);
  const conversationId = '6f6dd433-5f95-4da7-a162-618e06b220b0';
  const question = message(conversationId, 'user', '2026-11-23T09:00:00.123Z');
  await store.storeAll({ messages: [question], signal });
  const messages = await messagesOf(store, { conversationId, signal });
  expect(messages.map(({ createdAt }) => createdAt)).toEqual([
    '2026-11-23T00:44:12.405892',
    '2026-11-23T00:44:12.416569',
    '2026-11-23T09:00:00.123000',
  ]);
  expect(messages[1]?.sources).toEqual([{ file: 'a.md' }]);
  const { rows } = await client.query('select sources::text from messages where id = $1', [question.id]);
  expect(rows).toEqual([{ sources: 'null' }]);
  // The FastAPI server's own insert still works on the migrated tables.
  await client.query(
    `insert into messages (id, conversation_id, role, content, sources) values ('${randomUUID()}', '${conversationId}', 'user', 'x', 'null')`,
  );
});

test('storing a message twice stores it once, and an unknown conversation id creates one', async () => {
  const question = message(randomUUID(), 'user', '2026-11-23T09:00:00Z');
  await store.storeAll({ messages: [question], signal });
  await store.storeAll({ messages: [question], signal });
  expect(await messagesOf(store, { conversationId: question.conversationId, signal })).toHaveLength(1);
});

test('questions that were asked at once are followed by their own answers, even of the same millisecond', async () => {
  const conversationId = randomUUID();
  const at = '2026-11-23T09:00:00Z';
  const turns: string[] = [randomUUID(), randomUUID()].sort();
  const part = (turnId: string | undefined, role: 'user' | 'assistant', time = at) => ({
    ...message(conversationId, role, time),
    turnId: turnId!,
    content: `${turns.indexOf(turnId!)} ${role}`,
  });
  const messages = [
    part(turns[0], 'user'),
    part(turns[1], 'user'),
    part(turns[1], 'assistant', '2026-11-23T09:00:01Z'),
    part(turns[0], 'assistant', '2026-11-23T09:00:02Z'),
  ];
  await store.storeAll({ messages, signal });
  const stored = await messagesOf(store, { conversationId, signal });
  expect(stored.map(({ content }) => content)).toEqual(['0 user', '0 assistant', '1 user', '1 assistant']);
  const newest = await messagesOf(store, { conversationId, last: 2, signal });
  expect(newest.map(({ content }) => content)).toEqual(['1 user', '1 assistant']);
});

test.each(['Asia/Karachi', 'America/Los_Angeles'])(
  'a conversation that the FastAPI server began in the time zone %s is continued in its order, in UTC',
  async (zone) => {
    const { pathname } = new URL(postgres.url);
    await client.query(`alter database "${pathname.slice(1)}" set timezone = '${zone}'`);
    try {
      const conversationId = randomUUID();
      const fastApi = new pg.Client(postgres.url);
      await fastApi.connect();
      await fastApi.query(original);
      await fastApi.query('insert into conversations (id) values ($1)', [conversationId]);
      for (const role of ['user', 'assistant'])
        await fastApi.query(
          `insert into messages (id, conversation_id, role, content, sources) values ($1, $2, $3::text, $3::text, 'null')`,
          [randomUUID(), conversationId, role],
        );
      await fastApi.end();
      const now = new Date(Date.now() + 1_000);
      const later = message(conversationId, 'user', now.toISOString());
      await store.storeAll({ messages: [later], signal });
      const messages = await messagesOf(store, { conversationId, signal });
      expect(messages.map(({ content }) => content)).toEqual(['user', 'assistant', 'user says']);
      for (const { createdAt } of messages)
        expect(Math.abs(Date.parse(`${createdAt}Z`) - now.getTime())).toBeLessThan(60_000);
    } finally {
      await client.query(`alter database "${pathname.slice(1)}" reset timezone`);
    }
  },
);

test.each(['08P01', '42501', '26000', '0A000', '3F000', 'XX000', '57014'])(
  'the error %s is a state that may pass, not a reason to give messages up',
  (code) => {
    expect(postgresFailure(Object.assign(new Error('rejected'), { code })).code).not.toBe('postgres-failed');
  },
);

test('the last messages are returned in order', async () => {
  const id = randomUUID();
  for (const [minute, role] of ['user', 'assistant', 'user', 'assistant'].entries())
    await store.storeAll({ messages: [message(id, role as 'user', `2026-11-23T09:0${minute}:00Z`)], signal });
  const last = await messagesOf(store, { conversationId: id, last: 2, signal });
  expect(last.map(({ role }) => role)).toEqual(['user', 'assistant']);
});

test('text that PostgreSQL cannot store is stored without the invalid part', async () => {
  const question = {
    ...message(randomUUID(), 'user', '2026-11-23T09:00:00Z'),
    content: 'a\0b \ud800 \\u0000',
  };
  await store.storeAll({ messages: [question], signal });
  const [stored] = await messagesOf(store, { conversationId: question.conversationId, signal });
  expect(stored?.content).toBe('ab \ufffd \\u0000');
});

test('two servers that start together migrate once', async () => {
  const other = createPostgresStore({ databaseUrl: postgres.url });
  await Promise.all([store.prepare({ signal }), other.prepare({ signal })]);
  await other.close();
  const { rows } = await client.query('select name from rag_migrations');
  expect(rows).toHaveLength(migrations.length);
});

test("sessions keep their key when the database's password is changed, and two servers share it", async () => {
  const proposals = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)] as const;
  const other = createPostgresStore({ databaseUrl: postgres.url });
  const keys = await Promise.all([
    store.sessionKey({ proposal: proposals[0], signal }),
    other.sessionKey({ proposal: proposals[1], signal }),
  ]);
  await other.close();
  expect(keys[0]).toEqual(keys[1]);
  expect([proposals[0], proposals[1]]).toContainEqual(keys[0]);
  const user = new URL(postgres.url).username;
  await client.query(`alter role "${user}" password 'changed'`);
  const rotated = createPostgresStore({ databaseUrl: postgres.url.replace('secret', 'changed') });
  try {
    expect(await rotated.sessionKey({ proposal: proposals[2], signal })).toEqual(keys[0]);
  } finally {
    await rotated.close();
    await client.query(`alter role "${user}" password 'secret'`);
  }
});

test('a connection that the server closed is replaced without an error', async () => {
  const id = randomUUID();
  await store.storeAll({ messages: [message(id, 'user', '2026-11-23T09:00:00Z')], signal });
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rag-space'`,
  );
  expect(await messagesOf(store, { conversationId: id, signal })).toHaveLength(1);
});

test('a wrong password and an unreachable server give different codes, without the driver’s messages', async () => {
  const wrong = createPostgresStore({ databaseUrl: postgres.url.replace('secret', 'wrong') });
  await expect(wrong.prepare({ signal })).rejects.toMatchObject({ code: 'postgres-login-rejected' });
  const away = createPostgresStore({ databaseUrl: 'postgresql://u:pw@127.0.0.1:1/db' });
  await expect(away.prepare({ signal })).rejects.toMatchObject({ code: 'postgres-unreachable' });
  await Promise.all([wrong.close(), away.close()]);
});

test('a statement that cannot run now differs from one that is rejected, and succeeds later', async () => {
  const user = new URL(postgres.url).username;
  const question = message(randomUUID(), 'user', '2026-11-23T09:00:00Z');
  await store.prepare({ signal });
  await store.close();
  await client.query(`alter role "${user}" set default_transaction_read_only = on`);
  store = createPostgresStore({ databaseUrl: postgres.url });
  try {
    await expect(store.storeAll({ messages: [question], signal })).rejects.toMatchObject({
      code: 'postgres-unable',
    });
  } finally {
    await client.query(`alter role "${user}" reset default_transaction_read_only`);
  }
  await store.storeAll({ messages: [question], signal });
  expect(await messagesOf(store, { conversationId: question.conversationId, signal })).toHaveLength(1);
});

test('the connection of a statement that takes too long is not reused, and the message is stored once', async () => {
  await store.close();
  store = createPostgresStore({ databaseUrl: postgres.url, statementTimeoutMs: 300 });
  await store.prepare({ signal });
  const question = message(randomUUID(), 'user', '2026-11-23T09:00:00Z');
  await client.query('begin; lock table messages in access exclusive mode');
  try {
    await expect(store.storeAll({ messages: [question], signal })).rejects.toMatchObject({
      code: 'postgres-unable',
    });
    // The next statement need not wait behind it.
    await store.ping({ signal });
  } finally {
    await client.query('commit');
  }
  await store.storeAll({ messages: [question], signal });
  expect(await messagesOf(store, { conversationId: question.conversationId, signal })).toHaveLength(1);
});

test('tables that were dropped are created again', async () => {
  const question = message(randomUUID(), 'user', '2026-11-23T09:00:00Z');
  await store.prepare({ signal });
  await client.query('drop schema public cascade; create schema public');
  await expect(store.storeAll({ messages: [question], signal })).rejects.toMatchObject({
    code: 'postgres-unable',
  });
  await store.storeAll({ messages: [question], signal });
  expect(await messagesOf(store, { conversationId: question.conversationId, signal })).toHaveLength(1);
});

test('leases never exceed the budget, also when several servers lease at once', async () => {
  const other = createPostgresStore({ databaseUrl: postgres.url });
  const request = { day: '2025-11-28', calls: 20, budget: 110, unsettled: 0, signal };
  const granted = await Promise.all(
    Array.from({ length: 8 }, (_value, index) => (index % 2 === 0 ? store : other).lease(request)),
  );
  expect(granted.reduce((sum, calls) => sum + calls, 0)).toBe(110);
  await other.settle({ day: request.day, calls: -15, signal });
  expect(await store.lease({ ...request, unsettled: 10 })).toBe(5);
  expect(await store.lease({ ...request, unsettled: 30 })).toBe(0);
  await other.close();
  await store.addUsage({ day: request.day, calls: 2, inputTokens: 3_000_000_000, outputTokens: 5, signal });
  await store.addUsage({ day: request.day, calls: 1, inputTokens: 1, outputTokens: 1, signal });
  expect(await store.usageOf({ day: request.day, signal })).toEqual({
    leased: 140,
    calls: 3,
    inputTokens: 3_000_000_001,
    outputTokens: 6,
  });
  expect(await store.usageOf({ day: '2025-11-29', signal })).toMatchObject({ leased: 0, calls: 0 });
});

test('several conversations are read at once, and only those that exist', async () => {
  const [first, second, empty, unknown] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const messages = [
    message(first, 'user', '2026-11-23T09:00:01Z'),
    message(second, 'user', '2026-11-23T09:00:02Z'),
    message(first, 'user', '2026-11-23T09:00:03Z'),
    message(first, 'user', '2026-11-23T09:00:04Z'),
  ];
  await store.storeAll({ messages, signal });
  await client.query('insert into conversations (id) values ($1)', [empty]);
  const conversations = await store.messages({
    conversationIds: [first, unknown, second, empty],
    last: 2,
    signal,
  });
  const ids = Object.fromEntries([...conversations].map(([id, each]) => [id, each.map((row) => row.id)]));
  expect(ids).toEqual({
    [first]: [messages[2]!.id, messages[3]!.id],
    [second]: [messages[1]!.id],
    [empty]: [],
  });
});

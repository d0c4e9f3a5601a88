/** Which rows a daily run deletes, and that the tables still serve the programs that knew them before. */
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPostgres, type Postgres } from '../../../../sandbox/postgres/postgres.ts';
import { migrations } from '../../../../server/adapters/postgres/migrations.ts';
import { openStoredConversations } from '../../../../server/adapters/postgres/owner/stored-conversations.ts';
import {
  createPostgresStore,
  type PostgresStore,
} from '../../../../server/adapters/postgres/postgres-store.ts';
import type { MessageToStore } from '../../../../server/chat/ports.ts';

let postgres: Postgres;
let client: pg.Client;
let stores: PostgresStore[] = [];
const folder = mkdtempSync(join(tmpdir(), 'rag-space-retention-test-'));
const { signal } = new AbortController();

beforeAll(async () => {
  chmodSync(folder, 0o755);
  postgres = await startPostgres({ folder, password: 'secret' });
  client = new pg.Client(postgres.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  stores = [];
  await client.query('drop schema public cascade; create schema public');
});

function storeOf(deployment: string | null): PostgresStore {
  const store = createPostgresStore({ databaseUrl: postgres.url, deployment });
  stores.push(store);
  return store;
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
const turn = {
  verdict: 'answered',
  strategies: ['hybrid'],
  cosine: 0.8,
  coverage: 0.5,
  vector: 'AAEC',
  cited: ['/docs/a#b'],
  nearest: [],
  ms: 12,
  tokens: { inputTokens: 3, outputTokens: 4 },
  page: null,
  version: null,
  locale: null,
} as const;

/** Stores a question and its answer of some days ago; returns the answer's id. */
async function storeTurn(
  store: PostgresStore,
  { conversationId = randomUUID(), days }: { conversationId?: string; days: number },
): Promise<string> {
  const turnId = randomUUID();
  const common = { conversationId, turnId, sources: null, status: 'complete', at: daysAgo(days) } as const;
  const messages: MessageToStore[] = [
    { ...common, id: turnId, role: 'user', content: 'How far?' },
    { ...common, id: randomUUID(), role: 'assistant', content: 'Twelve metres.', turn },
  ];
  await store.storeAll({ messages, signal });
  const feedback = { messageId: messages[1]!.id, rating: 'down', tag: null, note: 'No.' } as const;
  expect(await store.storeFeedback({ feedback, signal })).toBe(true);
  return messages[1]!.id;
}

/** Rows of each table. */
async function counts(): Promise<number[]> {
  const tables = ['conversations', 'messages', 'rag_turns', 'rag_feedback'];
  const results = await Promise.all(
    tables.map((table) => client.query<{ n: number }>(`select count(*)::int as n from ${table}`)),
  );
  return results.map(({ rows }) => rows[0]!.n);
}

test('what is older than the limit goes with its vectors and feedback, and younger rows stay', async () => {
  const store = storeOf('ana/book');
  const conversationId = randomUUID();
  await storeTurn(store, { conversationId, days: 40 });
  const younger = await storeTurn(store, { conversationId, days: 29 });
  await storeTurn(store, { days: 31 });
  expect(await counts()).toEqual([2, 6, 3, 3]);
  const request = { days: 30, includesUnnamed: false, signal };
  expect(await store.deleteExpired(request)).toEqual({ messages: 4, conversations: 1 });
  expect(await counts()).toEqual([1, 2, 1, 1]);
  expect((await client.query('select message_id from rag_feedback')).rows).toEqual([{ message_id: younger }]);
});

test('there is one run a day, also of two processes at once', async () => {
  const [store, other] = [storeOf('ana/book'), storeOf('ana/book')];
  await storeTurn(store, { days: 31 });
  const request = { days: 30, includesUnnamed: false, signal };
  const outcomes = await Promise.all([store.deleteExpired(request), other.deleteExpired(request)]);
  expect(outcomes.filter((outcome) => outcome !== null)).toEqual([{ messages: 2, conversations: 1 }]);
  await storeTurn(store, { days: 31 });
  expect(await other.deleteExpired(request)).toBeNull();
  await client.query('update rag_daily_runs set day = day - 1');
  expect(await other.deleteExpired(request)).toEqual({ messages: 2, conversations: 1 });
});

test('a deployment deletes its own conversations only, and unnamed ones only where that was accepted', async () => {
  const [own, other, unnamed] = [storeOf('ana/book'), storeOf('bea/book'), storeOf(null)];
  for (const store of [own, other, unnamed]) await storeTurn(store, { days: 100 });
  expect(await own.deleteExpired({ days: 1, includesUnnamed: false, signal })).toEqual({
    messages: 2,
    conversations: 1,
  });
  expect(await unnamed.deleteExpired({ days: 1, includesUnnamed: true, signal })).toBeNull();
  await client.query('delete from rag_daily_runs');
  expect(await own.deleteExpired({ days: 1, includesUnnamed: true, signal })).toEqual({
    messages: 2,
    conversations: 1,
  });
  const { rows } = await client.query('select deployment from conversations');
  expect(rows).toEqual([{ deployment: 'bea/book' }]);
});

test('an unnamed conversation that a deployment continues stays unnamed', async () => {
  const conversationId = randomUUID();
  await storeTurn(storeOf(null), { conversationId, days: 100 });
  await storeTurn(storeOf('ana/book'), { conversationId, days: 90 });
  const { rows } = await client.query('select deployment from conversations');
  expect(rows).toEqual([{ deployment: null }]);
});

test('what a retention would delete is counted before it is chosen, also in a database of an earlier version', async () => {
  const conversations = openStoredConversations({ databaseUrl: postgres.url, signal });
  expect(await conversations.countExpiring([30], 'ana/a')).toBeNull();
  await client.query(migrations[0]!.sql);
  const id = randomUUID();
  await client.query(`insert into conversations (id, created_at, updated_at) values ($1, $2, $2)`, [
    id,
    daysAgo(60),
  ]);
  await client.query(
    `insert into messages (id, conversation_id, role, content, created_at) values ($1, $2, 'user', 'Q', $3)`,
    [randomUUID(), id, daysAgo(60)],
  );
  expect(await conversations.countExpiring([90, 30], 'ana/a')).toEqual([
    { days: 90, own: 0, unnamed: 0 },
    { days: 30, own: 0, unnamed: 1 },
  ]);
  await storeTurn(storeOf('ana/a'), { days: 100 });
  await storeTurn(storeOf('bea/b'), { days: 100 });
  expect(await conversations.countExpiring([30], 'ana/a')).toEqual([{ days: 30, own: 2, unnamed: 1 }]);
  expect(await conversations.countExpiring([30], null)).toEqual([{ days: 30, own: 0, unnamed: 1 }]);
  await conversations.close();
});

test.each([1, 2, 3, 4, 5, 6])(
  'whatever the ages, servers and settings, exactly the own rows above the limit go: random case %i',
  async (seed) => {
    let state = seed * 7919;
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const servers = ['ana/book', 'bea/book', null];
    const turns: { id: string; server: string | null; days: number }[] = [];
    for (let index = 0; index < 24; index += 1) {
      const server = servers[random(3)] ?? null;
      // Half a day beside every limit.
      const days = random(120) + 0.5;
      turns.push({ id: await storeTurn(storeOf(server), { days }), server, days });
    }
    const remaining = async (): Promise<string[]> => {
      const { rows } = await client.query<{ id: string }>(`select id from messages where role = 'assistant'`);
      return rows.map(({ id }) => id).toSorted();
    };
    const kept = (isKept: (turn: (typeof turns)[number]) => boolean): string[] =>
      turns
        .filter(isKept)
        .map(({ id }) => id)
        .toSorted();
    const request = { days: 1 + random(100), includesUnnamed: random(2) === 0, signal };
    // A day that was recorded by a clock that ran ahead: nothing is due before that day has passed.
    await client.query(
      `insert into rag_daily_runs (name, day) values ('retention:ana/book', now()::date + $1::int)`,
      [1 + random(400)],
    );
    expect(await storeOf('ana/book').deleteExpired(request)).toBeNull();
    expect(await remaining()).toEqual(kept(() => true));
    await client.query('update rag_daily_runs set day = now()::date - $1::int', [1 + random(400)]);
    await storeOf('ana/book').deleteExpired(request);
    const isOurs = (server: string | null): boolean =>
      server === 'ana/book' || (server === null && request.includesUnnamed);
    expect(await remaining()).toEqual(kept(({ server, days }) => !isOurs(server) || days < request.days));
    const [, messages, records, ratings] = await counts();
    expect([messages, records, ratings]).toEqual([messages, (messages ?? 0) / 2, (messages ?? 0) / 2]);
  },
);

test('thousands of rows are deleted in one run', async () => {
  const store = storeOf('ana/book');
  await storeTurn(store, { days: 1 });
  await client.query(`
    with conversation as (
      insert into conversations (id, created_at, updated_at, deployment)
      select gen_random_uuid(), now() - interval '90 days', now() - interval '90 days', 'ana/book'
      from generate_series(1, 6000) returning id)
    insert into messages (id, conversation_id, role, content, created_at)
    select gen_random_uuid(), id, 'user', 'x', now() - interval '90 days' from conversation`);
  const deleted = await store.deleteExpired({ days: 30, includesUnnamed: false, signal });
  expect(deleted).toEqual({ messages: 6_000, conversations: 6_000 });
  expect(await counts()).toEqual([1, 2, 1, 1]);
});

/** What version 0.1, and the FastAPI server before it, store of a turn. */
const oldInsert = `
  with conversation as (
    insert into conversations (id) values ($1) on conflict (id) do update set updated_at = now() returning id)
  insert into messages (id, conversation_id, role, content, sources)
  select message.id, conversation.id, 'user', 'x', 'null' from conversation, unnest($2::uuid[]) as message (id)`;
/** As SQLAlchemy reads a conversation. */
const oldSelect = `select conversations.id, conversations.created_at, conversations.updated_at, messages.id, messages.role,
  messages.content, messages.sources, messages.created_at from conversations
  join messages on messages.conversation_id = conversations.id order by messages.created_at`;

test('an old database is migrated while old servers store in it: no turn is lost, and they can still read it', async () => {
  await client.query(
    migrations
      .slice(0, 6)
      .map(({ sql }) => sql)
      .join('\n'),
  );
  await client.query(
    'create table rag_migrations (name text primary key, applied_at timestamptz default now())',
  );
  await client.query('insert into rag_migrations (name) select unnest($1::text[])', [
    migrations.slice(0, 6).map(({ name }) => name),
  ]);
  const stop = new AbortController();
  let stored = 0;
  const servers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const server = new pg.Client(postgres.url);
      await server.connect();
      return server;
    }),
  );
  const load = servers.map(async (server) => {
    while (!stop.signal.aborted) {
      await server.query(oldInsert, [randomUUID(), [randomUUID(), randomUUID()]]);
      stored += 2;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await storeOf('ana/book').prepare({ signal });
  await new Promise((resolve) => setTimeout(resolve, 200));
  stop.abort();
  await Promise.all(load);
  for (const server of servers) await server.end();
  expect(stored).toBeGreaterThan(50);
  expect((await client.query(oldSelect)).rowCount).toBe(stored);
  expect((await client.query('select 1 from rag_migrations')).rowCount).toBe(migrations.length);
});

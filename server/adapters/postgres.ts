import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { MessageToStore, StoredMessage, TurnStore } from '../chat/ports.ts';
import { migrate } from './migrate.ts';
import { postgresAddress } from './postgres-address.ts';
import { isPassing, postgresFailure } from './postgres-failure.ts';
import { openPool, webSocketRoadFor, type OpenedPool, type WebSocketRoad } from './postgres-pool.ts';

/** Milliseconds that closing waits for the database. */
const closeTimeoutMs = 200;

/**
 * One statement, so one round trip: the conversation when it is new, and its message. JSON null and not SQL
 * NULL stands where there are no sources, as the original writes it.
 */
const insertMessage = `
  with conversation as (
    insert into conversations (id, created_at, updated_at) values ($2, $7::timestamp, $7::timestamp)
    on conflict (id) do update set updated_at = greatest(conversations.updated_at, excluded.updated_at)
    returning id
  )
  insert into messages (id, conversation_id, role, content, sources, status, created_at)
  select $1, conversation.id, $3, $4, $5::jsonb, $6, $7::timestamp from conversation
  on conflict (id) do nothing`;

/** The newest ones, oldest first; as text, because the driver would read a zoneless timestamp as local time. */
const selectMessages = `
  select id, role, content, sources, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US') as created_at
  from (
    select id, role, content, sources, created_at, (role = 'user')::int as asked
    from messages where conversation_id = $1
    order by created_at desc, asked limit $2
  ) as newest
  order by created_at, asked desc`;

type Row = Omit<StoredMessage, 'createdAt'> & { created_at: string };

export type PostgresStore = TurnStore & {
  /** Connects and migrates; every other call does so first. Safe to call often. Throws a Failure. */
  prepare(request: { signal: AbortSignal }): Promise<void>;
  /** One cheap statement; throws a Failure. */
  ping(request: { signal: AbortSignal }): Promise<void>;
  /** Null until a statement was tried; then what the last one ended with. Costs nothing. */
  lastOutcome(): { ok: boolean; at: Date } | null;
  /** The way the connections take, `5432` or `443 (WebSocket)`; null until one stood. */
  road(): string | null;
};

/**
 * Conversations in the original's tables. A small pool; an idle connection that Neon closes is replaced, and a
 * statement that met it is tried once more (each may be repeated: ids are the caller's). Throws a Failure.
 */
export function createPostgresStore({
  databaseUrl,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 10_000,
  second = webSocketRoadFor(postgresAddress(databaseUrl).host),
}: {
  databaseUrl: string;
  connectTimeoutMs?: number;
  statementTimeoutMs?: number;
  /** Another road for when the address' own port is blocked; Neon's by default. */
  second?: WebSocketRoad | null;
}): PostgresStore {
  const address = postgresAddress(databaseUrl);
  let pool: Promise<OpenedPool> | undefined;
  let road: string | null = null;
  let prepared: Promise<void> | undefined;
  let outcome: { ok: boolean; at: Date } | null = null;

  async function open(): Promise<OpenedPool> {
    try {
      const opened = await openPool({
        address,
        second,
        options: {
          max: 4,
          idleTimeoutMillis: 30_000,
          connectionTimeoutMillis: connectTimeoutMs,
          // By the client: a pooled Neon address refuses `statement_timeout` at the start of a session.
          query_timeout: statementTimeoutMs,
          application_name: 'rag-space',
        },
      });
      road = opened.road;
      return opened;
    } catch (error) {
      pool = undefined;
      throw error;
    }
  }

  async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const { pool: opened } = await (pool ??= open());
    const client = await opened.connect();
    let broken = false;
    // A connection that dies outside a statement says so by an event; unheard, it would end the process.
    const onError = (): void => void (broken = true);
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      broken ||= isPassing(error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async function run<T>(signal: AbortSignal, work: (client: PoolClient) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      const result = await withClient(work).catch((error: unknown) => {
        if (!isPassing(error) || signal.aborted) throw error;
        return withClient(work);
      });
      outcome = { ok: true, at: new Date() };
      return result;
    } catch (error) {
      outcome = { ok: false, at: new Date() };
      throw postgresFailure(error);
    }
  }

  function prepare({ signal }: { signal: AbortSignal }): Promise<void> {
    prepared ??= run(signal, migrate).catch((error: unknown) => {
      prepared = undefined;
      throw error;
    });
    return prepared;
  }

  return {
    prepare,
    ping: ({ signal }) => run(signal, async (client) => void (await client.query('select 1'))),
    lastOutcome: () => outcome,
    road: () => road,
    async store({ message, signal }) {
      await prepare({ signal });
      await run(signal, (client) => storeMessage(client, message));
    },
    async messages({ conversationId, last = 1000, signal }) {
      await prepare({ signal });
      const { rows } = await run(signal, (client) =>
        client.query<Row>(selectMessages, [conversationId, last]),
      );
      return rows.map(({ created_at: createdAt, ...row }) => ({ ...row, createdAt }));
    },
    async close() {
      // A database that neither takes a connection nor refuses it holds nobody's end up.
      await Promise.race([ended(pool), sleep(closeTimeoutMs, undefined, { ref: false })]);
    },
  };
}

async function ended(pool: Promise<OpenedPool> | undefined): Promise<void> {
  const opened = await pool?.catch(() => undefined);
  if (opened !== undefined && !opened.pool.ended) await opened.pool.end();
}

async function storeMessage(client: PoolClient, message: MessageToStore): Promise<void> {
  await client.query(insertMessage, [
    message.id,
    message.conversationId,
    message.role,
    storable(message.content),
    JSON.stringify(message.sources, (_key, value: unknown) =>
      typeof value === 'string' ? storable(value) : value,
    ),
    message.status,
    message.at.toISOString().replace('Z', ''),
  ]);
}

/** PostgreSQL stores neither U+0000 nor lone surrogates. */
function storable(text: string): string {
  return Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');
}

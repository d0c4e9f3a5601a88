import type { PoolClient } from 'pg';
import type { MessageToStore, SessionKeyStore, StoredMessage, ConversationStore } from '../../chat/ports.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { webSocketTransportFor, type WebSocketTransport } from './postgres-pool.ts';

/**
 * Stores the message, and its conversation if new, in one statement and so one round trip. Without sources, the column
 * has JSON null, not SQL NULL, as the FastAPI server this replaces writes it.
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

/** The newest messages, oldest first; times as text, because the driver reads a timestamp without a zone as local time. */
const selectMessages = `
  select id, role, content, sources, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US') as created_at
  from (
    select id, role, content, sources, created_at, (role = 'user')::int as asked
    from messages where conversation_id = $1
    order by created_at desc, asked limit $2
  ) as newest
  order by created_at, asked desc`;

type MessageRow = Omit<StoredMessage, 'createdAt'> & { created_at: string };

export type PostgresStore = ConversationStore &
  SessionKeyStore & {
    /** Connects and migrates, as every other call does first. May be called often. Throws a ServerFailure. */
    prepare(request: { signal: AbortSignal }): Promise<void>;
    /** Runs one cheap statement; throws a ServerFailure. */
    ping(request: { signal: AbortSignal }): Promise<void>;
    /** The outcome of the last statement; null before the first. Queries nothing. */
    lastOutcome(): { ok: boolean; at: Date } | null;
    /** Port and transport of the connections, `5432` or `443 (WebSocket)`; null before the first. */
    activeEndpoint(): string | null;
  };

/** `do update`, because `do nothing` would not return an existing key. */
const upsertSessionKey = `
  insert into rag_keys (name, value) values ('sessions', $1)
  on conflict (name) do update set name = excluded.name returning value`;

/**
 * Conversations in PostgreSQL, in the tables of the FastAPI server this replaces. Every statement may be repeated, since
 * ids come from the caller. Throws a ServerFailure.
 */
export function createPostgresStore({
  databaseUrl,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 10_000,
  fallback = webSocketTransportFor(parsePostgresUrl(databaseUrl).host),
}: {
  databaseUrl: string;
  connectTimeoutMs?: number;
  statementTimeoutMs?: number;
  /** Used where the database's port is blocked; Neon's WebSocket by default. */
  fallback?: WebSocketTransport | null;
}): PostgresStore {
  const address = parsePostgresUrl(databaseUrl);
  const connection = new PostgresConnection({ address, fallback, connectTimeoutMs, statementTimeoutMs });

  async function run<T>(signal: AbortSignal, work: (client: PoolClient) => Promise<T>): Promise<T> {
    await connection.prepare(signal);
    return connection.run(signal, work);
  }

  return {
    prepare: ({ signal }) => connection.prepare(signal),
    ping: ({ signal }) => connection.run(signal, async (client) => void (await client.query('select 1'))),
    lastOutcome: () => connection.lastOutcome,
    activeEndpoint: () => connection.activeEndpoint,
    store: ({ message, signal }) => run(signal, (client) => storeMessage(client, message)),
    async messages({ conversationId, last = 1000, signal }) {
      const { rows } = await run(signal, (client) =>
        client.query<MessageRow>(selectMessages, [conversationId, last]),
      );
      return rows.map(({ created_at: createdAt, ...row }) => ({ ...row, createdAt }));
    },
    async sessionKey({ proposal, signal }) {
      const { rows } = await run(signal, (client) =>
        client.query<{ value: string }>(upsertSessionKey, [proposal.toString('hex')]),
      );
      return Buffer.from(rows[0]?.value ?? '', 'hex');
    },
    close: () => connection.close(),
  };
}

async function storeMessage(client: PoolClient, message: MessageToStore): Promise<void> {
  await client.query(insertMessage, [
    message.id,
    message.conversationId,
    message.role,
    sanitiseText(message.content),
    JSON.stringify(message.sources, (_key, value: unknown) =>
      typeof value === 'string' ? sanitiseText(value) : value,
    ),
    message.status,
    message.at.toISOString().replace('Z', ''),
  ]);
}

/** PostgreSQL stores neither U+0000 nor lone surrogates. */
function sanitiseText(text: string): string {
  return Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');
}

import type { PoolClient } from 'pg';
import type { MessageToStore, SessionKeyStore, StoredMessage, ConversationStore } from '../../chat/ports.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { webSocketTransportFor, type WebSocketTransport } from './postgres-pool.ts';

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

type MessageRow = Omit<StoredMessage, 'createdAt'> & { created_at: string };

export type PostgresStore = ConversationStore &
  SessionKeyStore & {
    /** Connects and migrates; every other call does so first. Safe to call often. Throws a Failure. */
    prepare(request: { signal: AbortSignal }): Promise<void>;
    /** One cheap statement; throws a Failure. */
    ping(request: { signal: AbortSignal }): Promise<void>;
    /** Null until a statement was tried; then what the last one ended with. Costs nothing. */
    lastOutcome(): { ok: boolean; at: Date } | null;
    /** The way the connections take, `5432` or `443 (WebSocket)`; null until one stood. */
    road(): string | null;
  };

/** `do update`, because only then a key that stands already is returned. */
const upsertSessionKey = `
  insert into rag_keys (name, value) values ('sessions', $1)
  on conflict (name) do update set name = excluded.name returning value`;

/** Conversations in the original's tables. Each statement may be repeated: ids are the caller's. Throws a Failure. */
export function createPostgresStore({
  databaseUrl,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 10_000,
  second = webSocketTransportFor(parsePostgresUrl(databaseUrl).host),
}: {
  databaseUrl: string;
  connectTimeoutMs?: number;
  statementTimeoutMs?: number;
  /** Another road for when the address' own port is blocked; Neon's by default. */
  second?: WebSocketTransport | null;
}): PostgresStore {
  const address = parsePostgresUrl(databaseUrl);
  const connection = new PostgresConnection({ address, second, connectTimeoutMs, statementTimeoutMs });

  async function run<T>(signal: AbortSignal, work: (client: PoolClient) => Promise<T>): Promise<T> {
    await connection.prepare(signal);
    return connection.run(signal, work);
  }

  return {
    prepare: ({ signal }) => connection.prepare(signal),
    ping: ({ signal }) => connection.run(signal, async (client) => void (await client.query('select 1'))),
    lastOutcome: () => connection.lastOutcome,
    road: () => connection.activeEndpoint,
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

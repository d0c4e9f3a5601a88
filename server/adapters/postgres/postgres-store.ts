import type { PoolClient } from 'pg';
import type { FunctionUsageStore } from '../../chat/budget/allotment.ts';
import type {
  ConversationStore,
  FeedbackStore,
  RetentionStore,
  SessionKeyStore,
  UsageStore,
} from '../../chat/ports.ts';
import { storeFeedback } from './feedback-table.ts';
import { addFunctionUsage } from './function-usage-table.ts';
import { deleteExpired } from './retention.ts';
import { insertAll, selectNewest } from './message-table.ts';
import { addUsage, lease, selectUsage, settle, type UsageOfDay } from './usage-table.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { webSocketTransportFor, type WebSocketTransport } from './postgres-pool.ts';

export type PostgresStore = ConversationStore &
  SessionKeyStore &
  UsageStore &
  FeedbackStore &
  RetentionStore &
  FunctionUsageStore & {
    isWaking(): boolean;
    usageOf(request: { day: string; signal: AbortSignal }): Promise<UsageOfDay>;
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
  deployment = null,
  connectTimeoutMs = 10_000,
  statementTimeoutMs = 10_000,
  fallback = webSocketTransportFor(parsePostgresUrl(databaseUrl).host),
}: {
  databaseUrl: string;
  /** Whose the conversations are that this process begins; null names none. */
  deployment?: string | null;
  connectTimeoutMs?: number;
  statementTimeoutMs?: number;
  /** Used where the database's port is blocked; Neon's WebSocket by default. */
  fallback?: WebSocketTransport | null;
}): PostgresStore {
  const address = parsePostgresUrl(databaseUrl);
  const connection = new PostgresConnection({ address, fallback, connectTimeoutMs, statementTimeoutMs });

  async function run<T>(
    signal: AbortSignal,
    work: (client: PoolClient) => Promise<T>,
    options?: { once: boolean },
  ): Promise<T> {
    await connection.prepare(signal);
    return connection.run(signal, work, options);
  }

  return {
    prepare: ({ signal }) => connection.prepare(signal),
    ping: ({ signal }) => connection.run(signal, async (client) => void (await client.query('select 1'))),
    lastOutcome: () => connection.lastOutcome,
    activeEndpoint: () => connection.activeEndpoint,
    storeAll: ({ messages, signal }) => run(signal, (client) => insertAll(client, { messages, deployment })),
    messages: ({ conversationIds, last = 1000, signal }) =>
      run(signal, (client) => selectNewest(client, { conversationIds, last })),
    async sessionKey({ proposal, signal }) {
      const { rows } = await run(signal, (client) =>
        client.query<{ value: string }>(upsertSessionKey, [proposal.toString('hex')]),
      );
      return Buffer.from(rows[0]?.value ?? '', 'hex');
    },
    storeFeedback: ({ feedback, signal }) => run(signal, (client) => storeFeedback(client, feedback)),
    async deleteExpired({ signal, ...request }) {
      if (deployment === null) return null;
      return run(signal, (client) => deleteExpired(client, { ...request, deployment }));
    },
    lease: ({ signal, ...request }) => run(signal, (client) => lease(client, request)),
    settle: ({ signal, ...request }) => run(signal, (client) => settle(client, request), { once: true }),
    addUsage: ({ signal, ...request }) => run(signal, (client) => addUsage(client, request)),
    addFunctionUsage: ({ signal, ...request }) =>
      run(signal, (client) => addFunctionUsage(client, request), { once: true }),
    usageOf: ({ signal, ...request }) => run(signal, (client) => selectUsage(client, request)),
    isWaking: () => connection.isWaking,
    close: () => connection.close(),
  };
}

import type { PoolClient } from 'pg';
import type { DeletedRows } from '../../../chat/ports.ts';
import { countOlder, deleteOlder } from '../retention.ts';
import { openOwnerConnection } from './owner-connection.ts';

const timeoutMs = 60_000;

/** What is to be forgotten: what is older than some days, or one conversation. */
export type Forgotten = { days: number } | { conversationId: string };

/** Messages that a retention of so many days deletes: of one server, and of versions that recorded none. */
export type ExpiringRows = { days: number; own: number; unnamed: number };

const everything = { condition: 'true', values: [] };

/** An owner's own connection to the conversations; each call throws a ServerFailure. */
export type StoredConversations = {
  /** Rows that `forget` would delete; null for a database that no server of this version has used. */
  count(forgotten: Forgotten): Promise<DeletedRows | null>;
  /** What each retention would delete for a server of that name; null where there are no tables of conversations. */
  countExpiring(periods: readonly number[], server: string | null): Promise<readonly ExpiringRows[] | null>;
  /** Deletes messages with what belongs to them, and the conversations that are empty then. */
  forget(forgotten: Forgotten): Promise<DeletedRows>;
  close(): Promise<void>;
};

/** Opens no connection before the first call. */
export function openStoredConversations(options: {
  databaseUrl: string;
  signal: AbortSignal;
}): StoredConversations {
  const { run, close } = openOwnerConnection({ ...options, timeoutMs });
  return {
    count: (forgotten) => run((client) => countRows(client, forgotten)),
    countExpiring: (periods, server) => run((client) => countExpiring(client, periods, server)),
    forget: (forgotten) => run((client) => deleteRows(client, forgotten)),
    close,
  };
}

async function countRows(client: PoolClient, forgotten: Forgotten): Promise<DeletedRows | null> {
  const { rows } = await client.query<{ turns: string | null }>(
    `select to_regclass('rag_turns')::text as turns`,
  );
  if (rows[0]?.turns == null) return null;
  if ('days' in forgotten) return countOlder(client, forgotten.days, everything);
  const counted = await client.query<DeletedRows>(
    `select (select count(*)::int from conversations where id = $1) as conversations,
      (select count(*)::int from messages where conversation_id = $1) as messages`,
    [forgotten.conversationId],
  );
  return counted.rows[0] ?? { messages: 0, conversations: 0 };
}

async function deleteRows(client: PoolClient, forgotten: Forgotten): Promise<DeletedRows> {
  if ('days' in forgotten) return deleteOlder(client, forgotten.days, everything);
  const { conversationId } = forgotten;
  const messages = await client.query('delete from messages where conversation_id = $1', [conversationId]);
  const conversations = await client.query('delete from conversations where id = $1', [conversationId]);
  return { messages: messages.rowCount ?? 0, conversations: conversations.rowCount ?? 0 };
}

async function countExpiring(
  client: PoolClient,
  periods: readonly number[],
  server: string | null,
): Promise<readonly ExpiringRows[] | null> {
  const { rows } = await client.query<{ messages: boolean; servers: boolean }>(
    `select to_regclass('messages') is not null and to_regclass('conversations') is not null as messages,
      exists (select from pg_attribute where attrelid = to_regclass('conversations') and attname = 'deployment'
        and not attisdropped) as servers`,
  );
  const [tables] = rows;
  if (tables === undefined || !tables.messages) return null;
  const unnamed = tables.servers ? 'conversation.deployment is null' : 'true';
  const own = tables.servers ? 'conversation.deployment = $2' : '$2::text is null';
  const counts: ExpiringRows[] = [];
  for (const days of periods) {
    const ofServer = await countOlder(client, days, { condition: own, values: [server ?? ''] });
    const ofNone = await countOlder(client, days, { condition: unnamed, values: [] });
    counts.push({ days, own: ofServer.messages, unnamed: ofNone.messages });
  }
  return counts;
}

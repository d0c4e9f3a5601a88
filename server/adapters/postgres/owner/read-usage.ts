import type { PoolClient } from 'pg';
import { selectUsage, type UsageOfDay } from '../usage-table.ts';
import { withOwnerConnection } from './owner-connection.ts';

const timeoutMs = 10_000;

/** How much a chat was used on one UTC day; `usage` is null where no server of this version has run yet. */
export type ChatUsage = { questions: number; usage: UsageOfDay | null };

/**
 * Reads how much a chat was used, without creating or changing a table.
 *
 * @param day as `2025-11-28`.
 * @throws ServerFailure when the database does not answer or rejects the login.
 */
export function readUsage({
  day,
  ...options
}: {
  databaseUrl: string;
  day: string;
  signal: AbortSignal;
}): Promise<ChatUsage> {
  return withOwnerConnection({ ...options, timeoutMs }, (client) => selectAll(client, day));
}

async function selectAll(client: PoolClient, day: string): Promise<ChatUsage> {
  const { rows } = await client.query<{ messages: string | null; usage: string | null }>(
    `select to_regclass('messages')::text as messages, to_regclass('rag_usage')::text as usage`,
  );
  const [tables] = rows;
  const usage = tables?.usage == null ? null : await selectUsage(client, { day });
  if (tables?.messages == null) return { questions: 0, usage };
  const counted = await client.query<{ questions: number }>(
    `select count(*)::int as questions from messages
     where role = 'user' and created_at >= $1::date and created_at < $1::date + 1`,
    [day],
  );
  return { questions: counted.rows[0]?.questions ?? 0, usage };
}

import type { PoolClient } from 'pg';
import type { DeletedRows } from '../../chat/ports.ts';

/** Rows in one statement, so that none takes long. */
const batchSize = 5_000;
/** Statements of one run for each table; what is left is deleted the next day. */
const maxBatches = 100;

/** One run a day by the database's own clock, of all processes of a deployment together. */
const claimDay = `
  insert into rag_daily_runs (name, day) values ($1, (now() at time zone 'UTC')::date)
  on conflict (name) do update set day = excluded.day where rag_daily_runs.day < excluded.day
  returning day`;

/** Of which conversations; `$1` is a number of days. */
type Scope = { condition: string; values: unknown[] };

const isOld = (column: string): string =>
  `${column} < (now() at time zone 'UTC') - make_interval(days => $1::int)`;

const oldMessages = ({ condition }: Scope): string => `
  from messages as message join conversations as conversation on conversation.id = message.conversation_id
  where ${isOld('message.created_at')} and ${condition}`;

/** Those whose question was deleted by another program, too. */
const oldTurns = ({ condition }: Scope): string => `
  from rag_turns as turn join conversations as conversation on conversation.id = turn.conversation_id
  where ${condition} and (${isOld('turn.created_at')} or (
    turn.created_at < (now() at time zone 'UTC') - interval '1 day'
    and not exists (select from messages where messages.id = turn.turn_id)))`;

const emptyConversations = ({ condition }: Scope): string => `
  from conversations as conversation
  where ${isOld('conversation.updated_at')} and ${condition}
    and not exists (select from messages where conversation_id = conversation.id)`;

/** Deletes in batches what is older than `days` days. Throws the driver's error. */
export async function deleteOlder(client: PoolClient, days: number, scope: Scope): Promise<DeletedRows> {
  const values = [days, ...scope.values];
  const limit = `limit ${batchSize}`;
  const remove = (table: string, key: string, rows: string): Promise<number> =>
    deleteInBatches(client, `delete from ${table} where ${key} in (select ${rows} ${limit})`, values);
  const messages = await remove('messages', 'id', `message.id ${oldMessages(scope)}`);
  await remove('rag_turns', 'turn_id', `turn.turn_id ${oldTurns(scope)}`);
  const conversations = await remove('conversations', 'id', `conversation.id ${emptyConversations(scope)}`);
  return { messages, conversations };
}

/** Messages that are older than `days` days, and their conversations. Throws the driver's error. */
export async function countOlder(client: PoolClient, days: number, scope: Scope): Promise<DeletedRows> {
  const { rows } = await client.query<DeletedRows>(
    `select count(*)::int as messages, count(distinct conversation.id)::int as conversations ${oldMessages(scope)}`,
    [days, ...scope.values],
  );
  return rows[0] ?? { messages: 0, conversations: 0 };
}

/**
 * Deletes what is older than `days` of the deployment's conversations, and of those that no deployment is recorded for
 * where `includesUnnamed`. Null when another process has done so today. Ages are by the database's clock: a server whose
 * clock is wrong deletes nothing early. In one transaction, so that a run that fails is due again. Throws the driver's
 * error.
 */
export async function deleteExpired(
  client: PoolClient,
  { deployment, days, includesUnnamed }: { deployment: string; days: number; includesUnnamed: boolean },
): Promise<DeletedRows | null> {
  const condition = '(conversation.deployment = $2 or ($3 and conversation.deployment is null))';
  await client.query('begin');
  try {
    const claim = await client.query(claimDay, [`retention:${deployment}`]);
    if (claim.rowCount === 0) {
      await client.query('rollback');
      return null;
    }
    const deleted = await deleteOlder(client, days, { condition, values: [deployment, includesUnnamed] });
    await client.query('commit');
    return deleted;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function deleteInBatches(client: PoolClient, sql: string, values: unknown[]): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const { rowCount } = await client.query(sql, values);
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < batchSize) break;
  }
  return deleted;
}

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

const isOwn = `(conversation.deployment = $1 or ($2 and conversation.deployment is null))`;
const isOld = (column: string): string =>
  `${column} < (now() at time zone 'UTC') - make_interval(days => $3::int)`;

const deleteMessages = `
  delete from messages where id in (
    select message.id from messages as message
    join conversations as conversation on conversation.id = message.conversation_id
    where ${isOld('message.created_at')} and ${isOwn} limit ${batchSize})`;

/** Those whose question was deleted by another program, too. */
const deleteTurns = `
  delete from rag_turns where turn_id in (
    select turn.turn_id from rag_turns as turn
    join conversations as conversation on conversation.id = turn.conversation_id
    where ${isOwn} and (${isOld('turn.created_at')} or (
      turn.created_at < (now() at time zone 'UTC') - interval '1 day'
      and not exists (select from messages where messages.id = turn.turn_id)))
    limit ${batchSize})`;

const deleteConversations = `
  delete from conversations where id in (
    select id from conversations as conversation
    where ${isOld('conversation.updated_at')} and ${isOwn}
      and not exists (select from messages where conversation_id = conversation.id) limit ${batchSize})`;

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
  const values = [deployment, includesUnnamed, days];
  await client.query('begin');
  try {
    const claim = await client.query(claimDay, [`retention:${deployment}`]);
    if (claim.rowCount === 0) {
      await client.query('rollback');
      return null;
    }
    const messages = await deleteInBatches(client, deleteMessages, values);
    await deleteInBatches(client, deleteTurns, values);
    const conversations = await deleteInBatches(client, deleteConversations, values);
    await client.query('commit');
    return { messages, conversations };
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

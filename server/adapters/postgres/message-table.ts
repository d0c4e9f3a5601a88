import type { PoolClient } from 'pg';
import type { MessageToStore, StoredMessage, TurnRecord } from '../../chat/ports.ts';

/**
 * Stores messages, what is known about their answers, and their conversations where new, in one statement and so one round trip. Without sources, the column
 * has JSON null, not SQL NULL, as the FastAPI server this replaces writes it. Conversations are in the order of their ids,
 * so that two servers do not wait for each other.
 */
const insertMessages = `
  with batch as (
    select * from jsonb_to_recordset($1::jsonb) as message (
      id uuid, conversation_id uuid, turn_id uuid, role text, content text, sources jsonb, status text, at timestamp,
      turn jsonb)
  ), conversation as (
    insert into conversations (id, created_at, updated_at, deployment)
    select conversation_id, min(at), max(at), $2 from batch group by conversation_id order by conversation_id
    on conflict (id) do update set updated_at = greatest(conversations.updated_at, excluded.updated_at)
    returning id
  ), turn as (
    insert into rag_turns (turn_id, conversation_id, created_at, verdict, strategies, cosine, coverage, cited, nearest,
      ms, input_tokens, output_tokens, page, version, locale, vector)
    select batch.turn_id, conversation.id, at, verdict, strategies, cosine, coverage, cited, nearest,
      ms, input_tokens, output_tokens, page, version, locale, decode(vector, 'base64')
    from batch join conversation on conversation.id = batch.conversation_id,
      jsonb_to_record(batch.turn) as turn (verdict text, strategies text[], cosine real, coverage real, cited text[],
        nearest text[], ms integer, input_tokens integer, output_tokens integer, page text, version text, locale text,
        vector text)
    where batch.turn is not null
    on conflict (turn_id) do nothing
  )
  insert into messages (id, conversation_id, turn_id, role, content, sources, status, created_at)
  select batch.id, conversation.id, turn_id, role, content, coalesce(sources, 'null'::jsonb), status, at
  from batch join conversation on conversation.id = batch.conversation_id where content <> ''
  on conflict (id) do nothing`;

/**
 * The newest turns, oldest first. Our times are UTC. Messages without a status were written by the FastAPI server this
 * replaces, whose times are in the database's time zone. Times are text, because the driver reads a timestamp without a
 * zone as local time.
 */
const selectMessages = `
  with message as (
    select id, turn_id, role, content, sources,
      case when status is null
        then (created_at at time zone current_setting('TimeZone')) at time zone 'UTC'
        else created_at end as at
    from messages where conversation_id = $1
  ), placed as (
    select *, min(at) over (partition by coalesce(turn_id, id)) as began, turn_id::text as turn,
      (role = 'user')::int as asked
    from message
  ), newest as (
    select * from placed order by began desc, turn desc nulls last, asked limit $2
  )
  select id, turn_id as "turnId", role, content, sources, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US') as "createdAt"
  from newest order by began, turn nulls first, asked desc`;

/** New conversations are the deployment's; null names none. Throws the driver's error. */
export async function insertAll(
  client: PoolClient,
  { messages, deployment }: { messages: readonly MessageToStore[]; deployment: string | null },
): Promise<void> {
  const rows = messages.map(({ conversationId, turnId, at, turn, ...message }) => ({
    ...message,
    conversation_id: conversationId,
    turn_id: turnId,
    at: at.toISOString().replace('Z', ''),
    ...(turn === undefined ? {} : { turn: turnColumns(turn) }),
  }));
  const json = JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? sanitiseText(value) : value,
  );
  await client.query(insertMessages, [json, deployment]);
}

function turnColumns({ tokens, ...turn }: TurnRecord): Record<string, unknown> {
  return { ...turn, input_tokens: tokens?.inputTokens ?? null, output_tokens: tokens?.outputTokens ?? null };
}

/** A conversation's `last` messages, oldest first. Throws the driver's error. */
export async function selectNewest(
  client: PoolClient,
  { conversationId, last }: { conversationId: string; last: number },
): Promise<StoredMessage[]> {
  const { rows } = await client.query<StoredMessage>(selectMessages, [conversationId, last]);
  return rows;
}

/** PostgreSQL stores neither U+0000 nor lone surrogates. */
function sanitiseText(text: string): string {
  return Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');
}

import type { PoolClient } from 'pg';
import type { MessageToStore, TurnRecord } from '../../chat/ports.ts';
import { sanitiseText } from './sanitise-text.ts';
import type { StoredMessage } from '../../chat/protocol.ts';

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
 * The newest turns of each conversation that exists, oldest first: one without messages has one row, without an id. Our
 * times are UTC. Messages without a status were written by the FastAPI server this replaces, whose times are in the
 * database's time zone. Times are text, because the driver reads a timestamp without a zone as local time.
 */
const selectMessages = `
  with message as (
    select conversation_id, id, turn_id, role, content, sources,
      case when status is null
        then (created_at at time zone current_setting('TimeZone')) at time zone 'UTC'
        else created_at end as at
    from messages where conversation_id = any($1)
  ), placed as (
    select *, min(at) over (partition by conversation_id, coalesce(turn_id, id)) as began, turn_id::text as turn,
      (role = 'user')::int as asked
    from message
  ), newest as (
    select *, row_number() over (
      partition by conversation_id order by began desc, turn desc nulls last, asked) as place
    from placed
  )
  select wanted.id as "conversationId", newest.id, turn_id as "turnId", role, content, sources,
    to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.US') as "createdAt"
  from unnest($1::uuid[]) as wanted (id)
    left join conversations on conversations.id = wanted.id
    left join newest on newest.conversation_id = wanted.id and place <= $2
  where conversations.id is not null or newest.id is not null
  order by began, turn nulls first, asked desc`;

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

/** The `last` messages of each conversation that exists, oldest first, by its id. Throws the driver's error. */
export async function selectNewest(
  client: PoolClient,
  { conversationIds, last }: { conversationIds: readonly string[]; last: number },
): Promise<Map<string, StoredMessage[]>> {
  type Row = StoredMessage & { conversationId: string };
  const { rows } = await client.query<Row | { conversationId: string; id: null }>(selectMessages, [
    conversationIds,
    last,
  ]);
  const conversations = new Map<string, StoredMessage[]>();
  for (const { conversationId, ...message } of rows) {
    const messages = conversations.get(conversationId) ?? [];
    conversations.set(conversationId, messages);
    if (message.id !== null) messages.push(message);
  }
  return conversations;
}

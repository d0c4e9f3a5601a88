import type { PoolClient } from 'pg';
import type { Feedback } from '../../chat/ports.ts';
import { sanitiseText } from './sanitise-text.ts';

/** A later one replaces an earlier one: a reader may change their mind. */
const upsertFeedback = `
  insert into rag_feedback (message_id, rating, tag, note, created_at)
  select id, $2, $3, $4, now() at time zone 'UTC' from messages where id = $1 and role = 'assistant'
  on conflict (message_id) do update set rating = excluded.rating, tag = excluded.tag, note = excluded.note,
    created_at = excluded.created_at`;

/** False when there is no answer of that id. Throws the driver's error. */
export async function storeFeedback(
  client: PoolClient,
  { messageId, rating, tag, note }: Feedback,
): Promise<boolean> {
  const { rowCount } = await client.query(upsertFeedback, [
    messageId,
    rating,
    ...[tag, note].map(textOrNull),
  ]);
  return rowCount === 1;
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : sanitiseText(text);
}

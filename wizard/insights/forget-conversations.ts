import {
  openStoredConversations,
  type Forgotten,
} from '../../server/adapters/postgres/owner/stored-conversations.ts';
import { translateServerErrors } from '../deployment/server-errors.ts';

export type { Forgotten };

/** Rows of conversations and of their messages. */
type RowCounts = { messages: number; conversations: number };

/**
 * Counts what would be deleted, and deletes it when `confirm` accepts that. Null where no server of this version has used
 * the database, or where it was not accepted. Throws Failure.
 */
export async function forgetConversations(
  options: { databaseUrl: string; forgotten: Forgotten; signal: AbortSignal },
  confirm: (counts: RowCounts) => Promise<boolean>,
): Promise<{ type: 'unused' | 'left' } | ({ type: 'deleted' } & RowCounts)> {
  const conversations = openStoredConversations(options);
  try {
    const counts = await translateServerErrors(conversations.count(options.forgotten));
    if (counts === null) return { type: 'unused' };
    const isNothing = counts.messages === 0 && counts.conversations === 0;
    if (isNothing) return { type: 'deleted', ...counts };
    if (!(await confirm(counts))) return { type: 'left' };
    return { type: 'deleted', ...(await translateServerErrors(conversations.forget(options.forgotten))) };
  } finally {
    await conversations.close();
  }
}

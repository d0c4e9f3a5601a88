import type { Secret } from '../../model/secret.ts';
import { firstRow } from './postgres-query.ts';

/** Whether a database has conversations of this server. Throws pg's and Node's errors. */
export async function hasConversations({
  url,
  signal,
}: {
  /** One that the probe accepted. */
  url: Secret;
  signal: AbortSignal;
}): Promise<boolean> {
  const ask = async (sql: string): Promise<boolean> => {
    const { row } = await firstRow<{ is_so: boolean }>({ url: url.reveal(), sql, signal });
    return row.is_so;
  };
  // A query for the rows of a missing table would fail.
  const isThere = await ask(`SELECT to_regclass('conversations') IS NOT NULL AS is_so`);
  return isThere && (await ask('SELECT EXISTS (SELECT 1 FROM conversations) AS is_so'));
}

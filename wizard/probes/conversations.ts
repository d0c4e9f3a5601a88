import type { Secret } from '../model/secret.ts';
import { postgresOptions } from './postgres-options.ts';
import { firstRow } from './postgres-query.ts';

/** Whether a database holds the server's conversations. Throws pg's and Node's errors. */
export async function hasConversations({
  url,
  signal,
}: {
  /** One that the probe accepted. */
  url: Secret;
  signal: AbortSignal;
}): Promise<boolean> {
  const connection = postgresOptions(url.reveal());
  if (!connection.ok) return false;
  const sql = `SELECT to_regclass('conversations') IS NOT NULL AS is_there`;
  const { is_there: isThere } = await firstRow<{ is_there: boolean }>({
    config: connection.config,
    sql,
    signal,
  });
  return isThere;
}

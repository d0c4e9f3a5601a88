import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type ClientConfig, type QueryResultRow } from 'pg';

/** Milliseconds. Neon's console advises to wait this long for a suspended database. */
const connectMs = 12_000;
const queryMs = 8_000;

/** The first row of one query, on a connection of its own. Throws pg's and Node's errors, or when there is no row. */
export async function firstRow<Row extends QueryResultRow>({
  config,
  sql,
  signal,
}: {
  config: ClientConfig;
  sql: string;
  signal: AbortSignal;
}): Promise<Row> {
  const client = new pg.Client({
    ...config,
    connectionTimeoutMillis: connectMs,
    query_timeout: queryMs,
    application_name: 'rag-space-setup check',
  });
  // Without a listener, a connection that is lost between two calls would end the process.
  client.on('error', () => undefined);
  const stop = () => void client.end().catch(() => undefined);
  signal.throwIfAborted();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    const { rows } = await client.query<Row>(sql);
    const [row] = rows;
    if (row === undefined) throw new Error('the database answered with no row');
    return row;
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.race([client.end().catch(() => undefined), sleep(queryMs, undefined, { ref: false })]);
  }
}

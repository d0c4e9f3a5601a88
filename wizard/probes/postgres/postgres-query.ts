import type { QueryResultRow } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  openPool,
  webSocketTransportFor,
  type WebSocketTransport,
} from '../../../server/adapters/postgres/postgres-pool.ts';
import { parsePostgresUrl } from '../../../server/adapters/postgres/postgres-url.ts';

/** Milliseconds. Neon's console advises to wait this long for a suspended database. */
const connectMs = 12_000;
const queryMs = 8_000;
const closeMs = 1_000;

export type PostgresQuery = {
  /** The connection string. */
  url: string;
  sql: string;
  signal: AbortSignal;
  /** The way round a blocked port; Neon's WebSocket by default. */
  fallback?: WebSocketTransport | null;
};

/**
 * The first row of one query, on a connection that is opened as the server opens its own: the same options, and the same
 * ways. `endpoint` is the port and transport that worked. Throws pg's and Node's errors, or when there is no row.
 */
export async function firstRow<Row extends QueryResultRow>({
  url,
  sql,
  signal,
  fallback,
}: PostgresQuery): Promise<{ row: Row; endpoint: string }> {
  signal.throwIfAborted();
  const address = parsePostgresUrl(url);
  const opening = openPool({
    address,
    fallback: fallback === undefined ? webSocketTransportFor(address.host) : fallback,
    options: {
      max: 1,
      connectionTimeoutMillis: connectMs,
      query_timeout: queryMs,
      application_name: 'rag-space-setup check',
    },
  });
  const query = opening.then(async ({ pool, endpoint }) => {
    try {
      const { rows } = await pool.query<Row>(sql);
      const [row] = rows;
      if (row === undefined) throw new Error('the database answered with no row');
      return { row, endpoint };
    } finally {
      await Promise.race([pool.end().catch(() => undefined), sleep(closeMs, undefined, { ref: false })]);
    }
  });
  return orAborted(query, signal);
}

/** As `work`, or the signal's reason; the driver takes no signal, so its connection ends by itself. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

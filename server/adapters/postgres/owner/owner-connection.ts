import type { PoolClient } from 'pg';
import { rejectOnAbort } from '../../../chat/resilience/deadline.ts';
import { PostgresConnection } from '../postgres-connection.ts';
import { webSocketTransportFor } from '../postgres-pool.ts';
import { parsePostgresUrl } from '../postgres-url.ts';

/** An owner's own connection to a chat's database. */
export type OwnerConnection = {
  /** Throws a ServerFailure, or the signal's reason as soon as that aborts. */
  run<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

type OwnerConnectionOptions = {
  databaseUrl: string;
  /** For the connection and for each statement, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
};

/** Connects with the first call. Creates and changes no table, as a server does when it connects. */
export function openOwnerConnection({
  databaseUrl,
  timeoutMs,
  signal,
}: OwnerConnectionOptions): OwnerConnection {
  const address = parsePostgresUrl(databaseUrl);
  const connection = new PostgresConnection({
    address,
    fallback: webSocketTransportFor(address.host),
    connectTimeoutMs: timeoutMs,
    statementTimeoutMs: timeoutMs,
  });
  return {
    run: (work) => rejectOnAbort(connection.run(signal, work), signal),
    close: () => connection.close(),
  };
}

/** Does one piece of work on a connection of its own, and closes it. */
export async function withOwnerConnection<T>(
  options: OwnerConnectionOptions,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const connection = openOwnerConnection(options);
  try {
    return await connection.run(work);
  } finally {
    await connection.close();
  }
}

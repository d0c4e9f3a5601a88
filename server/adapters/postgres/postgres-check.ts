import { connect } from 'node:net';
import { rejectOnAbort } from '../../chat/resilience/deadline.ts';
import { failedCheck } from '../../chat/retrieval/collection-check.ts';
import type { ServiceCheck } from '../../chat/ports.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { postgresFailure } from './postgres-failure.ts';
import type { PostgresStore } from './postgres-store.ts';

/**
 * A look at PostgreSQL that lets a sleeping one sleep: while its last statement went well it only opens a TCP
 * connection, which Neon's proxy takes without waking the database. After a failure it asks a real question.
 */
export function postgresCheck({
  store,
  databaseUrl,
}: {
  store: Pick<PostgresStore, 'prepare' | 'ping' | 'lastOutcome' | 'road'>;
  databaseUrl: string;
}): ServiceCheck {
  const { host, port } = parsePostgresUrl(databaseUrl);
  return {
    service: 'postgres',
    async check({ signal }) {
      try {
        const look = async (): Promise<void> => {
          await store.prepare({ signal });
          if (store.lastOutcome()?.ok === false) await store.ping({ signal });
          else if (store.road() === String(port)) await openSocket({ host, port, signal });
          else await openSocket({ host, port: 443, signal });
        };
        // What the driver still does goes on, and the next check sees how it ended.
        await rejectOnAbort(look(), signal);
        return { ok: true, status: 'connected', facts: { connection: 'ok', road: store.road() } };
      } catch (error) {
        return failedCheck(error);
      }
    },
  };
}

function openSocket({
  host,
  port,
  signal,
}: {
  host: string;
  port: number;
  signal: AbortSignal;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (cause) => reject(postgresFailure(cause)));
  });
}

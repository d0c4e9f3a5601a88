import { connect } from 'node:net';
import { unlessAborted } from '../chat/deadline.ts';
import { failedCheck } from '../chat/collection-check.ts';
import type { ServiceCheck } from '../chat/ports.ts';
import { postgresAddress } from './postgres-address.ts';
import { postgresFailure } from './postgres-failure.ts';
import type { PostgresStore } from './postgres.ts';

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
  const { host, port } = postgresAddress(databaseUrl);
  return {
    service: 'postgres',
    async check({ signal }) {
      try {
        const look = async (): Promise<void> => {
          await store.prepare({ signal });
          if (store.lastOutcome()?.ok === false) await store.ping({ signal });
          else if (store.road() === String(port)) await knock({ host, port, signal });
          else await knock({ host, port: 443, signal });
        };
        // What the driver still does goes on, and the next check sees how it ended.
        await unlessAborted(look(), signal);
        return { ok: true, status: 'connected', facts: { connection: 'ok', road: store.road() } };
      } catch (error) {
        return failedCheck(error);
      }
    },
  };
}

function knock({ host, port, signal }: { host: string; port: number; signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (cause) => reject(postgresFailure(cause)));
  });
}

import { request } from 'node:https';
import { connect } from 'node:net';
import { rejectOnAbort } from '../../chat/resilience/deadline.ts';
import { failedCheck, type ServiceCheck } from '../../chat/service-check.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { postgresFailure } from './postgres-failure.ts';
import type { PostgresStore } from './postgres-store.ts';

/**
 * Checks PostgreSQL without waking a suspended database: while the last statement succeeded, only opens a TCP
 * connection, which Neon's proxy accepts without waking the database. After a failure, runs a statement. A database that
 * has not accepted a connection yet counts as waking for some seconds, not as failed.
 */
export function postgresCheck({
  store,
  databaseUrl,
}: {
  store: Pick<PostgresStore, 'prepare' | 'ping' | 'lastOutcome' | 'activeEndpoint' | 'isWaking'>;
  databaseUrl: string;
}): ServiceCheck {
  const { host, port } = parsePostgresUrl(databaseUrl);
  return {
    service: 'postgres',
    async check({ signal }) {
      try {
        const run = async (): Promise<void> => {
          await store.prepare({ signal });
          if (store.lastOutcome()?.ok === false) await store.ping({ signal });
          else if (store.activeEndpoint() === String(port)) await openSocket({ host, port, signal });
          else await requestHead({ host, signal });
        };
        // After an abort the driver continues; the next check sees the outcome.
        await rejectOnAbort(run(), signal);
        return { ok: true, status: 'connected', facts: { connection: 'ok', road: store.activeEndpoint() } };
      } catch (error) {
        if (store.isWaking()) return { ok: true, status: 'waking', facts: {}, isTransient: true };
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

/** Any response shows that the way of the WebSocket is open; with node:https, which a proxy may be installed in. */
function requestHead({ host, signal }: { host: string; signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port: 443, method: 'HEAD', signal });
    outgoing.once('response', (response) => {
      response.resume();
      resolve();
    });
    outgoing.once('error', (cause) => reject(postgresFailure(cause)));
    outgoing.end();
  });
}

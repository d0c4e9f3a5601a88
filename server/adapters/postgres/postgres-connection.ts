import type { PoolClient } from 'pg';
import { settleWithin } from '../../chat/resilience/deadline.ts';
import { migrate } from './migrate.ts';
import type { PostgresUrl } from './postgres-url.ts';
import {
  isConnectTimeout,
  isRejected,
  isSchemaMissing,
  isTransient,
  postgresFailure,
} from './postgres-failure.ts';
import { openPool, type ConnectedPool, type WebSocketTransport } from './postgres-pool.ts';

/** How long a suspended database may take to accept a connection, in milliseconds (Neon: usually below one second). */
const wakingMs = 5_000;
/** How long what waited for a connection may take once there is one. */
const catchingUpMs = 1_000;
const maxConnections = 4;
/** How long closing waits for the database, in milliseconds. */
const closeTimeoutMs = 200;

type ConnectionOptions = {
  address: PostgresUrl;
  fallback: WebSocketTransport | null;
  connectTimeoutMs: number;
  statementTimeoutMs: number;
};

/**
 * A small pool that connects with the first statement. Neon closes idle connections: work that fails on one is repeated
 * on a new connection, so it must be repeatable.
 */
export class PostgresConnection {
  readonly #options: ConnectionOptions;
  #pool: Promise<ConnectedPool> | undefined;
  #migrated: Promise<void> | undefined;
  #endpoint: string | null = null;
  /** Since when every connection was waited for in vain; null after one that was accepted, or refused. */
  #wakingSince: number | null = null;
  /** When a connection that was waited for was accepted last; null for never. */
  #wokenAt: number | null = null;
  #outcome: { ok: boolean; at: Date } | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get activeEndpoint(): string | null {
    return this.#endpoint;
  }

  /**
   * True while the database neither accepts nor refuses connections, for a few seconds: it may be waking. What it was
   * waited for with is done a moment after.
   */
  get isWaking(): boolean {
    const isWithin = (since: number | null, ms: number): boolean =>
      since !== null && performance.now() - since < ms;
    return isWithin(this.#wakingSince, wakingMs) || isWithin(this.#wokenAt, catchingUpMs);
  }

  get lastOutcome(): { ok: boolean; at: Date } | null {
    return this.#outcome;
  }

  /** Runs `work` with a connection, again on another one unless it must run once only. Throws a ServerFailure. */
  async run<T>(
    signal: AbortSignal,
    work: (client: PoolClient) => Promise<T>,
    { once = false }: { once?: boolean } = {},
  ): Promise<T> {
    signal.throwIfAborted();
    try {
      const result = await this.#withRepeats(signal, work, { once });
      this.#outcome = { ok: true, at: new Date() };
      return result;
    } catch (error) {
      this.#outcome = { ok: false, at: new Date() };
      if (isSchemaMissing(error)) this.#migrated = undefined;
      throw postgresFailure(error);
    }
  }

  /** Migrates the tables, once. Throws a ServerFailure. */
  prepare(signal: AbortSignal): Promise<void> {
    this.#migrated ??= this.run(signal, migrate).catch((error: unknown) => {
      this.#migrated = undefined;
      throw error;
    });
    return this.#migrated;
  }

  /** Does not wait long for a database that neither accepts nor refuses the connection. */
  async close(): Promise<void> {
    await settleWithin({ ms: closeTimeoutMs }, endPool(this.#pool));
  }

  /** Each idle connection may be one that the server has closed; a new one is tried twice. */
  async #withRepeats<T>(
    signal: AbortSignal,
    work: (client: PoolClient) => Promise<T>,
    { once }: { once: boolean },
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let isConnected = false;
      try {
        return await this.#withClient((client) => {
          isConnected = true;
          return work(client);
        });
      } catch (error) {
        const attempts = isConnected ? maxConnections + 1 : 2;
        if (once || !isTransient(error) || signal.aborted || attempt >= attempts) throw error;
      }
    }
  }

  async #withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken = false;
    // A connection that dies outside a statement emits an event, which would crash the process if unhandled.
    const onError = (): void => void (broken = true);
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      // The statement may still be running on this connection, and the next one would wait behind it.
      broken ||= !isRejected(error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async #connect(): Promise<PoolClient> {
    const since = (this.#wakingSince ??= performance.now());
    try {
      const { pool } = await (this.#pool ??= this.#open());
      const client = await pool.connect();
      if (performance.now() - since > catchingUpMs) this.#wokenAt = performance.now();
      this.#wakingSince = null;
      return client;
    } catch (error) {
      if (!isConnectTimeout(error)) this.#wakingSince = null;
      throw error;
    }
  }

  async #open(): Promise<ConnectedPool> {
    const { address, fallback, connectTimeoutMs, statementTimeoutMs } = this.#options;
    try {
      const opened = await openPool({
        address,
        fallback,
        options: {
          max: maxConnections,
          idleTimeoutMillis: 30_000,
          connectionTimeoutMillis: connectTimeoutMs,
          // In the client, because a pooled Neon address rejects `statement_timeout` at the start of a session.
          query_timeout: statementTimeoutMs,
          application_name: 'rag-space',
        },
      });
      this.#endpoint = opened.endpoint;
      return opened;
    } catch (error) {
      this.#pool = undefined;
      throw error;
    }
  }
}

async function endPool(pool: Promise<ConnectedPool> | undefined): Promise<void> {
  const opened = await pool?.catch(() => undefined);
  if (opened !== undefined && !opened.pool.ended) await opened.pool.end();
}

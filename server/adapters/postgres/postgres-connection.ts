import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { migrate } from './migrate.ts';
import type { PostgresUrl } from './postgres-url.ts';
import { isTransient, isTableMissing, isUnavailable, postgresFailure } from './postgres-failure.ts';
import { openPool, type ConnectedPool, type WebSocketTransport } from './postgres-pool.ts';

/** Milliseconds that closing waits for the database. */
const closeTimeoutMs = 200;

type ConnectionOptions = {
  address: PostgresUrl;
  second: WebSocketTransport | null;
  /** Milliseconds. */
  connectTimeoutMs: number;
  statementTimeoutMs: number;
};

/**
 * A small pool that opens with the first statement. An idle connection that Neon closes is replaced, and work that
 * met it is done once more, so work must be repeatable.
 */
export class PostgresConnection {
  readonly #options: ConnectionOptions;
  #pool: Promise<ConnectedPool> | undefined;
  #prepared: Promise<void> | undefined;
  #road: string | null = null;
  #outcome: { ok: boolean; at: Date } | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get activeEndpoint(): string | null {
    return this.#road;
  }

  get lastOutcome(): { ok: boolean; at: Date } | null {
    return this.#outcome;
  }

  /** Throws a Failure. */
  async run<T>(signal: AbortSignal, work: (client: PoolClient) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      const result = await this.#withClient(work).catch((error: unknown) => {
        if (!isTransient(error) || signal.aborted) throw error;
        return this.#withClient(work);
      });
      this.#outcome = { ok: true, at: new Date() };
      return result;
    } catch (error) {
      this.#outcome = { ok: false, at: new Date() };
      if (isTableMissing(error)) this.#prepared = undefined;
      throw postgresFailure(error);
    }
  }

  /** Brings the tables up to date, once. Throws a Failure. */
  prepare(signal: AbortSignal): Promise<void> {
    this.#prepared ??= this.run(signal, migrate).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  /** A database that neither takes a connection nor refuses it holds nobody's end up. */
  async close(): Promise<void> {
    await Promise.race([endPool(this.#pool), sleep(closeTimeoutMs, undefined, { ref: false })]);
  }

  async #withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const { pool } = await (this.#pool ??= this.#open());
    const client = await pool.connect();
    let broken = false;
    // A connection that dies outside a statement says so by an event; unheard, it would end the process.
    const onError = (): void => void (broken = true);
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      // What the driver gave up waiting for still runs on it, and whoever got it next would wait behind that.
      broken ||= isTransient(error) || isUnavailable(error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  async #open(): Promise<ConnectedPool> {
    const { address, second, connectTimeoutMs, statementTimeoutMs } = this.#options;
    try {
      const opened = await openPool({
        address,
        second,
        options: {
          max: 4,
          idleTimeoutMillis: 30_000,
          connectionTimeoutMillis: connectTimeoutMs,
          // By the client: a pooled Neon address refuses `statement_timeout` at the start of a session.
          query_timeout: statementTimeoutMs,
          application_name: 'rag-space',
        },
      });
      this.#road = opened.endpoint;
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

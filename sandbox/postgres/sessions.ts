import type { Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';

/** What a transport does with new connections: `shut` closes them, `silent` never answers, like a firewall. */
export type TransportState = 'open' | 'shut' | 'silent';

/** How the database, or the proxy before it, answers the start of a session instead of opening it. */
export type SessionError = { code: string; message: string };

/** Connections to the database, the suspension of its compute, and its refusals. */
export class Sessions {
  readonly #faults: Faults;
  readonly #record: ExchangeRecord;
  readonly #open = new Set<Duplex>();
  #wakeMs = 0;
  #awakeAt = 0;
  /** Null: sessions are opened. */
  refusal: SessionError | null = null;

  constructor({ faults, record }: { faults: Faults; record: ExchangeRecord }) {
    this.#faults = faults;
    this.#record = record;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Connects a client to the database, unless the transport or a fault prevents it. */
  async enter(options: {
    client: Duplex;
    name: 'connect' | 'websocket';
    transport: TransportState;
    connect: () => Socket;
  }): Promise<void> {
    const { client, transport } = options;
    if (transport === 'silent') return;
    const name = `postgres.${options.name}`;
    const entry = this.#record.begin({
      vendor: 'postgres',
      name,
      method: 'CONNECT',
      path: '/',
      requestHeaders: {},
      requestBody: Buffer.alloc(0),
      writes: false,
    });
    const fault = this.#faults.take(name);
    if (fault?.kind.type === 'wait') await sleep(fault.kind.ms);
    const isRefused = transport === 'shut' || (fault !== null && fault.kind.type !== 'wait');
    this.#record.end(entry, { status: isRefused ? 0 : 101, headers: {}, body: '' });
    if (isRefused) return void client.destroy();
    if (this.refusal !== null) return refuse(client, this.refusal);
    await this.#wake();
    // The client may have disconnected meanwhile: Node 24 throws at a pipeline to a closed stream.
    if (client.destroyed || !client.writable) return void client.destroy();
    this.#open.add(client);
    pipeline(client, options.connect(), client, () => this.#open.delete(client));
  }

  /** Ends all sessions like a suspended compute; the next connection waits `wakeMs`. */
  suspend(wakeMs: number): void {
    this.#wakeMs = wakeMs;
    for (const session of this.#open) session.end(TERMINATED);
  }

  /** The first connection wakes the compute; connections that arrive meanwhile wait too. */
  async #wake(): Promise<void> {
    if (this.#wakeMs > 0) this.#awakeAt = Date.now() + this.#wakeMs;
    this.#wakeMs = 0;
    await sleep(Math.max(0, this.#awakeAt - Date.now()));
  }
}

/** PostgreSQL's message to a session that an administrator terminates. */
const TERMINATED = errorResponse({
  S: 'FATAL',
  V: 'FATAL',
  C: '57P01',
  M: 'terminating connection due to administrator command',
});

/** The request for TLS that a client may send first (PostgreSQL's protocol, SSLRequest); `N` declines it. */
const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Answers the client's startup message with an error, and closes, as PostgreSQL, PgBouncer and Neon's proxy do. */
function refuse(client: Duplex, { code, message }: SessionError): void {
  client.on('error', () => undefined);
  client.on('data', (data: Buffer) => {
    if (data.equals(TLS_REQUEST)) return void client.write('N');
    client.end(errorResponse({ S: 'FATAL', V: 'FATAL', C: code, M: message }));
  });
}

function errorResponse(fields: Record<string, string>): Buffer {
  const body = Object.entries(fields).map(([key, value]) => `${key}${value}\0`);
  const bytes = Buffer.from(`${body.join('')}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

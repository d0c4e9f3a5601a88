import type { Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';

/** What a road does with new connections: `shut` closes them, `silent` never answers, as a firewall does. */
export type TransportState = 'open' | 'shut' | 'silent';

/** Connections that have come through to the database, and the sleep of the compute behind it. */
export class Sessions {
  readonly #faults: Faults;
  readonly #record: ExchangeRecord;
  readonly #open = new Set<Duplex>();
  #wakeMs = 0;
  #awakeAt = 0;

  constructor({ faults, record }: { faults: Faults; record: ExchangeRecord }) {
    this.#faults = faults;
    this.#record = record;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Joins a client to the database that `connect` reaches, unless the road or a fault is in the way. */
  async enter(visit: {
    client: Duplex;
    name: 'connect' | 'websocket';
    road: TransportState;
    connect: () => Socket;
  }): Promise<void> {
    const { client, road } = visit;
    if (road === 'silent') return;
    const name = `postgres.${visit.name}`;
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
    const refused = road === 'shut' || (fault !== null && fault.kind.type !== 'wait');
    this.#record.end(entry, { status: refused ? 0 : 101, headers: {}, body: '' });
    if (refused) return void client.destroy();
    await this.#wake();
    // Whoever left while the compute woke is joined to nothing: Node 24 throws at a pipeline to a closed stream.
    if (client.destroyed || !client.writable) return void client.destroy();
    this.#open.add(client);
    pipeline(client, visit.connect(), client, () => this.#open.delete(client));
  }

  /** Ends all sessions as a suspended compute does; the next connection waits `wakeMs`. */
  suspend(wakeMs: number): void {
    this.#wakeMs = wakeMs;
    for (const session of this.#open) session.end(TERMINATED);
  }

  /** The first to come wakes the compute; those that come meanwhile wait with it. */
  async #wake(): Promise<void> {
    if (this.#wakeMs > 0) this.#awakeAt = Date.now() + this.#wakeMs;
    this.#wakeMs = 0;
    await sleep(Math.max(0, this.#awakeAt - Date.now()));
  }
}

/** The message that PostgreSQL sends before it ends a session by command. */
const TERMINATED = errorResponse({
  S: 'FATAL',
  V: 'FATAL',
  C: '57P01',
  M: 'terminating connection due to administrator command',
});

function errorResponse(fields: Record<string, string>): Buffer {
  const body = Object.entries(fields).map(([key, value]) => `${key}${value}\0`);
  const bytes = Buffer.from(`${body.join('')}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
}

/**
 * The way to the database: one port that speaks PostgreSQL and, for a request that begins with GET, WebSocket at
 * `/v2`, as Neon's proxy does on 443 (@neondatabase/serverless, `wsProxy`). Either can be shut, and the compute
 * behind can be suspended.
 */
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import type { ExchangeRecord } from '../record.ts';
import type { Cluster } from './cluster.ts';

/** `shut` closes what comes, `silent` never answers, as a firewall does. */
export type Road = 'open' | 'shut' | 'silent';

export type Door = {
  port: number;
  /** What each road does with new connections. */
  roads: { tcp: Road; websocket: Road };
  /** Drops all connections as a suspended compute does; the next one waits `wakeMs`. */
  suspend(wakeMs: number): void;
  connections(): number;
  open(): Promise<void>;
  close(): Promise<void>;
};

type Name = 'connect' | 'websocket';

/** Opens the door before a running cluster. Calls are named `postgres.connect` and `postgres.websocket`. */
export async function openDoor(options: {
  cluster: Cluster;
  faults: Faults;
  record: ExchangeRecord;
}): Promise<Door> {
  const { cluster, faults, record } = options;
  const roads: Door['roads'] = { tcp: 'open', websocket: 'open' };
  const sockets = new Set<Socket>();
  const sessions = new Set<Duplex>();
  const sleeping = { until: 0, wakeMs: 0 };

  const web = createHttpServer((_request, response) => response.writeHead(404).end());
  const upgrades = new WebSocketServer({ noServer: true });
  web.on('upgrade', (request, socket, head) => {
    if (!request.url?.startsWith('/v2')) return socket.destroy();
    upgrades.handleUpgrade(request, socket, head, (client) => {
      const stream = createWebSocketStream(client);
      stream.on('error', () => undefined);
      void enter({
        client: stream,
        name: 'websocket',
        road: roads.websocket,
        to: () => connect(cluster.socket),
      });
    });
  });

  async function enter(visit: { client: Duplex; name: Name; road: Road; to: () => Socket }): Promise<void> {
    const { client, name } = visit;
    if (visit.road === 'silent') return;
    const entry = record.begin({
      vendor: 'postgres',
      name: `postgres.${name}`,
      method: 'CONNECT',
      path: '/',
      requestHeaders: {},
      requestBody: Buffer.alloc(0),
      writes: false,
    });
    const fault = faults.take(`postgres.${name}`);
    if (fault?.kind.type === 'wait') await sleep(fault.kind.ms);
    const refused = visit.road === 'shut' || (fault !== null && fault.kind.type !== 'wait');
    record.end(entry, { status: refused ? 0 : 101, headers: {}, body: '' });
    if (refused) return void client.destroy();
    await wake();
    sessions.add(client);
    pipeline(client, visit.to(), client, () => sessions.delete(client));
  }

  /** The first to come wakes the compute; those that come meanwhile wait with it. */
  async function wake(): Promise<void> {
    if (sleeping.wakeMs > 0) {
      sleeping.until = Date.now() + sleeping.wakeMs;
      sleeping.wakeMs = 0;
    }
    await sleep(Math.max(0, sleeping.until - Date.now()));
  }

  function greet(socket: Socket): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      if (first.subarray(0, 4).toString('latin1') === 'GET ') {
        web.emit('connection', socket);
        socket.resume();
        return;
      }
      const to = (): Socket => connect(cluster.port, '127.0.0.1');
      void enter({ client: socket, name: 'connect', road: roads.tcp, to });
    });
  }

  let server: Server | null = null;
  let port = 0;
  async function open(): Promise<void> {
    if (server !== null) return;
    const opened = createServer(greet);
    server = opened;
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject);
      opened.listen(port, '127.0.0.1', resolve);
    });
    port = (opened.address() as AddressInfo).port;
  }

  await open();
  return {
    port,
    roads,
    suspend: (wakeMs) => {
      sleeping.wakeMs = wakeMs;
      for (const session of sessions) session.end(TERMINATED);
    },
    connections: () => sessions.size,
    open,
    close: async () => {
      const closing = server;
      server = null;
      for (const socket of sockets) socket.destroy();
      if (closing !== null) await new Promise((resolve) => closing.close(resolve));
    },
  };
}

/** The message that PostgreSQL sends before it ends a session by command. */
const TERMINATED = errorResponse({
  S: 'FATAL',
  V: 'FATAL',
  C: '57P01',
  M: 'terminating connection due to administrator command',
});

function errorResponse(fields: Record<string, string>): Buffer {
  const body = Buffer.from(
    `${Object.entries(fields)
      .map(([key, value]) => `${key}${value}\0`)
      .join('')}\0`,
  );
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

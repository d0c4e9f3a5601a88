/**
 * The way to the database: one port that speaks PostgreSQL and, for a request that begins with GET, WebSocket at
 * `/v2`, as Neon's proxy does on 443 (@neondatabase/serverless, `wsProxy`).
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import type { ExchangeRecord } from '../record.ts';
import type { Cluster } from './cluster.ts';
import { Sessions, type Road } from './sessions.ts';

export type Door = {
  port: number;
  /** What each road does with new connections. */
  roads: { tcp: Road; websocket: Road };
  sessions: Sessions;
  open(): Promise<void>;
  close(): Promise<void>;
};

/** Opens the door before a running cluster. Calls are named `postgres.connect` and `postgres.websocket`. */
export async function openDoor(options: {
  cluster: Cluster;
  faults: Faults;
  record: ExchangeRecord;
}): Promise<Door> {
  const { cluster } = options;
  const roads: Door['roads'] = { tcp: 'open', websocket: 'open' };
  const sessions = new Sessions(options);
  const web = webRoad({ cluster, roads, sessions });
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let port = 0;

  async function open(): Promise<void> {
    if (server !== null) return;
    const opened = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      socket.once('data', (first) => sort({ socket, first, web, roads, sessions, cluster }));
    });
    server = opened;
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject);
      opened.listen(port, '127.0.0.1', resolve);
    });
    port = (opened.address() as AddressInfo).port;
  }

  async function close(): Promise<void> {
    const closing = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    if (closing !== null) await new Promise((resolve) => closing.close(resolve));
  }

  await open();
  return { port, roads, sessions, open, close };
}

type Way = Pick<Door, 'roads' | 'sessions'> & { cluster: Cluster };

/** The first bytes say which road a connection takes. */
function sort(options: Way & { socket: Socket; first: Buffer; web: HttpServer }): void {
  const { socket, first, web, roads, sessions, cluster } = options;
  socket.pause();
  socket.unshift(first);
  if (first.subarray(0, 4).toString('latin1') === 'GET ') {
    web.emit('connection', socket);
    socket.resume();
    return;
  }
  void sessions.enter({
    client: socket,
    name: 'connect',
    road: roads.tcp,
    connect: () => connect(cluster.port, '127.0.0.1'),
  });
}

function webRoad({ cluster, roads, sessions }: Way): HttpServer {
  const web = createHttpServer((_request, response) => response.writeHead(404).end());
  const upgrades = new WebSocketServer({ noServer: true });
  web.on('upgrade', (request, socket, head) => {
    if (request.url?.startsWith('/v2') !== true) return void socket.destroy();
    upgrades.handleUpgrade(request, socket, head, (client) => {
      const stream = createWebSocketStream(client);
      stream.on('error', () => undefined);
      // Over the Unix socket: there the password goes in clear, as the vendor's driver sends it unasked.
      const toSocket = (): Socket => connect(cluster.socket);
      void sessions.enter({ client: stream, name: 'websocket', road: roads.websocket, connect: toSocket });
    });
  });
  return web;
}

/**
 * The ways to the database: a port that speaks PostgreSQL, and one that speaks WebSocket at `/v2`, as Neon's
 * proxy does on 443 (@neondatabase/serverless, `wsProxy`).
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Faults } from '../faults.ts';
import type { ExchangeRecord } from '../record.ts';
import type { Cluster } from './cluster.ts';
import { Gate } from './gate.ts';
import { Sessions, type Road } from './sessions.ts';

export type Door = {
  port: number;
  webSocketPort: number;
  /** What each road does with new connections. */
  roads: { tcp: Road; websocket: Road };
  sessions: Sessions;
  open(): Promise<void>;
  close(): Promise<void>;
};

/** Opens both ways to a running cluster. Calls are named `postgres.connect` and `postgres.websocket`. */
export async function openDoor(options: {
  cluster: Cluster;
  faults: Faults;
  record: ExchangeRecord;
}): Promise<Door> {
  const { cluster } = options;
  const roads: Door['roads'] = { tcp: 'open', websocket: 'open' };
  const sessions = new Sessions(options);
  const tcp = new Gate(() =>
    createServer((client) => {
      client.on('error', () => undefined);
      const connectTo = (): Socket => connect(cluster.port, '127.0.0.1');
      void sessions.enter({ client, name: 'connect', road: roads.tcp, connect: connectTo });
    }),
  );
  const web = new Gate(() => webRoad({ cluster, roads, sessions }));
  const open = async (): Promise<void> => {
    await Promise.all([tcp.open(), web.open()]);
  };
  await open();
  return {
    port: tcp.port,
    webSocketPort: web.port,
    roads,
    sessions,
    open,
    close: async () => {
      await Promise.all([tcp.close(), web.close()]);
    },
  };
}

type Way = Pick<Door, 'roads' | 'sessions'> & { cluster: Cluster };

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

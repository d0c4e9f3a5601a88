/**
 * The proxy in front of the database, in the role of Neon's: a TCP port with PostgreSQL's protocol, and a WebSocket
 * port at `/v2`, which Neon has on 443 (@neondatabase/serverless, `wsProxy`).
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Cluster } from './cluster.ts';
import { ClosablePort } from './closable-port.ts';
import { Sessions, type TransportState } from './sessions.ts';

export type PostgresProxy = {
  port: number;
  webSocketPort: number;
  /** What each transport does with new connections. */
  transports: { tcp: TransportState; websocket: TransportState };
  sessions: Sessions;
  open(): Promise<void>;
  close(): Promise<void>;
};

/** Opens both ports in front of a running cluster. In faults they are `postgres.connect` and `postgres.websocket`. */
export async function openPostgresProxy(options: {
  cluster: Cluster;
  faults: Faults;
  record: ExchangeRecord;
}): Promise<PostgresProxy> {
  const { cluster } = options;
  const transports: PostgresProxy['transports'] = { tcp: 'open', websocket: 'open' };
  const sessions = new Sessions(options);
  const tcp = new ClosablePort(() =>
    createServer((client) => {
      client.on('error', () => undefined);
      const connectTo = (): Socket => connect(cluster.port, '127.0.0.1');
      void sessions.enter({ client, name: 'connect', transport: transports.tcp, connect: connectTo });
    }),
  );
  const web = new ClosablePort(() => webSocketServer({ cluster, transports, sessions }));
  const open = async (): Promise<void> => {
    await Promise.all([tcp.open(), web.open()]);
  };
  await open();
  return {
    port: tcp.port,
    webSocketPort: web.port,
    transports,
    sessions,
    open,
    close: async () => {
      await Promise.all([tcp.close(), web.close()]);
    },
  };
}

type WebSocketServerOptions = Pick<PostgresProxy, 'transports' | 'sessions'> & { cluster: Cluster };

function webSocketServer({ cluster, transports, sessions }: WebSocketServerOptions): HttpServer {
  const web = createHttpServer((_request, response) => response.writeHead(404).end());
  const upgrades = new WebSocketServer({ noServer: true });
  web.on('upgrade', (request, socket, head) => {
    if (request.url?.startsWith('/v2') !== true) return void socket.destroy();
    upgrades.handleUpgrade(request, socket, head, (client) => {
      const stream = createWebSocketStream(client);
      stream.on('error', () => undefined);
      // Through the Unix socket, which accepts the cleartext password that Neon's driver sends.
      const toSocket = (): Socket => connect(cluster.socket);
      void sessions.enter({
        client: stream,
        name: 'websocket',
        transport: transports.websocket,
        connect: toSocket,
      });
    });
  });
  return web;
}

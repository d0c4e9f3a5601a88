import type { Pool, PoolConfig } from 'pg';
import { settleWithin } from '../../chat/resilience/deadline.ts';
import type { PostgresUrl } from './postgres-url.ts';
import { isTransient } from './postgres-failure.ts';

/** A pool with a working connection. `endpoint` is the port and transport, as shown in health. */
export type ConnectedPool = { pool: Pool; endpoint: string };

/** A WebSocket to the database's host on port 443, for networks that block 5432. */
export type WebSocketTransport = {
  /** Where the relay listens, without the scheme. */
  address: (host: string, port: number | string) => string;
  secure: boolean;
};

/** Only Neon accepts WebSockets on 443 (documentation of its serverless driver). */
const neonTransport: WebSocketTransport = { address: (host) => `${host}/v2`, secure: true };

/** Null for a host without one. */
export function webSocketTransportFor(host: string): WebSocketTransport | null {
  return /\.neon\.(?:tech|build)$/i.test(host) ? neonTransport : null;
}

/**
 * Opens a pool directly or, where there is a fallback and the direct connection fails or takes longer than
 * `headStartMs`, by whichever of the two connects first. Throws the driver's error when neither does.
 */
export async function openPool({
  address,
  options,
  fallback,
  headStartMs = 1_500,
}: {
  address: PostgresUrl;
  options: PoolConfig;
  fallback: WebSocketTransport | null;
  headStartMs?: number;
}): Promise<ConnectedPool> {
  const direct = openDirect(address, options);
  if (fallback === null) return direct;
  const early = await settleWithin({ ms: headStartMs }, direct).catch((error: unknown) => {
    // A wrong password is wrong on either transport.
    if (!isTransient(error)) throw error;
    return null;
  });
  if (early !== null) return early;
  const attempts = [direct, openWebSocket(address, options, fallback)];
  const winner = await Promise.any(attempts).catch((error: AggregateError): never => {
    throw error.errors[0] as Error;
  });
  for (const attempt of attempts)
    void attempt.then(
      (opened) => closeLoser(opened, winner),
      () => undefined,
    );
  return winner;
}

async function openDirect(address: PostgresUrl, options: PoolConfig): Promise<ConnectedPool> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ ...options, connectionString: address.connectionString });
  return verifyPool({ pool, endpoint: String(address.port) });
}

async function openWebSocket(
  address: PostgresUrl,
  options: PoolConfig,
  { address: relay, secure }: WebSocketTransport,
): Promise<ConnectedPool> {
  const { neonConfig, Pool: NeonPool } = await import('@neondatabase/serverless');
  neonConfig.webSocketConstructor = await agentWebSocket();
  neonConfig.wsProxy = relay;
  neonConfig.useSecureWebSocket = secure;
  neonConfig.forceDisablePgSSL = true;
  neonConfig.pipelineConnect = false;
  const pool = new NeonPool({ ...options, connectionString: address.connectionString });
  return verifyPool({ pool: pool as unknown as Pool, endpoint: '443 (WebSocket)' });
}

/** A WebSocket over node:https's agent, which a proxy of the environment is installed in: Node's own is not. */
async function agentWebSocket(): Promise<typeof WebSocket> {
  const [{ WebSocket: Socket }, http, https] = await Promise.all([
    import('ws'),
    import('node:http'),
    import('node:https'),
  ]);
  class AgentWebSocket extends Socket {
    constructor(address: string) {
      const agent = address.startsWith('wss:') ? new https.Agent() : new http.Agent();
      super(address, { agent });
    }
  }
  return AgentWebSocket as unknown as typeof WebSocket;
}

function closeLoser(opened: ConnectedPool, winner: ConnectedPool): void {
  if (opened !== winner) void opened.pool.end().catch(() => undefined);
}

/** A pool connects lazily, so one connection is opened to see whether it works. */
async function verifyPool(opened: ConnectedPool): Promise<ConnectedPool> {
  opened.pool.on('error', () => undefined);
  try {
    const client = await opened.pool.connect();
    client.release();
    return opened;
  } catch (error) {
    void opened.pool.end().catch(() => undefined);
    throw error;
  }
}

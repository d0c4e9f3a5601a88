import type { Pool, PoolConfig } from 'pg';
import type { PostgresUrl } from './postgres-url.ts';
import { isTransient } from './postgres-failure.ts';

/** A connection that is known to work, and the way it takes: shown in health. */
export type ConnectedPool = { pool: Pool; endpoint: string };

/** The second road: a WebSocket to the database's own host on 443, for where 5432 is blocked. */
export type WebSocketTransport = {
  /** Where the relay listens, without its scheme. */
  address: (host: string, port: number | string) => string;
  secure: boolean;
};

/** Neon answers WebSockets on 443 (its serverless driver's documentation); nobody else does. */
const neonTransport: WebSocketTransport = { address: (host) => `${host}/v2`, secure: true };

export function webSocketTransportFor(host: string): WebSocketTransport | null {
  return /\.neon\.(?:tech|build)$/i.test(host) ? neonTransport : null;
}

/**
 * Opens a pool by the road that answers: 5432 first and, where there is a second one and the first is blocked
 * or silent for `headStartMs`, that one too. Throws the driver's error when none is open.
 */
export async function openPool({
  address,
  options,
  second,
  headStartMs = 1_500,
}: {
  address: PostgresUrl;
  options: PoolConfig;
  second: WebSocketTransport | null;
  headStartMs?: number;
}): Promise<ConnectedPool> {
  const direct = openDirect(address, options);
  if (second === null) return direct;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), headStartMs).unref());
  const early = await Promise.race([direct, late]).catch((error: unknown) => {
    // A wrong password is wrong on either road.
    if (!isTransient(error)) throw error;
    return null;
  });
  if (early !== null) return early;
  const roads = [direct, openWebSocket(address, options, second)];
  const won = await Promise.any(roads).catch((error: AggregateError): never => {
    throw error.errors[0] as Error;
  });
  for (const road of roads)
    void road.then(
      (other) => closeLoser(other, won),
      () => undefined,
    );
  return won;
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
  neonConfig.webSocketConstructor = globalThis.WebSocket ?? (await import('ws')).WebSocket;
  neonConfig.wsProxy = relay;
  neonConfig.useSecureWebSocket = secure;
  neonConfig.forceDisablePgSSL = true;
  neonConfig.pipelineConnect = false;
  const pool = new NeonPool({ ...options, connectionString: address.connectionString });
  return verifyPool({ pool: pool as unknown as Pool, endpoint: '443 (WebSocket)' });
}

function closeLoser(other: ConnectedPool, won: ConnectedPool): void {
  if (other !== won) void other.pool.end().catch(() => undefined);
}

/** A pool connects lazily: whether its road is open is known when one connection stands. */
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

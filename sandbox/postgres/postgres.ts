/**
 * The sandbox's database: a real PostgreSQL in the role of Neon, behind a proxy that tests can close, slow down or
 * suspend.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Faults } from '../exchange/faults.ts';
import { startReaper, type Reaper } from '../reaper.ts';
import { ExchangeRecord } from '../exchange/exchange-record.ts';
import { findBinaries, type Binaries } from './find-binaries.ts';
import { ADMIN, startCluster } from './cluster.ts';
import { openPostgresProxy, type PostgresProxy } from './postgres-proxy.ts';

export type Postgres = {
  /** The connection string, password included. */
  url: string;
  port: number;
  /** The address for Neon's driver, without its scheme: `127.0.0.1:PORT/v2`. */
  webSocketAddress: string;
  proxy: PostgresProxy;
  /** Makes one more database with a role of its own; returns its connection string. */
  addDatabase(): Promise<string>;
  /** Gives a role of such a database a new password, and ends its sessions; returns the new connection string. */
  resetPassword(url: string): Promise<string>;
  up(): boolean;
  /** Stops the server and keeps its data; connections are refused. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

const DATABASE = 'neondb';
const OWNER = 'neondb_owner';

/**
 * Starts a server in `folder`, which is removed when it ends, even by SIGKILL. Throws an Error of one sentence when
 * PostgreSQL is not found or does not start.
 */
export async function startPostgres(options: {
  folder: string;
  password: string;
  faults?: Faults;
  record?: ExchangeRecord;
  reaper?: Reaper;
  binaries?: Binaries;
}): Promise<Postgres> {
  const { folder, password } = options;
  const own = options.reaper === undefined ? startReaper(folder) : null;
  const reaper = options.reaper ?? own ?? startReaper(folder);
  const binaries = options.binaries ?? (await findBinaries({ folder: join(folder, 'native') }));
  const adminPassword = randomBytes(16).toString('hex');
  const cluster = await startCluster({ folder, password: adminPassword, binaries, reaper });
  const admin = { port: cluster.port, adminPassword };
  await createDatabase({ ...admin, password, database: DATABASE, owner: OWNER });
  const proxy = await openPostgresProxy({
    cluster,
    faults: options.faults ?? new Faults(),
    record: options.record ?? new ExchangeRecord(),
  });
  const urlOf = (owner: string, secret: string, database: string): string =>
    `postgresql://${owner}:${encodeURIComponent(secret)}@127.0.0.1:${proxy.port}/${database}?sslmode=disable`;
  let added = 0;
  return {
    url: urlOf(OWNER, password, DATABASE),
    addDatabase: async () => {
      added += 1;
      const [owner, database] = [`${OWNER}_${added}`, `${DATABASE}_${added}`];
      const own = newPassword();
      await createDatabase({ ...admin, password: own, database, owner });
      return urlOf(owner, own, database);
    },
    resetPassword: async (url) => {
      const { username, pathname } = new URL(url);
      const own = newPassword();
      await asAdmin(admin, async (client) => {
        await client.query(`ALTER ROLE ${username} PASSWORD ${client.escapeLiteral(own)}`);
        await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
          username,
        ]);
      });
      return urlOf(username, own, pathname.slice(1));
    },
    port: proxy.port,
    webSocketAddress: `127.0.0.1:${proxy.webSocketPort}/v2`,
    proxy,
    up: cluster.up,
    stop: async () => {
      await proxy.close();
      await cluster.stop();
    },
    start: async () => {
      await cluster.start();
      await proxy.open();
    },
    close: async () => {
      await proxy.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
      await own?.close();
    },
  };
}

/**
 * A database and its owner, which is no superuser. It may do what Neon's console gives a role:
 * https://neon.com/docs/manage/roles#the-neonsuperuser-role.
 */
async function createDatabase(
  options: AdminAccess & { password: string; database: string; owner: string },
): Promise<void> {
  const { password, database, owner } = options;
  await asAdmin(options, async (client) => {
    const secret = client.escapeLiteral(password);
    await client.query(`CREATE ROLE ${owner} LOGIN CREATEDB CREATEROLE BYPASSRLS PASSWORD ${secret}`);
    await client.query(`CREATE DATABASE ${database} OWNER ${owner}`);
  });
}

type AdminAccess = { port: number; adminPassword: string };

async function asAdmin(
  { port, adminPassword }: AdminAccess,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: ADMIN,
    password: adminPassword,
    database: 'postgres',
  });
  await client.connect();
  await work(client).finally(() => client.end());
}

const newPassword = (): string => `npg_${randomBytes(12).toString('base64url')}`;

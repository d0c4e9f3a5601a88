/**
 * The sandbox's database is a real PostgreSQL in the role of Neon: a data folder of its own, a password, a
 * free loopback port. Nothing it holds survives the sandbox, so it never waits for the disk.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import { startReaper, type Reaper } from '../reaper.ts';
import { giveAway, unprivileged } from '../unprivileged.ts';
import { findBinaries, type Binaries } from './binaries.ts';

export type Postgres = {
  /** The connection string, password included. */
  url: string;
  port: number;
  up(): boolean;
  /** Ends the server and keeps its data, as when the database cannot be reached. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

const USER = 'neondb_owner';
const DATABASE = 'neondb';
const READY_MS = 20_000;
/** The library path is left to the programs themselves; nothing of the sandbox's environment is theirs. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'shared_buffers=32MB',
  'max_connections=60',
  'log_destination=stderr',
];

/** Starts a server under `folder`, which is removed at the end, however that comes. Throws one sentence when no PostgreSQL can be found or it does not start. */
export async function startPostgres(options: {
  folder: string;
  password: string;
  reaper?: Reaper;
  binaries?: Binaries;
}): Promise<Postgres> {
  const { folder, password } = options;
  const own = options.reaper === undefined ? startReaper(folder) : null;
  const reaper = options.reaper ?? own;
  const binaries = options.binaries ?? (await findBinaries({ folder: join(folder, 'native') }));
  const data = join(folder, 'data');
  await createData({ binaries, data, folder, password });
  const port = await freePort();
  const url = `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}?sslmode=disable`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    if (server !== null) return;
    const child = serve({ binaries, data, port });
    server = child.process;
    const { pid } = child.process;
    if (pid !== undefined) reaper?.watch(pid, 'SIGQUIT');
    child.process.once('exit', () => {
      if (pid !== undefined) reaper?.forget(pid);
      if (server === child.process) server = null;
    });
    const admin = url.replace(`/${DATABASE}?`, '/postgres?');
    await ready({ url: admin, failed: child.failed });
  }

  async function stop(): Promise<void> {
    const child = server;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    child.kill('SIGINT');
    const slow = setTimeout(() => child.kill('SIGQUIT'), 3_000);
    await gone;
    clearTimeout(slow);
  }

  await start();
  await createDatabase(url.replace(`/${DATABASE}?`, '/postgres?'));
  return {
    url,
    port,
    up: () => server !== null,
    stop,
    start,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
      await own?.close();
    },
  };
}

async function createData(options: {
  binaries: Binaries;
  data: string;
  folder: string;
  password: string;
}): Promise<void> {
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  giveAway(options.data);
  const passwordFile = join(options.folder, 'password');
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  giveAway(passwordFile);
  const args = ['-D', options.data, '-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await promisify(execFile)(
      options.binaries.initdb,
      [...args, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
      { ...unprivileged(), cwd: options.data, env: ENVIRONMENT },
    );
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`PostgreSQL could not create its data folder: ${lastLine(stderr ?? String(error))}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function serve(options: { binaries: Binaries; data: string; port: number }): {
  process: ChildProcess;
  failed: Promise<string>;
} {
  const settings = [...SETTINGS, `port=${options.port}`].flatMap((setting) => ['-c', setting]);
  const child = spawn(options.binaries.postgres, ['-D', options.data, ...settings], {
    ...unprivileged(),
    cwd: options.data,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) => resolve(`exit code ${code}: ${lastLine(said)}`));
  });
  return { process: child, failed };
}

async function ready({ url, failed }: { url: string; failed: Promise<string> }): Promise<void> {
  let failure: string | null = null;
  void failed.then((reason) => (failure = reason));
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (failure !== null) throw new Error(`PostgreSQL ended while starting: ${failure}`);
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(25);
    }
  }
  throw new Error(`PostgreSQL did not answer within ${READY_MS / 1_000} seconds.`);
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.end();
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

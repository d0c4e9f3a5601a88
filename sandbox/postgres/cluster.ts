/** A PostgreSQL server: its data folder and its process. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import type { Reaper } from '../reaper.ts';
import { chownToUnprivileged, unprivilegedUser } from '../unprivileged.ts';
import type { Binaries } from './find-binaries.ts';

export type Cluster = {
  /** The server's own TCP port, with SCRAM. */
  port: number;
  /** Its Unix socket, with cleartext passwords, as Neon's WebSocket transport needs. */
  socket: string;
  up(): boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** The vendor's own superuser, as whom no customer connects. */
export const ADMIN = 'cloud_admin';
const READY_MS = 20_000;
/** The server's whole environment. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Without waiting for the disk: no data survives the sandbox. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'shared_buffers=32MB',
  'max_connections=60',
  'log_destination=stderr',
];

/** Creates the data folder and starts the server. Throws an Error of one sentence when that fails. */
export async function startCluster(options: {
  folder: string;
  /** Of the superuser. */
  password: string;
  binaries: Binaries;
  reaper: Reaper;
}): Promise<Cluster> {
  const { binaries, folder, password, reaper } = options;
  const data = join(folder, 'data');
  const sockets = join(folder, 's');
  for (const own of [data, sockets]) {
    mkdirSync(own, { recursive: true, mode: 0o700 });
    chownToUnprivileged(own);
  }
  await createData({ binaries, data, folder, password });
  const port = await freePort();
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    if (server !== null) return;
    const child = spawnServer({ binaries, data, port, sockets });
    server = child.process;
    const { pid } = child.process;
    if (pid !== undefined) reaper.watch(pid, 'SIGQUIT');
    child.process.once('exit', () => {
      if (pid !== undefined) reaper.forget(pid);
      if (server === child.process) server = null;
    });
    await waitUntilReady({ port, password, failed: child.failed });
  }

  async function stop(): Promise<void> {
    const child = server;
    if (child === null) return;
    const exited = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    child.kill('SIGINT');
    const killTimer = setTimeout(() => child.kill('SIGQUIT'), 3_000);
    await exited;
    clearTimeout(killTimer);
  }

  await start();
  return { port, socket: join(sockets, `.s.PGSQL.${port}`), up: () => server !== null, stop, start };
}

async function createData(options: {
  binaries: Binaries;
  data: string;
  folder: string;
  password: string;
}): Promise<void> {
  const passwordFile = join(options.folder, 'password');
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  chownToUnprivileged(passwordFile);
  const args = [
    '-D',
    options.data,
    '-U',
    ADMIN,
    '--auth-local=password',
    '--auth-host=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  try {
    await promisify(execFile)(
      options.binaries.initdb,
      [...args, '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'],
      { ...unprivilegedUser(), cwd: options.data, env: ENVIRONMENT },
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

function spawnServer(options: { binaries: Binaries; data: string; port: number; sockets: string }): {
  process: ChildProcess;
  failed: Promise<string>;
} {
  const settings = [
    ...SETTINGS,
    `port=${options.port}`,
    `unix_socket_directories=${options.sockets}`,
  ].flatMap((setting) => ['-c', setting]);
  const child = spawn(options.binaries.postgres, ['-D', options.data, ...settings], {
    ...unprivilegedUser(),
    cwd: options.data,
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr = (stderr + text.toString()).slice(-2_000)));
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) => resolve(`exit code ${code}: ${lastLine(stderr)}`));
  });
  return { process: child, failed };
}

async function waitUntilReady({
  port,
  password,
  failed,
}: {
  port: number;
  password: string;
  failed: Promise<string>;
}): Promise<void> {
  let failure: string | null = null;
  void failed.then((reason) => (failure = reason));
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (failure !== null) throw new Error(`PostgreSQL ended while starting: ${failure}`);
    const client = new pg.Client({ host: '127.0.0.1', port, user: ADMIN, password, database: 'postgres' });
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

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

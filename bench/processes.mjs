/** Processes to measure: pinned to a core if `taskset` exists, asked over loopback, ended by their handle. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const canPin = spawnSync('taskset', ['--version']).status === 0;

/** For the head of the table. */
export const pinning = canPin
  ? 'pinned: server on core 0, load and vendors on core 1'
  : 'not pinned (no taskset)';

/** Command and arguments so that the process runs on one core. */
export function onCore(core, command, args) {
  return canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args];
}

/** Starts a process; `line` resolves with its first line of output, `stop` ends it and waits. */
export function start({ core, command, args = [], env = {} }) {
  const [file, all] = onCore(core, command, args);
  const child = spawn(file, all, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors = [];
  child.stderr.on('data', (bytes) => errors.push(bytes));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface(child.stdout);
  const line = new Promise((resolve, reject) => {
    lines.once('line', resolve);
    void closed.then(() => reject(new Error(`${args.join(' ')} ended: ${Buffer.concat(errors)}`)));
  });
  line.catch(() => undefined);
  return {
    pid: child.pid,
    line,
    async stop() {
      child.stdin.end();
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await closed;
      clearTimeout(late);
    },
  };
}

/** Resident memory of a process, in MB. */
export function memoryOf(pid) {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 1024 / 1024;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values) => quantile(values, 0.5);

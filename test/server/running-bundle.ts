/** The bundle as a Space runs it: in its own process, with only the files of `dist/space`. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../sandbox/free-port.ts';

export type BundleProcess = {
  url: string;
  pid: number;
  /** Everything printed so far, on both streams. */
  output(): string;
  /** Resident memory in bytes; null where the system does not report it. */
  memory(): number | null;
  /** Kills it without a warning. */
  kill(): void;
  /** Stops it as a Space is stopped; resolves to the exit code. */
  close(): Promise<number | null>;
};

const files = fileURLToPath(new URL('../../dist/space', import.meta.url));

/** Resolves when it listens, which is before it is ready. */
export async function runBundle(environment: Record<string, string>): Promise<BundleProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'rag-space-bundle-test-'));
  cpSync(files, folder, { recursive: true });
  const port = await freePort();
  const child = spawn(process.execPath, [join(folder, 'server.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = `http://127.0.0.1:${port}`;
  const ended = { yet: false };
  void exited.then(() => (ended.yet = true));
  while (!ended.yet && !(await answers(`${url}/api/live`)))
    await new Promise((resolve) => setTimeout(resolve, 10));
  if (ended.yet) throw new Error(`The server ended: ${output}`);
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    memory: () => residentMemory(child.pid),
    kill: () => void child.kill('SIGKILL'),
    async close() {
      child.kill('SIGTERM');
      const code = await exited;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

function residentMemory(pid: number | undefined): number | null {
  if (process.platform !== 'linux') return null;
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

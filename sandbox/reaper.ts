import { spawn } from 'node:child_process';

/**
 * Ends the sandbox's children even when the sandbox is killed with SIGKILL: a tiny process in its own session that
 * reads `+pid signal` and `-pid` lines and, at the end of its input, signals the remaining ones and removes the
 * temporary folder.
 */
export type Reaper = {
  watch(pid: number, signal: 'SIGKILL' | 'SIGQUIT'): void;
  forget(pid: number): void;
  /** Resolves once the reaper has removed the folder and ended. */
  close(): Promise<void>;
};

const SCRIPT = `
const left = new Map(); let rest = '';
const end = () => {
  for (const [pid, signal] of left) { try { process.kill(-pid, signal); } catch { try { process.kill(pid, signal); } catch {} } }
  const remove = () => { try { require('fs').rmSync(process.argv[1], { recursive: true, force: true, maxRetries: 3 }); } catch {} };
  if (left.size === 0) return remove();
  setTimeout(() => { for (const pid of left.keys()) { try { process.kill(-pid, 'SIGKILL'); } catch {} } remove(); }, 500);
};
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n'); rest = lines.pop();
  for (const line of lines) {
    const [pid, signal] = line.slice(1).split(' ');
    if (line[0] === '+') left.set(Number(pid), signal); else left.delete(Number(pid));
  }
}).on('end', end).on('error', end);
`;

/** Starts the reaper; it removes `folder` at the end. */
export function startReaper(folder: string): Reaper {
  const child = spawn(process.execPath, ['-e', SCRIPT, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  child.unref();
  return {
    watch: (pid, signal) => void child.stdin.write(`+${pid} ${signal}\n`),
    forget: (pid) => void child.stdin.write(`-${pid}\n`),
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.pid === undefined) return resolve();
        child.ref();
        child.once('exit', () => resolve());
        child.stdin.end();
      }),
  };
}

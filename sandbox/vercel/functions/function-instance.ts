import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reaper } from '../../reaper.ts';

/** One process of a function. It is frozen (SIGSTOP) whenever no request is open. */
export type FunctionInstance = {
  pid: number;
  /** Resolves to its origin once the function is loaded. Rejects when it ended before that. */
  ready: Promise<string>;
  isAlive(): boolean;
  /** Lets it run, until `answered` was reported as often as this was called. */
  enter(): void;
  /** Resolves when no request is open. */
  idle(): Promise<void>;
  /** Processor time in milliseconds, as of the last answer. */
  cpuMs(): number;
  /** Ends it as the platform does: SIGTERM, and SIGKILL half a second later. */
  stop(): Promise<void>;
  kill(): Promise<void>;
};

/** https://vercel.com/docs/functions/functions-api-reference#sigterm-signal */
const graceMs = 500;
const launcher = fileURLToPath(new URL('./launcher.js', import.meta.url));

type Message = { type: 'listening'; port: number } | { type: 'answered'; cpuMs: number };

/** Starts a process that serves the handler's file, with these variables and no others. */
export function startInstance(options: {
  handler: string;
  env: Readonly<Record<string, string>>;
  write: (line: string) => void;
  reaper: Reaper | null;
}): FunctionInstance {
  const child = spawn(process.execPath, [launcher, options.handler], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const pid = child.pid ?? 0;
  options.reaper?.watch(pid, 'SIGKILL');
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => {
      for (const line of bytes.toString().split('\n')) if (line !== '') options.write(line);
    });
  let [open, cpuMs, isAlive] = [0, 0, true];
  const whenIdle: (() => void)[] = [];
  const signal = (name: NodeJS.Signals): void => void (isAlive && child.kill(name));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      isAlive = false;
      options.reaper?.forget(pid);
      for (const done of whenIdle.splice(0)) done();
      resolve();
    });
  });
  const rest = (): void => {
    if (open > 0) return;
    signal('SIGSTOP');
    for (const done of whenIdle.splice(0)) done();
  };
  const ready = new Promise<string>((resolve, reject) => {
    void ended.then(() => reject(new Error('the function ended at its start')));
    child.on('message', (message: Message) => {
      if (message.type === 'listening') return resolve(`http://127.0.0.1:${message.port}`);
      cpuMs = message.cpuMs;
      open -= 1;
      rest();
    });
  });
  ready.catch(() => undefined);
  return {
    pid,
    ready,
    isAlive: () => isAlive,
    enter() {
      open += 1;
      signal('SIGCONT');
    },
    idle: () =>
      open === 0 || !isAlive ? Promise.resolve() : new Promise((resolve) => whenIdle.push(resolve)),
    cpuMs: () => cpuMs,
    async stop() {
      signal('SIGCONT');
      signal('SIGTERM');
      const timer = setTimeout(() => signal('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      signal('SIGKILL');
      await ended;
    },
  };
}

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { dirname, join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reaper } from '../reaper.ts';
import { chownToUnprivileged, unprivilegedUser } from '../unprivileged.ts';
import type { Image } from './image.ts';

export type Container = {
  /** The folder that serves as the image's root. */
  root: string;
  port: number;
  pid: number | null;
  /** The exit code or the signal's name. */
  exited: Promise<number | string>;
  /** True once the port accepts connections; false when the process ended or `signal` was aborted. */
  listening(signal: AbortSignal): Promise<boolean>;
  /** Sends SIGTERM to the command, and SIGKILL to its process group after `STOP_MS`. */
  stop(): Promise<void>;
};

const STOP_MS = 5_000;

/**
 * Starts the image's command from its files in a new folder. Its environment has only `settings`, the image's ENV,
 * PATH, and HOST and PORT, which replace the port mapping.
 */
export function startContainer(options: {
  image: Image;
  home: string;
  settings: Record<string, string>;
  port: number;
  write: (text: string) => void;
  reaper: Reaper | null;
  /** Runs instead of the image's command. */
  command?: string[];
}): Container {
  const { image, home } = options;
  const root = mkdtempSync(join(home, 'root-'));
  writeImage(image, root);
  const argv = (options.command ?? image.command).map((word) =>
    inImage(image, word) ? join(root, word) : word,
  );
  const child = spawn(argv[0] ?? 'true', argv.slice(1), {
    ...unprivilegedUser(),
    cwd: join(root, image.workdir),
    env: {
      ...image.environment,
      ...options.settings,
      PATH: `${binFolder(home)}:/usr/local/bin:/usr/bin:/bin`,
      HOST: '127.0.0.1',
      PORT: String(options.port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return {
    root,
    port: options.port,
    ...superviseContainer({ ...options, child, root, program: argv[0] ?? '' }),
  };
}

type ContainerProcess = Pick<Container, 'pid' | 'exited' | 'listening' | 'stop'>;

function superviseContainer(options: {
  child: ChildProcessByStdio<null, Readable, Readable>;
  program: string;
  root: string;
  port: number;
  write: (text: string) => void;
  reaper: Reaper | null;
}): ContainerProcess {
  const { child, write } = options;
  for (const stream of [child.stdout, child.stderr]) forEachLine(stream, write);
  const pid = child.pid ?? null;
  if (pid !== null) options.reaper?.watch(pid, 'SIGKILL');
  const state = { ended: false };
  const exited = new Promise<number | string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT' ? 'executable file not found in $PATH' : error.message;
      write(`exec: "${options.program}": ${missing}`);
      resolve(127);
    });
    // Its own children end with it; only then do the streams close, after its last output.
    child.once('exit', () => pid !== null && kill(-pid, 'SIGKILL'));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  }).then((outcome) => {
    state.ended = true;
    if (pid !== null) options.reaper?.forget(pid);
    rmSync(options.root, { recursive: true, force: true });
    return outcome;
  });
  const listening = async (signal: AbortSignal): Promise<boolean> => {
    while (!state.ended && !signal.aborted) {
      if (await accepts(options.port)) return !state.ended;
      await sleep(20);
    }
    return false;
  };
  const stop = async (): Promise<void> => {
    if (state.ended || pid === null) return void (await exited);
    kill(pid, 'SIGTERM');
    const killTimer = setTimeout(() => kill(-pid, 'SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(killTimer);
  };
  return { pid, exited, listening, stop };
}

function writeImage(image: Image, root: string): void {
  mkdirSync(join(root, image.workdir), { recursive: true });
  for (const [path, { content, owner }] of image.files) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content, { mode: 0o644 });
    if (owner !== null && !/^(root|0)(:|$)/.test(owner)) {
      chownToUnprivileged(target);
      chownToUnprivileged(dirname(target));
    }
  }
  // mkdtemp creates a private folder, which the command's user must be able to enter.
  chmodSync(root, 0o755);
}

function inImage(image: Image, word: string): boolean {
  if (!word.startsWith('/')) return false;
  const path = posix.normalize(word);
  return image.files.has(path) || [...image.files.keys()].some((file) => file.startsWith(`${path}/`));
}

/** A folder with this Node as `node`: a link, or a copy when other users cannot reach its path. */
function binFolder(home: string): string {
  const folder = join(home, 'bin');
  const node = join(folder, 'node');
  if (existsSync(node)) return folder;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (unprivilegedUser().uid === undefined || isWorldReachable(process.execPath))
    symlinkSync(process.execPath, node);
  else copyFileSync(process.execPath, node);
  return folder;
}

function isWorldReachable(path: string): boolean {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}

function forEachLine(stream: NodeJS.ReadableStream, write: (text: string) => void): void {
  let buffered = '';
  stream.on('data', (piece: Buffer) => {
    const lines = (buffered + piece.toString()).split('\n');
    buffered = lines.pop() ?? '';
    for (const line of lines) write(line);
  });
  stream.on('end', () => {
    if (buffered !== '') write(buffered);
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

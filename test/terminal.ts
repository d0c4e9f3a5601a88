import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export type TerminalOptions = {
  command: string;
  args?: readonly string[];
  /** Added to the parent's environment, less `CI`; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  columns?: number;
  rows?: number;
};

export type Terminal = {
  /** The visible screen: one line per row, without trailing blanks. */
  screen(): string;
  /** The screen and the scrollback. */
  scrollback(): string;
  /** Resolves with the screen once it contains the text; rejects with the last screen. */
  waitFor(wanted: string | RegExp, options?: { timeoutMs?: number }): Promise<string>;
  /** Resolves once the program has written nothing for 150 ms, less than a spinner's tick. */
  settled(): Promise<void>;
  write(keys: string): void;
  /** Pastes with bracketed-paste markers if the program has enabled them, else as plain text. */
  paste(text: string): void;
  resize(columns: number, rows: number): void;
  /** Whether the cursor is visible. */
  isCursorShown(): boolean;
  /** Sends a signal from outside, like `kill`. */
  signal(name: 'SIGTERM' | 'SIGHUP' | 'SIGINT'): void;
  exited: Promise<{ code: number }>;
  /** Everything that the program wrote. */
  transcript(): string;
  /** The same as pieces with their time in seconds. */
  recording(): readonly { at: number; text: string }[];
  /** Kills the program if it is still running. */
  close(): Promise<void>;
};

export const keys = {
  enter: '\r',
  escape: '\u001B',
  up: '\u001B[A',
  down: '\u001B[B',
  left: '\u001B[D',
  backspace: '\u007F',
  ctrlC: '\u0003',
  ctrlU: '\u0015',
} as const;

const defaultTimeoutMs = 60_000;

// Ink draws nothing in CI, and tests must not depend on the caller's environment.
const unsetVariables = { CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined };

function environment(extra: Record<string, string | undefined>): Record<string, string> {
  const merged: Record<string, string | undefined> = { ...process.env, ...unsetVariables, ...extra };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function linesOf(buffer: xterm.IBuffer, from: number, to: number): string {
  const lines: string[] = [];
  for (let row = from; row < to; row++) lines.push(buffer.getLine(row)?.translateToString(true) ?? '');
  return lines.join('\n').trimEnd();
}

/** Runs a program in a pseudo-terminal and renders its output in an emulator. */
export function openTerminal(options: TerminalOptions): Terminal {
  const { columns = 80, rows = 24 } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
  const child = spawn(options.command, [...(options.args ?? [])], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env: environment(options.env ?? {}),
  });
  const started = performance.now();
  const recording: { at: number; text: string }[] = [];
  let transcript = '';
  // The emulator renders asynchronously.
  let drawn = '';
  let exitCode: number | null = null;
  const listeners = new Set<() => void>();
  const changed = (): void => [...listeners].forEach((listener) => listener());
  child.onData((data) => {
    transcript += data;
    recording.push({ at: (performance.now() - started) / 1000, text: data });
    emulator.write(data, () => {
      drawn += data;
      changed();
    });
  });
  const exited = new Promise<{ code: number }>((resolve) => {
    child.onExit(({ exitCode: code }) => {
      exitCode = code;
      // An empty write completes after everything before it is rendered.
      emulator.write('', () => {
        changed();
        resolve({ code });
      });
    });
  });

  const screen = (): string => {
    const buffer = emulator.buffer.active;
    return linesOf(buffer, buffer.viewportY, buffer.viewportY + emulator.rows);
  };

  // A synchronised frame can arrive in several reads; a half one is never visible.
  const isComplete = (): boolean => drawn.lastIndexOf('\u001B[?2026l') >= drawn.lastIndexOf('\u001B[?2026h');

  const waitFor: Terminal['waitFor'] = (wanted, { timeoutMs = defaultTimeoutMs } = {}) =>
    new Promise((resolve, reject) => {
      const matches = (text: string): boolean =>
        typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
      const end = (error: Error | null): void => {
        clearTimeout(timer);
        listeners.delete(check);
        if (error === null) resolve(screen());
        else reject(error);
      };
      const fail = (why: string): void =>
        end(new Error(`${why} while waiting for ${String(wanted)}. The last screen:\n${screen()}`));
      const check = (): void => {
        if (isComplete() && matches(screen())) end(null);
        else if (exitCode !== null) fail(`The program ended with ${exitCode}`);
      };
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      listeners.add(check);
      check();
    });

  const settled = async (): Promise<void> => {
    const { length } = transcript;
    await sleep(150);
    if (transcript.length !== length) return settled();
    await new Promise<void>((resolve) => emulator.write('', resolve));
  };

  return {
    screen,
    settled,
    scrollback: () => linesOf(emulator.buffer.active, 0, emulator.buffer.active.length),
    waitFor,
    write: (data) => child.write(data),
    paste: (text) => child.write(emulator.modes.bracketedPasteMode ? `\u001B[200~${text}\u001B[201~` : text),
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      child.resize(newColumns, newRows);
    },
    isCursorShown: () => transcript.lastIndexOf('\u001B[?25h') >= transcript.lastIndexOf('\u001B[?25l'),
    exited,
    transcript: () => transcript,
    recording: () => recording,
    signal: (name) => child.kill(name),
    close: async () => {
      if (exitCode === null) child.kill('SIGKILL');
      await exited;
      emulator.dispose();
    },
  };
}

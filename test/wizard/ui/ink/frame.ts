import './force-color.ts';
import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import type { Outline } from '../../../../wizard/model/display/outline.ts';
import type { Prompt, Reply } from '../../../../wizard/model/question.ts';
import type { Renderer, UserAction } from '../../../../wizard/model/renderer.ts';
import type { RunEvent } from '../../../../wizard/model/run/event.ts';
import { createInkRenderer } from '../../../../wizard/ui/ink/ink-renderer.tsx';

export type WindowOptions = { columns?: number; rows?: number; hasColor?: boolean; now?: () => number };

/** The real screens in this process, drawn into a terminal emulator. */
export type ScreenWindow = {
  renderer: Renderer;
  /** What the user did beside answering. */
  actions: UserAction[];
  /** The screen once it no longer changes: one line per row. */
  frame(): Promise<string>;
  scrollback(): Promise<string>;
  /** All that was written. */
  output(): string;
  type(keys: string): Promise<void>;
  resize(columns: number, rows: number): void;
  emulator: xterm.Terminal;
  close(): Promise<void>;
};

// Ink keeps what is logged above its frame; the test runner's console has no such class.
Object.assign(globalThis.console, { Console });

/** Opens a window of this size, without a process or a pseudo-terminal. */
export function openWindow(options: WindowOptions = {}): ScreenWindow {
  const { columns = 80, rows = 24, hasColor = true, now = Date.now } = options;
  const emulator = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    scrollback: 1000,
    convertEol: true,
  });
  let output = '';
  const stdout = Object.assign(new PassThrough(), {
    isTTY: true,
    columns,
    rows,
    hasColors: () => hasColor,
  });
  stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    emulator.write(chunk);
  });
  const stdin = Object.assign(new PassThrough({ encoding: 'utf8' }), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const renderer = createInkRenderer({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: process.stderr,
    now,
  });
  const actions: UserAction[] = [];
  void (async () => {
    for await (const action of renderer.userActions()) actions.push(action);
  })();
  const settle = async (): Promise<void> => {
    const quiet = async (length: number): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      if (length !== output.length || output === '') await quiet(output.length);
    };
    await quiet(-1);
    await new Promise<void>((resolve) => emulator.write('', resolve));
  };
  const text = (from: number, to: number): string => {
    const { active } = emulator.buffer;
    const lines = Array.from({ length: to - from }, (_, row) =>
      (active.getLine(from + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.join('\n').trimEnd();
  };
  return {
    renderer,
    actions,
    emulator,
    frame: async () => {
      await settle();
      const top = emulator.buffer.active.viewportY;
      return text(top, top + emulator.rows);
    },
    scrollback: async () => {
      await settle();
      return text(0, emulator.buffer.active.length);
    },
    output: () => output,
    type: async (keys) => {
      stdin.write(keys);
      await settle();
    },
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      Object.assign(stdout, { columns: newColumns, rows: newRows });
      stdout.emit('resize');
    },
    close: async () => {
      await renderer.close();
      emulator.dispose();
    },
  };
}

/** A frame counts once nothing was written for this long; shorter than a spinner's tick. */
const quietMs = 60;

/** One moment of a run, as the screens see it. */
export type Moment = {
  events?: readonly RunEvent[];
  outline?: Outline;
  prompt?: Prompt;
  /** Typed once the prompt is on the screen. */
  keys?: string;
};

/** Shows a moment; `reply` is what its prompt is answered with. */
export async function show(window: ScreenWindow, moment: Moment): Promise<{ reply: Promise<Reply> | null }> {
  const { events = [], outline, prompt, keys } = moment;
  if (outline !== undefined) window.renderer.showOutline?.(outline);
  for (const event of events) window.renderer.show(event);
  const { signal } = new AbortController();
  const reply = prompt === undefined ? null : window.renderer.ask(prompt, { signal });
  await window.frame();
  if (keys !== undefined) await window.type(keys);
  return { reply };
}

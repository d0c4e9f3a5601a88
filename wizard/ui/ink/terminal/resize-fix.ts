import { frameUpdate } from './frame-update.ts';

/** Cursor movements and erasing; a style belongs to the text. */
const leadingControls = /^(?:\u001B\[[0-?]*[ -/]*[@-ln-~]|\u001B[78])+/;
/** What Ink writes before a frame: each row of the last one erased, from the bottom. */
const eraseFrame = /^(?:\u001B\[2K\u001B\[1A)+\u001B\[2K\u001B\[G/;
const controls = /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g;
const upOne = /\u001B\[1A/g;
/** More lines than a frame ever has. */
const maxLines = 60;

/** Rows that the terminal needs for these lines. */
function countRows(lines: readonly string[], columns: number): number {
  const widths = lines.map((text) => [...text.replaceAll(controls, '')].length);
  return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
}

/**
 * An escape sequence that erases lines which the terminal has rewrapped to fewer columns, and leaves the cursor below
 * as many rows as there are lines, where Ink expects it. Empty when no line was rewrapped.
 */
function eraseSequence(
  lines: readonly string[],
  { columns, rows }: { columns: number; rows: number },
): string {
  const needed = countRows(lines, columns);
  if (needed === lines.length || lines.length > rows) return '';
  const up = Math.min(needed, rows) - 1;
  // Begins a synchronised update, which Ink ends with its next frame, so that no empty screen is visible.
  return `\u001B[?2026h\u001B[${up}A\r\u001B[J${'\n'.repeat(lines.length - 1)}`;
}

type TerminalHandle = { getWindowSize?: (into: number[]) => number };

/** The size as the terminal reports it now; Node updates its own only at the signal. */
function readSize(stdout: NodeJS.WriteStream): { columns: number; rows: number } {
  const handle = Reflect.get(stdout, '_handle') as TerminalHandle | null | undefined;
  const size: number[] = [];
  const isKnown = handle?.getWindowSize?.(size) === 0;
  const [columns = stdout.columns, rows = stdout.rows] = isKnown ? size : [];
  return { columns, rows };
}

/**
 * Wraps stdout for Ink and remembers the last lines, so that of a frame only what differs is written. Ink erases as many rows as it wrote lines; when the terminal
 * becomes narrower it wraps them to more rows, and the top ones would remain. The terminal's width is read whenever
 * Ink erases, because the resize signal may arrive after the next frame.
 */
export function withResizeFix(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  let lines: string[] = [''];
  const write = (...args: Parameters<typeof stdout.write>): boolean => {
    const text = String(args[0]);
    const head = leadingControls.exec(text)?.[0] ?? '';
    const ups = head.match(upOne)?.length ?? 0;
    const [first = '', ...others] = text.slice(head.length).split('\n');
    if (ups > 0) {
      const erased = lines.slice(-ups - 1);
      const sequence = eraseSequence(erased, readSize(stdout));
      lines = [...lines.slice(0, -ups - 1), ''];
      if (sequence !== '') stdout.write(sequence);
      else if (others.length === ups && erased.length === ups + 1 && eraseFrame.exec(text)?.[0] === head) {
        lines = [...lines.slice(0, -1), first, ...others].slice(-maxLines);
        const [, ...callback] = args;
        return stdout.write(frameUpdate(erased, [first, ...others]), ...callback);
      }
    }
    lines = [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${first}`, ...others].slice(-maxLines);
    return stdout.write(...args);
  };
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

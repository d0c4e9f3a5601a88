const leadingControls = /^(?:\u001B\[[0-?]*[ -/]*[@-~]|\u001B[78])+/;
const controls = /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g;
const upOne = /\u001B\[1A/g;
/** More than a frame ever has. */
const maxLines = 60;

/** Rows that a terminal needs for these lines. */
function countRows(lines: readonly string[], columns: number): number {
  const widths = lines.map((text) => [...text.replaceAll(controls, '')].length);
  return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
}

/**
 * What wipes lines that a terminal has rewrapped to fewer columns, and then stands where a program that knows
 * only the lines themselves expects to stand: below them. Empty when nothing was rewrapped.
 */
function eraseSequence(
  lines: readonly string[],
  { columns, rows }: { columns: number; rows: number },
): string {
  const needed = countRows(lines, columns);
  if (needed === lines.length || lines.length > rows) return '';
  const up = Math.min(needed, rows) - 1;
  // A synchronised update begins; Ink, which draws next, ends it: no empty screen is seen in between.
  return `\u001B[?2026h\u001B[${up}A\r\u001B[J${'\n'.repeat(lines.length - 1)}`;
}

type TerminalHandle = { getWindowSize?: (into: number[]) => number };

/** As the terminal itself says; Node's own numbers wait for the signal. */
function readSize(stdout: NodeJS.WriteStream): { columns: number; rows: number } {
  const handle = Reflect.get(stdout, '_handle') as TerminalHandle | null | undefined;
  const size: number[] = [];
  const isTold = handle?.getWindowSize?.(size) === 0;
  const [columns = stdout.columns, rows = stdout.rows] = isTold ? size : [];
  return { columns, rows };
}

/**
 * A stdout for Ink that remembers what was written last. Ink erases as many rows as it wrote lines; a terminal that
 * narrows has made more rows of them, and the uppermost would stay as ghosts. The terminal itself is asked how wide
 * it is whenever Ink erases: the signal that says so may come after the next frame.
 */
export function withResizeFix(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  let lines: string[] = [''];
  const write = (...given: Parameters<typeof stdout.write>): boolean => {
    const text = String(given[0]);
    const head = leadingControls.exec(text)?.[0] ?? '';
    const ups = head.match(upOne)?.length ?? 0;
    if (ups > 0) {
      const erased = lines.slice(-ups - 1);
      const wiping = eraseSequence(erased, readSize(stdout));
      if (wiping !== '') stdout.write(wiping);
      lines = [...lines.slice(0, -ups - 1), ''];
    }
    const [first = '', ...others] = text.slice(head.length).split('\n');
    lines = [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${first}`, ...others].slice(-maxLines);
    return stdout.write(...given);
  };
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

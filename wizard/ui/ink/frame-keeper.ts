const leadingControls = /^(?:\u001B\[[0-?]*[ -/]*[@-~]|\u001B[78])+/;
const controls = /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g;

/** Rows that a terminal needs for these lines. */
function rowsAt(lines: readonly string[], columns: number): number {
  const widths = lines.map((text) => [...text.replaceAll(controls, '')].length);
  return widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
}

/**
 * What wipes a frame that a terminal has rewrapped to fewer columns, and then stands where a program that knows
 * only the frame's own lines expects to stand: below them. Empty when nothing was rewrapped.
 */
export function wipeOf(frame: string, { columns, rows }: { columns: number; rows: number }): string {
  const lines = frame.split('\n');
  const needed = rowsAt(lines, columns);
  if (needed === lines.length || lines.length > rows) return '';
  const up = Math.min(needed, rows) - 1;
  // A synchronised update begins; Ink, which draws next, ends it: no empty screen is seen in between.
  return `\u001B[?2026h\u001B[${up}A\r\u001B[J${'\n'.repeat(lines.length - 1)}`;
}

/**
 * A stdout for Ink that remembers the last frame. Ink erases as many rows as it wrote lines; a terminal that
 * narrows has made more rows of them, and the uppermost would stay as ghosts.
 */
export function keepFrames(stdout: NodeJS.WriteStream): { stdout: NodeJS.WriteStream; stop: () => void } {
  let frame = '';
  let { columns } = stdout;
  const write = (...given: Parameters<typeof stdout.write>): boolean => {
    const text = String(given[0]).replace(leadingControls, '');
    if (text !== '') frame = text;
    return stdout.write(...given);
  };
  const onResize = (): void => {
    if (stdout.columns < columns && frame.endsWith('\n')) stdout.write(wipeOf(frame, stdout));
    columns = stdout.columns;
  };
  stdout.on('resize', onResize);
  const keeping = new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { stdout: keeping, stop: () => void stdout.off('resize', onResize) };
}

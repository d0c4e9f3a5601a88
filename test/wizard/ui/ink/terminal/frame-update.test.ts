import xterm from '@xterm/headless';
import { expect, it } from 'vitest';
import { frameUpdate } from '../../../../../wizard/ui/ink/terminal/frame-update.ts';
import { randomFrom } from '../../../../properties/random.ts';

const size = { cols: 40, rows: 10, allowProposedApi: true, convertEol: true };

/** Characters and styles of each cell of the first rows. */
async function cellsOf(text: string): Promise<string[]> {
  const terminal = new xterm.Terminal(size);
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: 9 }, (_, row) =>
    Array.from({ length: size.cols }, (_, column) => {
      const cell = active.getLine(row)?.getCell(column);
      return `${cell?.getChars() || ' '}${cell?.isBold()}${cell?.getFgColor()}`;
    }).join(''),
  );
  return [...rows, `${active.cursorY} ${active.cursorX}`];
}

const pieces = ['⠋', '⠙', 'Wait', ' for', '0:58', '0:59', '━━', '──', '日本', '✓', '', 'x'];
const colours = ['\u001B[32m', '\u001B[1m', '\u001B[2m', '\u001B[31m'];

it('leaves on the screen what the whole frame would, for any two frames of one height', async () => {
  const random = randomFrom(7);
  const line = (): string =>
    Array.from({ length: random.below(5) }, () => {
      const piece = random.pick(pieces);
      return random.below(3) === 0 ? `${random.pick(colours)}${piece}\u001B[0m` : piece;
    }).join('');
  for (let round = 0; round < 300; round++) {
    const height = 1 + random.below(5);
    const before = [...Array.from({ length: height }, line), ''];
    const after = before.map((text, index) =>
      index === height
        ? ''
        : random.below(2) === 0
          ? text
          : random.below(2) === 0
            ? line()
            : `${text}${line()}`,
    );
    const update = frameUpdate(before, after);
    // oxlint-disable-next-line no-await-in-loop -- one terminal at a time
    const [shown, whole] = [await cellsOf(before.join('\n') + update), await cellsOf(after.join('\n'))];
    expect(shown, JSON.stringify({ before, after, update })).toEqual(whole);
  }
});

it('writes a few bytes for a spinner', () => {
  const row = (spinner: string): string =>
    `  \u001B[32m${spinner}\u001B[39m Wait for the build  ━━━━━━━━━━━━`;
  expect(frameUpdate(['a', row('⠋'), ''], ['a', row('⠙'), '']).length).toBeLessThan(30);
  expect(frameUpdate(['a', ''], ['a', ''])).toBe('');
});

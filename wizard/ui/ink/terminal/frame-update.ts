import {
  styledCharsFromTokens,
  styledCharsToString,
  tokenize,
  type StyledChar,
} from '@alcalzone/ansi-tokenize';

/** Characters of one cell; in a line with others the columns are not counted. */
const narrow = /^[ -~\u00A0-\u02FF\u2010-\u205E\u2190-\u21FF\u2500-\u25FF\u2700-\u27BF\u2800-\u28FF]*$/;
/** Unchanged cells between two changes that are cheaper to write again than to move over. */
const shortGap = 8;

/**
 * The shortest text that turns the frame on the screen into the next one of as many lines. The cursor is in the last
 * line before and after. Ink's incremental rendering does the same, but counts lines that a narrower terminal has
 * wrapped as one row each.
 */
export function frameUpdate(before: readonly string[], after: readonly string[]): string {
  let row = before.length - 1;
  let text = '';
  for (const [index, line] of after.entries()) {
    if (line === before[index]) continue;
    text += moveRows(index - row) + lineUpdate(cellsOf(before[index] ?? ''), cellsOf(line));
    row = index;
  }
  return text === '' ? '' : `${text}${moveRows(after.length - 1 - row)}\r`;
}

function moveRows(rows: number): string {
  if (rows === 0) return '';
  return rows < 0 ? `\u001B[${-rows}A` : `\u001B[${rows}B`;
}

type Cells = StyledChar[];

function cellsOf(line: string): Cells {
  return styledCharsFromTokens(tokenize(line));
}

/** What differs in a line: each changed stretch where columns can be counted, else all from the first change on. */
function lineUpdate(before: Cells, after: Cells): string {
  const isCounted = isNarrow(before) && isNarrow(after);
  const changes = after.flatMap((cell, index) => (isSameCell(before[index], cell) ? [] : [index]));
  if (isCounted && before.length === after.length)
    return stretches(changes)
      .map(([start, end]) => write(start, after.slice(start, end)))
      .join('');
  const first = changes[0] ?? after.length;
  const start = isNarrow(after.slice(0, first)) ? first : 0;
  return `${write(start, after.slice(start))}\u001B[K`;
}

function write(column: number, cells: Cells): string {
  return `\u001B[${column + 1}G${styledCharsToString(cells)}`;
}

/** Beginning and end of each stretch of changed cells; those near each other are one. */
function stretches(changes: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const index of changes) {
    const last = ranges.at(-1);
    if (last !== undefined && index - last[1] <= shortGap) last[1] = index + 1;
    else ranges.push([index, index + 1]);
  }
  return ranges;
}

function isSameCell(before: StyledChar | undefined, after: StyledChar): boolean {
  return before !== undefined && styledCharsToString([before]) === styledCharsToString([after]);
}

function isNarrow(cells: Cells): boolean {
  return narrow.test(cells.map((cell) => cell.value).join(''));
}

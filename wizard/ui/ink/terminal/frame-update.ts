/** Characters of one cell; in a line with others the columns are not counted. */
const narrow = /^[ -~\u00A0-\u02FF\u2010-\u205E\u2190-\u21FF\u2500-\u25FF\u2700-\u27BF\u2800-\u28FF]*$/;
const styles = /\u001B\[[\d;]*m/g;
const styleStart = /\u001B\[[\d;]*$/;
const reset = '\u001B[0m';

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
    text += moveRows(index - row) + lineUpdate(before[index] ?? '', line);
    row = index;
  }
  return text === '' ? '' : `${text}${moveRows(after.length - 1 - row)}\r`;
}

function moveRows(rows: number): string {
  if (rows === 0) return '';
  return rows < 0 ? `\u001B[${-rows}A` : `\u001B[${rows}B`;
}

/** What differs in a line: from the first changed character to the last, in the style that it has there. */
function lineUpdate(before: string, after: string): string {
  const start = sharedStart(before, after);
  const head = after.slice(0, start);
  const [oldRest, rest] = [before.slice(start), after.slice(start)];
  const end = sharedEnd(oldRest, rest);
  const [oldMiddle, middle] = [oldRest.slice(0, oldRest.length - end), rest.slice(0, rest.length - end)];
  const column = head.replaceAll(styles, '').length + 1;
  const style = (head.match(styles) ?? []).join('');
  const place = `\u001B[${column}G${style}`;
  const isInPlace = oldMiddle.length === middle.length && narrow.test(oldMiddle) && narrow.test(middle);
  if (isInPlace) return `${place}${middle}${style === '' ? '' : reset}`;
  return `${place}${rest}${reset}\u001B[K`;
}

/** Length of the beginning that both lines share, where its columns can be counted. */
function sharedStart(before: string, after: string): number {
  let length = 0;
  while (length < before.length && before[length] === after[length]) length += 1;
  const cut = styleStart.exec(after.slice(0, length));
  const start = cut === null ? length : cut.index;
  return narrow.test(after.slice(0, start).replaceAll(styles, '')) ? start : 0;
}

function sharedEnd(before: string, after: string): number {
  let length = 0;
  while (length < Math.min(before.length, after.length) && before.at(-1 - length) === after.at(-1 - length))
    length += 1;
  return length;
}

import type { Line } from '../model/display/line.ts';

/** A column narrower than this is no place for the rest of a sentence. */
const minColumns = 24;

/** Spaces between words; `[Source 1]` is one. */
const wordGap = / (?![^[\]]*\])/;

function splitWord(word: string, width: number): string[] {
  const letters = [...word];
  const parts: string[] = [];
  for (let from = 0; from < letters.length; from += width)
    parts.push(letters.slice(from, from + width).join(''));
  return parts;
}

/** Lines as text, a newline after each: broken between words where a terminal would break them inside. */
export function textOf(lines: readonly Line[], columns: number | null): string {
  const rows = lines.flatMap((one) =>
    columns === null ? [one.text] : wrapLine(one, { columns, keepsWords: true }),
  );
  return rows.map((row) => `${row}\n`).join('');
}

/**
 * A line as rows of at most `columns` characters, broken between words, later rows indented by the line's hang.
 * A word that is too long is broken, or kept `whole` where the terminal itself may wrap it (so that an address
 * can be copied).
 */
export function wrapLine(line: Line, options: { columns: number; keepsWords?: boolean }): string[] {
  const { columns, keepsWords = false } = options;
  const hang = columns - line.indent < minColumns ? 0 : line.indent;
  const room = Math.max(1, columns - hang);
  const indent = ' '.repeat(hang);
  const head = line.text.slice(0, hang);
  const rows: string[] = [];
  let row = '';
  let isFresh = true;
  const push = (): void => {
    rows.push((rows.length === 0 ? head : indent) + row);
    row = '';
    isFresh = true;
  };
  for (const word of line.text.slice(hang).split(wordGap)) {
    const wanted = isFresh ? word : `${row} ${word}`;
    if ([...wanted].length <= room) {
      row = wanted;
      isFresh = false;
      continue;
    }
    if (!isFresh) push();
    const parts = keepsWords ? [word] : splitWord(word, room);
    for (const part of parts.slice(0, -1)) {
      row = part;
      push();
    }
    row = parts.at(-1) ?? '';
    isFresh = false;
  }
  push();
  return rows;
}

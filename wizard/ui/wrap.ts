import type { Line } from '../model/display/line.ts';

/** With fewer columns than this left, wrapped rows are not indented. */
const minColumns = 24;

/** A space between words; `[Source 1]` counts as one word. */
const wordGap = / (?![^[\]]*\])/;

function splitWord(word: string, width: number): string[] {
  const letters = [...word];
  const parts: string[] = [];
  for (let from = 0; from < letters.length; from += width)
    parts.push(letters.slice(from, from + width).join(''));
  return parts;
}

/** Whether a line and its link fit into one row. */
export function isOneRow({ text, link = '' }: Line, columns: number | null): boolean {
  return columns === null || text.length + link.length <= columns;
}

/** Lines as text with a newline after each, wrapped between words to `columns`, if given. */
export function textOf(lines: readonly Line[], columns: number | null): string {
  const rows = lines.flatMap((line) => {
    const { link = null } = line;
    if (link !== null && isOneRow(line, columns)) return [`${line.text}${link}`];
    const text = columns === null ? [line.text] : wrapLine(line, { columns, keepsWords: true });
    return link === null ? text : [...text, link];
  });
  return rows.map((row) => `${row}\n`).join('');
}

/**
 * Wraps a line between words into rows of at most `columns` characters; rows after the first are indented by the
 * line's `indent`. A longer word is split, or with `keepsWords` left to the terminal to wrap, so that a URL can be
 * copied.
 */
export function wrapLine(line: Line, options: { columns: number; keepsWords?: boolean }): string[] {
  const { columns, keepsWords = false } = options;
  const indent = columns - line.indent < minColumns ? 0 : line.indent;
  const width = Math.max(1, columns - indent);
  const padding = ' '.repeat(indent);
  const head = line.text.slice(0, indent);
  const rows: string[] = [];
  let row = '';
  let isRowEmpty = true;
  const push = (): void => {
    rows.push((rows.length === 0 ? head : padding) + row);
    row = '';
    isRowEmpty = true;
  };
  for (const word of line.text.slice(indent).split(wordGap)) {
    const extended = isRowEmpty ? word : `${row} ${word}`;
    if ([...extended].length <= width) {
      row = extended;
      isRowEmpty = false;
      continue;
    }
    if (!isRowEmpty) push();
    const parts = keepsWords ? [word] : splitWord(word, width);
    for (const part of parts.slice(0, -1)) {
      row = part;
      push();
    }
    row = parts.at(-1) ?? '';
    isRowEmpty = false;
  }
  push();
  return rows;
}

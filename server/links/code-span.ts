/** A longer span is read as text: that much would have to be held back. */
export const maxCodeSpan = 300;

/** Where the code span that begins at `start` ends, behind its closing run; `none` when its line holds no end. */
export function codeSpanEnd({
  buffer,
  start,
  run,
  isEnd,
}: {
  buffer: string;
  /** Behind the opening run. */
  start: number;
  run: string;
  isEnd: boolean;
}): number | 'more' | 'none' {
  let length = 0;
  for (let at = start; at < start + maxCodeSpan; at += 1) {
    const character = buffer[at];
    if (character === '`') {
      length += 1;
      continue;
    }
    if (length === run.length && (character !== undefined || isEnd)) return at;
    if (character === undefined) return isEnd ? 'none' : 'more';
    if (character === '\n') return 'none';
    length = 0;
  }
  return 'none';
}

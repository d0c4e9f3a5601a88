/** Reads what follows a label, by CommonMark's grammar of links and definitions, within a bound. */

const maxLength = 1000;

export type Destination = {
  /** From the opening parenthesis to the closing one. */
  raw: string;
  /** As written, without angle brackets. */
  destination: string;
  /** Whether every renderer reads it like this: in one line, without code or tags in it. */
  isPlain: boolean;
};

type Place = { buffer: string; at: number; isEnd: boolean };

/**
 * `(destination "title")` at `at`. Null when it is no destination, `more` when the next characters decide. A label's end
 * inside it ends the attempt, so that no character is read often.
 */
export function readDestination({ buffer, at, isEnd }: Place): Destination | null | 'more' {
  const part = buffer.slice(at, at + maxLength);
  const isOpen = !isEnd && part.length < maxLength;
  const start = 1 + blanks(part, 1);
  const end = destinationEnd(part, start);
  if (end === null) return isTooLong(part, isOpen) ?? null;
  if (end >= part.length) return isOpen ? 'more' : null;
  const afterBlanks = end + blanks(part, end);
  const close = afterBlanks > end ? titleEnd(part, afterBlanks) : afterBlanks;
  if (close === null) return null;
  const last = close + blanks(part, close);
  if (last >= part.length) return isOpen ? 'more' : null;
  if (part[last] !== ')') return null;
  const raw = part.slice(0, last + 1);
  const written = part.slice(start, end);
  return {
    raw,
    destination: written.replace(/^<(.*)>$/s, '$1'),
    isPlain: !/[`\n]|[<>].*[<>].*[<>]/.test(raw),
  };
}

/** Characters of a call's arguments that can be no address, and hide none. */
const argument = /[^:/\\&<>[\]!#@?%()]/;

/** Whether parentheses that are no destination are a call's, of which no link can be made by leaving a part of it out. */
export function isCallAt({ buffer, at, isEnd }: Place): boolean | 'more' {
  const part = buffer.slice(at, at + maxLength);
  let end = 1;
  while (end < part.length && argument.test(part[end] ?? '')) end += 1;
  if (end < part.length) return part[end] === ')';
  return isEnd || (part.length < maxLength ? 'more' : false);
}

/** The destination of a definition, from behind its colon; null when the line holds something else. */
export function readDefinition({ buffer, at, isEnd }: Place): string | null | 'more' {
  const part = buffer.slice(at, at + maxLength);
  const isOpen = !isEnd && part.length < maxLength;
  const start = definitionBlanks(part);
  const end = definitionEnd(part, start);
  if (end >= part.length && isOpen) return 'more';
  const written = part.slice(start, end);
  if (written === '') return null;
  const afterBlanks = /^[ \t]*/.exec(part.slice(end))?.[0].length ?? 0;
  const next = part[end + afterBlanks];
  if (next === undefined && isOpen) return 'more';
  // Anything but a title behind it makes the line ordinary text.
  return next === undefined || /["'(\r\n]/.test(next) ? written.replace(/^<(.*)>$/, '$1') : null;
}

function isTooLong(part: string, isOpen: boolean): 'more' | null {
  return isOpen && part.length < 2 ? 'more' : null;
}

/** Blanks with at most one line ending. */
function blanks(part: string, at: number): number {
  const run = /^[ \t]*(?:\r?\n[ \t>]*)?/.exec(part.slice(at))?.[0] ?? '';
  return run.length;
}

function definitionBlanks(part: string): number {
  return /^[ \t]*(?:\r?\n[ \t>]*)?/.exec(part)?.[0].length ?? 0;
}

function definitionEnd(part: string, start: number): number {
  if (part[start] === '<') {
    const close = part.slice(start).search(/[>\n]/);
    return close === -1 ? part.length : start + close + 1;
  }
  const blank = part.slice(start).search(/\s/);
  return blank === -1 ? part.length : start + blank;
}

/** Where the destination ends; the part's length when it goes on, null when there is none. */
function destinationEnd(part: string, start: number): number | null {
  if (part[start] === '<') {
    for (let at = start + 1; at < part.length; at += 1) {
      if (part[at] === '\\') at += 1;
      else if (part[at] === '>') return at + 1;
      else if (part[at] === '<' || part[at] === '\n') return null;
    }
    return part.length;
  }
  let depth = 0;
  for (let at = start; at < part.length; at += 1) {
    const character = part[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')' && depth > 0) depth -= 1;
    else if (character === ')' || character <= ' ') return depth === 0 ? at : null;
    else if (character === ']' && part[at + 1] === '(') return null;
  }
  return part.length;
}

/** Where a title ends, quotation marks included; `at` itself when there is none. */
function titleEnd(part: string, at: number): number | null {
  const open = part[at] ?? '';
  if (open === ')' || open === '') return at;
  const close = { '"': '"', "'": "'", '(': ')' }[open];
  if (close === undefined) return null;
  for (let end = at + 1; end < part.length; end += 1) {
    if (part[end] === '\\') end += 1;
    else if (part[end] === close) return end + 1;
    else if (part[end] === ']' && part[end + 1] === '(') return null;
  }
  return part.length;
}

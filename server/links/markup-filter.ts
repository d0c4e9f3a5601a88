import { decodeString } from 'micromark-util-decode-string';
import type { Segment } from './address-filter.ts';
import type { LinkRule } from './allow-links.ts';
import { codeSpanEnd, maxCodeSpan } from './code-span.ts';
import { createCodeLines } from './code-lines.ts';
import { HeldSegments, type Opener } from './held-segments.ts';
import { isCallAt, readDefinition, readDestination } from './read-destination.ts';
import { readAngle } from './read-angle.ts';

/**
 * Reads Markdown as it streams and makes text of every link, image, definition and HTML tag that is not allowed. Text is
 * held back only from a bracket, a code span or a tag to its end, and never more than `maxHeld` characters.
 */
export interface MarkupFilter {
  push(text: string): Segment[];
  end(): Segment[];
}

const special = /[\\`~<[\]!\n]/g;
const citation = /^\[Source \d{1,3}\]$/;
/** `handlers[name](event)` is code. */
const callArguments = /^[\w\s.,+*=-]*$/;

/** What follows a closing bracket, at `at`; a pending bracket is not added yet. */
type Bracket = { at: number; opener: Opener | null; isEnd: boolean; isPending?: boolean };

export function createMarkupFilter({ isAllowed }: { isAllowed: LinkRule }): MarkupFilter {
  let buffer = '';
  const held = new HeldSegments();
  let before = '\n';
  /** After a citation that was sent: what its brackets began. */
  let sentBracket: Opener | null = null;
  /** Lengths of backtick runs of this paragraph that found no end in their line. */
  const openRuns = new Set<number>();
  const lines = createCodeLines({ onBlankLine: () => openRuns.clear() });

  function add(text: string, kind: Segment['kind'] = 'text'): void {
    if (text === '') return;
    held.add({ kind, text });
    before = text.at(-1) ?? before;
    lines.add(text);
  }

  /** Reads the buffer as far as its characters decide; returns how many were read. */
  function readAll(isEnd: boolean): number {
    let at = 0;
    while (at < buffer.length) {
      const count = lines.isInFence ? readCodeLine(at, isEnd) : readText(at, isEnd);
      if (count === 0) break;
      at += count;
    }
    return at;
  }

  /** Each of the functions below adds what it read and returns its length; 0 waits for more. */
  function readText(at: number, isEnd: boolean): number {
    const character = buffer[at] ?? '';
    if (sentBracket !== null) {
      const opener = sentBracket;
      sentBracket = null;
      const length = readAfterBracket({ at, opener, isEnd });
      if (length === 0) sentBracket = opener;
      if (length !== -1) return length;
    }
    if (character === '\\') return readEscape(at, isEnd);
    if (character === '`' || character === '~') return readRun(at, isEnd);
    if (character === '<') return readTag(at, isEnd);
    if (character === '!' || character === '[') return readOpening(at, isEnd);
    if (character === ']') return readClosing(at, isEnd);
    special.lastIndex = at + 1;
    const end = character === '\n' ? at + 1 : (special.exec(buffer)?.index ?? buffer.length);
    add(buffer.slice(at, end));
    return end - at;
  }

  function readEscape(at: number, isEnd: boolean): number {
    const next = buffer[at + 1];
    if (next === undefined && !isEnd) return 0;
    // A program that shows the text as HTML knows no escape.
    const length = next !== undefined && /[!-/:-;=-@[-`{-~]/.test(next) ? 2 : 1;
    add(buffer.slice(at, at + length));
    return length;
  }

  function readRun(at: number, isEnd: boolean): number {
    const mark = buffer[at] ?? '';
    let end = at;
    while (buffer[end] === mark) end += 1;
    if (end === buffer.length && !isEnd && end - at < maxCodeSpan) return 0;
    const run = buffer.slice(at, end);
    const isLong = run.length >= maxCodeSpan;
    if (isLong) lines.distrust();
    if (!isLong && run.length >= 3 && lines.atLineStart()) {
      const newline = buffer.indexOf('\n', end);
      if (newline === -1 && !isEnd && buffer.length - end < maxCodeSpan) return 0;
      const info = buffer.slice(end, newline === -1 ? buffer.length : newline);
      if (lines.openFence(run, info)) {
        add(run + info + (newline === -1 ? '' : '\n'), 'code');
        return run.length + info.length + (newline === -1 ? 0 : 1);
      }
    }
    if (mark === '`' && !isLong) return readCodeSpan({ at, run, isEnd });
    add(run);
    return run.length;
  }

  /** Code only where it begins and ends in one line, and no earlier run of the paragraph could end here. */
  function readCodeSpan({ at, run, isEnd }: { at: number; run: string; isEnd: boolean }): number {
    const start = at + run.length;
    const close = openRuns.has(run.length) ? 'none' : codeSpanEnd({ buffer, start, run, isEnd });
    if (close === 'more') return 0;
    if (close === 'none') {
      openRuns.add(run.length);
      add(run);
      return run.length;
    }
    const text = buffer.slice(at, close);
    // In a table, a bar ends the cell, and with it the code.
    const isSplit = text.includes('|') && /[<[]/.test(text);
    if (isSplit) add(run);
    else add(text, 'code');
    return isSplit ? run.length : text.length;
  }

  function readTag(at: number, isEnd: boolean): number {
    const tag = readAngle({ buffer, at, before, isEnd, isAllowed });
    if (tag !== 'more') add(tag.text, tag.kind);
    return tag === 'more' ? 0 : tag.length;
  }

  function readOpening(at: number, isEnd: boolean): number {
    const isImage = buffer[at] === '!';
    if (isImage && buffer[at + 1] === undefined && !isEnd) return 0;
    if (isImage && buffer[at + 1] !== '[') add('!');
    if (isImage && buffer[at + 1] !== '[') return 1;
    const isAtLineStart = !isImage && lines.atLineStart();
    held.open({ isImage, isAtLineStart, followsWord: /[\w)\]]/.test(before) });
    add(isImage ? '![' : '[');
    return isImage ? 2 : 1;
  }

  function readClosing(at: number, isEnd: boolean): number {
    const opener = held.opener;
    const label = opener === null ? '' : held.beginningOf(opener);
    if (opener !== null && citation.test(`${label}]`)) {
      held.close();
      add(']');
      sentBracket = opener;
      return 1;
    }
    if (buffer[at + 1] === undefined && !isEnd) return 0;
    const rest = readAfterBracket({ at: at + 1, opener, isEnd, isPending: true });
    if (rest === 0) return 0;
    if (rest !== -1) return rest + 1;
    held.close();
    // An image without an address of its own has one in a definition.
    if (opener?.isImage === true) unwrap(opener);
    else add(']');
    return 1;
  }

  /**
   * What follows a closing bracket: a destination or, at the beginning of a line, a definition. -1 when it is neither; a
   * pending bracket is added or removed with it.
   */
  function readAfterBracket(place: Bracket): number {
    const { at, opener, isEnd, isPending = false } = place;
    const next = buffer[at];
    if (next === '(') return readLink(place);
    if (next === ':' && (opener === null || opener.isAtLineStart)) {
      const definition = readDefinition({ buffer, at: at + 1, isEnd });
      if (definition === 'more') return 0;
      if (isPending) held.close();
      const isKept = definition === null || isAllowed(decodeString(definition));
      add(`${isPending ? ']' : ''}${isKept ? ':' : ' :'}`);
      return 1;
    }
    if (next === '[' && opener?.isImage === true && isPending) {
      const reference = /^\[[^\][\n]{0,200}\]/.exec(buffer.slice(at, at + 202))?.[0];
      if (reference === undefined && !isEnd && /^\[[^\][\n]*$/.test(buffer.slice(at, at + 202))) return 0;
      if (reference === undefined) return -1;
      held.close();
      unwrap(opener);
      return reference.length;
    }
    return -1;
  }

  function readLink(place: Bracket): number {
    const { at, opener, isEnd, isPending = false } = place;
    const link = readDestination({ buffer, at, isEnd });
    const isCallText = link === null && opener?.followsWord === true && isCallAt({ buffer, at, isEnd });
    if (link === 'more' || isCallText === 'more') return 0;
    if (isPending) held.close();
    if (link === null) {
      add(`${isPending ? ']' : ''}${isCallText ? '' : ' '}`);
      add('(');
      return 1;
    }
    const { raw, destination } = link;
    const isCall = opener?.followsWord === true && !opener.isImage && callArguments.test(destination);
    // Of a label that was sent, only the destination can be left out.
    if (opener === null || !isPending) add(isPending ? '] ' : '');
    else if (destination === '' || isCall) add(`]${raw}`);
    else if (link.isPlain && isAllowed(decodeString(destination))) add(`]${raw}`, 'link');
    else unwrap(opener);
    return raw.length;
  }

  /** Leaves only the label of a link or an image. */
  function unwrap(opener: Opener): void {
    const label = held.unwrap(opener);
    // Without its bracket, the label may begin a list, a quote or a fence.
    if (opener.isAtLineStart && /^[\s>+*~`\d-]/.test(label)) lines.distrust();
  }

  function readCodeLine(at: number, isEnd: boolean): number {
    if (lines.line === '') {
      const head = /^[ >]*[`~]*[ \t]*/.exec(buffer.slice(at, at + maxCodeSpan))?.[0] ?? '';
      const next = buffer[at + head.length];
      if (next === undefined && !isEnd && head.length < maxCodeSpan) return 0;
      const endsLine = next === undefined || next === '\n' || next === '\r';
      if (!lines.continuesFence(head, endsLine && head.trim() === '')) return readText(at, isEnd);
      if (endsLine && lines.closesFence(head)) {
        lines.closeFence();
        add(head, 'code');
        return head.length === 0 ? readText(at, isEnd) : head.length;
      }
    }
    const newline = buffer.indexOf('\n', at);
    const end = newline === -1 ? buffer.length : newline + 1;
    add(buffer.slice(at, end), 'code');
    return end - at;
  }

  function run(isEnd: boolean): Segment[] {
    const read = readAll(isEnd);
    buffer = buffer.slice(read);
    return held.release(isEnd);
  }

  return {
    push(text) {
      buffer += text;
      return run(false);
    },
    end: () => run(true),
  };
}

import { decodeString } from 'micromark-util-decode-string';
import type { Segment } from './address-filter.ts';
import type { LinkRule } from './allow-links.ts';
import { codeSpanEnd, maxCodeSpan } from './code-span.ts';
import { CodeLines } from './code-lines.ts';
import { HeldSegments, type Opener } from './held-segments.ts';
import { isCallAt, readDefinition, readDestination } from './read-destination.ts';
import { readAngle } from './read-angle.ts';
import { escapeLength } from './read-escape.ts';

const special = /[\\`~<[\]!\n]/g;
const citation = /^\[Source \d{1,3}\]$/;
/** `handlers[name](event)` is code. */
const callArguments = /^[\w\s.,+*=-]*$/;

/** What follows a closing bracket, at `at`; a pending bracket is not added yet. */
type Bracket = { at: number; opener: Opener | null; isEnd: boolean; isPending?: boolean };

/**
 * Reads Markdown as it streams and makes text of every link, image, definition and HTML tag that is not allowed. Text is
 * held back only from a bracket, a code span or a tag to its end, and never more than `maxHeld` characters.
 * A class and not closures: a thousand open answers have a thousand of them.
 */
export class MarkupFilter {
  readonly #isAllowed: LinkRule;
  #buffer = '';
  readonly #held = new HeldSegments();
  #before = '\n';
  /** After a citation that was sent: what its brackets began. */
  #sentBracket: Opener | null = null;
  /** Lengths of backtick runs of this paragraph that found no end in their line. */
  readonly #openRuns = new Set<number>();
  readonly #lines = new CodeLines({ onBlankLine: () => this.#openRuns.clear() });

  constructor({ isAllowed }: { isAllowed: LinkRule }) {
    this.#isAllowed = isAllowed;
  }

  push(text: string, isEnd = false): Segment[] {
    this.#buffer += text;
    this.#buffer = this.#buffer.slice(this.#readAll(isEnd));
    return this.#held.release(isEnd);
  }

  end(): Segment[] {
    return this.push('', true);
  }

  #add(text: string, kind: Segment['kind'] = 'text'): void {
    if (text === '') return;
    this.#held.add({ kind, text });
    this.#before = text.at(-1) ?? this.#before;
    this.#lines.add(text);
  }

  /** Reads the buffer as far as its characters decide; returns how many were read. */
  #readAll(isEnd: boolean): number {
    let at = 0;
    while (at < this.#buffer.length) {
      const count = this.#lines.isInFence ? this.#readCodeLine(at, isEnd) : this.#readText(at, isEnd);
      if (count === 0) break;
      at += count;
    }
    return at;
  }

  /** Each of the functions below adds what it read and returns its length; 0 waits for more. */
  #readText(at: number, isEnd: boolean): number {
    const character = this.#buffer[at] ?? '';
    if (this.#sentBracket !== null) {
      const opener = this.#sentBracket;
      this.#sentBracket = null;
      const length = this.#readAfterBracket({ at, opener, isEnd });
      if (length === 0) this.#sentBracket = opener;
      if (length !== -1) return length;
    }
    if (character === '\\') return this.#readEscape(at, isEnd);
    if (character === '`' || character === '~') return this.#readRun(at, isEnd);
    if (character === '<') return this.#readTag(at, isEnd);
    if (character === '!' || character === '[') return this.#readOpening(at, isEnd);
    if (character === ']') return this.#readClosing(at, isEnd);
    special.lastIndex = at + 1;
    const end = character === '\n' ? at + 1 : (special.exec(this.#buffer)?.index ?? this.#buffer.length);
    this.#add(this.#buffer.slice(at, end));
    return end - at;
  }

  #readEscape(at: number, isEnd: boolean): number {
    const length = escapeLength({ buffer: this.#buffer, at, isEnd });
    this.#add(this.#buffer.slice(at, at + length));
    return length;
  }

  #readRun(at: number, isEnd: boolean): number {
    const mark = this.#buffer[at] ?? '';
    let end = at;
    while (this.#buffer[end] === mark) end += 1;
    if (end === this.#buffer.length && !isEnd && end - at < maxCodeSpan) return 0;
    const run = this.#buffer.slice(at, end);
    const isLong = run.length >= maxCodeSpan;
    if (isLong) this.#lines.distrust();
    if (!isLong && run.length >= 3 && this.#lines.atLineStart()) {
      const newline = this.#buffer.indexOf('\n', end);
      if (newline === -1 && !isEnd && this.#buffer.length - end < maxCodeSpan) return 0;
      const info = this.#buffer.slice(end, newline === -1 ? this.#buffer.length : newline);
      if (this.#lines.openFence(run, info)) {
        this.#add(run + info + (newline === -1 ? '' : '\n'), 'code');
        return run.length + info.length + (newline === -1 ? 0 : 1);
      }
    }
    if (mark === '`' && !isLong) return this.#readCodeSpan({ at, run, isEnd });
    this.#add(run);
    return run.length;
  }

  /** Code only where it begins and ends in one line, and no earlier run of the paragraph could end here. */
  #readCodeSpan({ at, run, isEnd }: { at: number; run: string; isEnd: boolean }): number {
    const start = at + run.length;
    const close = this.#openRuns.has(run.length)
      ? 'none'
      : codeSpanEnd({ buffer: this.#buffer, start, run, isEnd });
    if (close === 'more') return 0;
    if (close === 'none') {
      this.#openRuns.add(run.length);
      this.#add(run);
      return run.length;
    }
    const text = this.#buffer.slice(at, close);
    // In a table, a bar ends the cell, and with it the code.
    const isSplit = text.includes('|') && /[<[]/.test(text);
    if (isSplit) this.#add(run);
    else this.#add(text, 'code');
    return isSplit ? run.length : text.length;
  }

  #readTag(at: number, isEnd: boolean): number {
    const [buffer, before, isAllowed] = [this.#buffer, this.#before, this.#isAllowed];
    const tag = readAngle({ buffer, at, before, isEnd, isAllowed });
    if (tag !== 'more') this.#add(tag.text, tag.kind);
    return tag === 'more' ? 0 : tag.length;
  }

  #readOpening(at: number, isEnd: boolean): number {
    const isImage = this.#buffer[at] === '!';
    if (isImage && this.#buffer[at + 1] === undefined && !isEnd) return 0;
    if (isImage && this.#buffer[at + 1] !== '[') this.#add('!');
    if (isImage && this.#buffer[at + 1] !== '[') return 1;
    const isAtLineStart = !isImage && this.#lines.atLineStart();
    this.#held.open({ isImage, isAtLineStart, followsWord: /[\w)\]]/.test(this.#before) });
    this.#add(isImage ? '![' : '[');
    return isImage ? 2 : 1;
  }

  #readClosing(at: number, isEnd: boolean): number {
    const opener = this.#held.opener;
    const label = opener === null ? '' : this.#held.beginningOf(opener);
    if (opener !== null && citation.test(`${label}]`)) {
      this.#held.close();
      this.#add(']');
      this.#sentBracket = opener;
      return 1;
    }
    if (this.#buffer[at + 1] === undefined && !isEnd) return 0;
    const rest = this.#readAfterBracket({ at: at + 1, opener, isEnd, isPending: true });
    if (rest === 0) return 0;
    if (rest !== -1) return rest + 1;
    this.#held.close();
    // An image without an address of its own has one in a definition.
    if (opener?.isImage === true) this.#unwrap(opener);
    else this.#add(']');
    return 1;
  }

  /**
   * What follows a closing bracket: a destination or, at the beginning of a line, a definition. -1 when it is neither; a
   * pending bracket is added or removed with it.
   */
  #readAfterBracket(place: Bracket): number {
    const { at, opener, isEnd, isPending = false } = place;
    const next = this.#buffer[at];
    if (next === '(') return this.#readLink(place);
    if (next === ':' && (opener === null || opener.isAtLineStart)) {
      const definition = readDefinition({ buffer: this.#buffer, at: at + 1, isEnd });
      if (definition === 'more') return 0;
      if (isPending) this.#held.close();
      const isKept = definition === null || this.#isAllowed(decodeString(definition));
      this.#add(`${isPending ? ']' : ''}${isKept ? ':' : ' :'}`);
      return 1;
    }
    if (next === '[' && opener?.isImage === true && isPending) {
      const reference = /^\[[^\][\n]{0,200}\]/.exec(this.#buffer.slice(at, at + 202))?.[0];
      if (reference === undefined && !isEnd && /^\[[^\][\n]*$/.test(this.#buffer.slice(at, at + 202)))
        return 0;
      if (reference === undefined) return -1;
      this.#held.close();
      this.#unwrap(opener);
      return reference.length;
    }
    return -1;
  }

  #readLink(place: Bracket): number {
    const { at, opener, isEnd, isPending = false } = place;
    const link = readDestination({ buffer: this.#buffer, at, isEnd });
    const isCallText =
      link === null && opener?.followsWord === true && isCallAt({ buffer: this.#buffer, at, isEnd });
    if (link === 'more' || isCallText === 'more') return 0;
    if (isPending) this.#held.close();
    if (link === null) {
      this.#add(`${isPending ? ']' : ''}${isCallText ? '' : ' '}`);
      this.#add('(');
      return 1;
    }
    const { raw, destination } = link;
    const isCall = opener?.followsWord === true && !opener.isImage && callArguments.test(destination);
    // Of a label that was sent, only the destination can be left out.
    if (opener === null || !isPending) this.#add(isPending ? '] ' : '');
    else if (destination === '' || isCall) this.#add(`]${raw}`);
    else if (link.isPlain && this.#isAllowed(decodeString(destination))) this.#add(`]${raw}`, 'link');
    else this.#unwrap(opener);
    return raw.length;
  }

  /** Leaves only the label of a link or an image. */
  #unwrap(opener: Opener): void {
    const label = this.#held.unwrap(opener);
    // Without its bracket, the label may begin a list, a quote or a fence.
    if (opener.isAtLineStart && /^[\s>+*~`\d-]/.test(label)) this.#lines.distrust();
  }

  #readCodeLine(at: number, isEnd: boolean): number {
    if (this.#lines.line === '') {
      const head = /^[ >]*[`~]*[ \t]*/.exec(this.#buffer.slice(at, at + maxCodeSpan))?.[0] ?? '';
      const next = this.#buffer[at + head.length];
      if (next === undefined && !isEnd && head.length < maxCodeSpan) return 0;
      const endsLine = next === undefined || next === '\n' || next === '\r';
      if (!this.#lines.continuesFence(head, endsLine && head.trim() === '')) return this.#readText(at, isEnd);
      if (endsLine && this.#lines.closesFence(head)) {
        this.#lines.closeFence();
        this.#add(head, 'code');
        return head.length === 0 ? this.#readText(at, isEnd) : head.length;
      }
    }
    const newline = this.#buffer.indexOf('\n', at);
    const end = newline === -1 ? this.#buffer.length : newline + 1;
    this.#add(this.#buffer.slice(at, end), 'code');
    return end - at;
  }
}

import { candidatesOf, type LinkRule } from './allow-links.ts';
import { continuesHost } from './continues-host.ts';
import { invisible, readUnit, type Unit } from './read-unit.ts';

/** A piece of the answer's Markdown: `link` was read and allowed already. */
export type Segment = { kind: 'text' | 'code' | 'link'; text: string };

/** What is sent of the text up to `end`: the text itself, or its replacement. */
type Decision = 'more' | { end: number; replacement?: string };

/** Longer ones are no address of a book. */
const maxAddress = 500;
const webSchemes = ['https:', 'http:', 'ftps:', 'ftp:', 'wss:', 'ws:'];
const mailSchemes = ['mailto:', 'xmpp:'];
/** Where something may begin: all else is sent at once. */
const trigger =
  /h(?=t|[^ -~]|[&\\]|$)|f(?=t|[^ -~]|[&\\]|$)|w(?=[sw]|[^ -~]|[&\\]|$)|m(?=a|[^ -~]|[&\\]|$)|x(?=m|[^ -~]|[&\\]|$)|[/\\@&ｈｆｗｍｘＨＦＷＭＸ]/gi;
const slash = /^[\\/]$/;
const dot = /^[.。．｡]$/;
const whiteSpace = /\s/g;
/** Nothing, or what begins no address. */
const separator = /^[\s("'*~=[>|,!?]?$/;

/** Takes the scheme off every address that is not allowed: programs that link bare addresses find none. */
export class AddressFilter {
  readonly #isAllowed: LinkRule;
  readonly #isExhausted: () => boolean;
  #kind: Segment['kind'] = 'text';
  #buffer = '';
  #isEnd = false;
  /** What was sent last: up to 64 characters. */
  #before = '';
  /** How far the buffer is sent. */
  #sent = 0;
  /** While the end of a text is read that goes on as code. */
  #isBeforeCode = false;
  /** Where the next white space of the buffer is, as far as it was looked for: no character is searched twice. */
  #nextBlank = -1;

  /** `isExhausted` is true when `isAllowed` will allow nothing more, so that no address has to be read. */
  constructor({ isAllowed, isExhausted }: { isAllowed: LinkRule; isExhausted: () => boolean }) {
    this.#isAllowed = isAllowed;
    this.#isExhausted = isExhausted;
  }

  push(segment: Segment): string {
    let out = '';
    this.#isBeforeCode = this.#kind === 'text' && segment.kind === 'code';
    if (segment.kind !== this.#kind) out += this.end();
    this.#isBeforeCode = false;
    this.#kind = segment.kind;
    if (this.#kind === 'link') return out + this.#send(segment.text);
    this.#buffer += segment.text;
    return out + this.#scan();
  }

  end(): string {
    this.#isEnd = true;
    const out = this.#scan();
    this.#isEnd = false;
    return out;
  }

  #send(text: string): string {
    this.#before = (this.#before + text.slice(-64)).slice(-64);
    return text;
  }

  /** The character before `at`. */
  #previous(at: number): string {
    return (at > this.#sent ? this.#buffer[at - 1] : this.#before.at(-1)) ?? '';
  }

  #scan(): string {
    let out = '';
    let at = 0;
    this.#sent = 0;
    this.#nextBlank = -1;
    while (at < this.#buffer.length) {
      trigger.lastIndex = at;
      at = trigger.exec(this.#buffer)?.index ?? this.#buffer.length;
      const step = at < this.#buffer.length ? this.#read(at) : { end: at };
      if (step === 'more') break;
      if (step.replacement !== undefined) {
        // What stood before must not begin an address with what follows.
        const isApart = step.replacement !== '' || separator.test(this.#previous(at));
        out += this.#send(this.#buffer.slice(this.#sent, at) + (isApart ? step.replacement : ' '));
        this.#sent = step.end;
      }
      at = step.end;
    }
    out += this.#send(this.#buffer.slice(this.#sent, at));
    this.#buffer = this.#buffer.slice(at);
    return out;
  }

  /** What to do with the text from `at` on; `more` when only the next characters can tell. */
  #read(at: number): Decision {
    const unit = this.#unitAt(at);
    if (unit === null) return 'more';
    const plain = { end: at + unit.length };
    if (slash.test(unit.text)) return this.#readSlashes(at) ?? plain;
    if (unit.text === '@') return this.#readMail(at, plain.end) ?? plain;
    if (!/^[hfwmx]$/.test(unit.text)) return plain;
    return this.#readScheme(at) ?? (unit.text === 'w' ? this.#readWww(at) : null) ?? plain;
  }

  #unitAt(at: number): Unit | null {
    return readUnit({ buffer: this.#buffer, at, isEnd: this.#isEnd });
  }

  /** The place behind the units that pass, soft characters included; `more` where the text ends before. */
  #skip(at: number, passes: (text: string) => boolean): number | 'more' {
    let end = at;
    while (end - at < maxAddress) {
      const unit = this.#unitAt(end);
      if (unit === null) return this.#isEnd ? end : 'more';
      if (unit.text !== '' && !passes(unit.text)) break;
      end += unit.length;
    }
    return end;
  }

  /** The place behind `name`; null when it is not at `at`. */
  #match(name: string, at: number): number | 'more' | null {
    let end: number | 'more' = at;
    for (const letter of name) {
      end = this.#skip(end, () => false);
      if (end === 'more') return 'more';
      const unit = this.#unitAt(end);
      if (unit === null) return this.#isEnd ? null : 'more';
      if (unit.text !== letter && !(letter === '.' && dot.test(unit.text))) return null;
      end += unit.length;
    }
    return end;
  }

  #readScheme(at: number): Decision | null {
    let isOpen = false;
    for (const scheme of this.#kind === 'text' ? [...webSchemes, ...mailSchemes] : webSchemes) {
      const end = this.#match(scheme, at);
      if (end === 'more') isOpen = true;
      else if (end !== null) return this.#readAddress(at, end, mailSchemes.includes(scheme));
    }
    return isOpen && !this.#isEnd ? 'more' : null;
  }

  #readAddress(at: number, behindScheme: number, isMail: boolean): Decision | null {
    const host = this.#skip(behindScheme, (text) => slash.test(text));
    if (host === 'more') return 'more';
    const next = this.#unitAt(host)?.text;
    if (next === undefined) return this.#isEnd ? null : 'more';
    const hasSlashes = host > behindScheme + 1;
    if (!(hasSlashes ? /^[^\s"'`<>)\]]/u : /^[\p{L}\p{N}[]/u).test(next)) return null;
    const end = this.#extent(host);
    if (end === null) return 'more';
    return (isMail ? null : this.#keep(at, end, '')) ?? { end: host, replacement: '' };
  }

  /** To the next white space, as far as any renderer reads on; null where the text ends before. */
  #extent(at: number): number | null {
    if (this.#nextBlank < at) {
      whiteSpace.lastIndex = at;
      this.#nextBlank = whiteSpace.exec(this.#buffer)?.index ?? this.#buffer.length;
    }
    const end = Math.min(this.#nextBlank, at + maxAddress);
    return end < this.#buffer.length || this.#isEnd || end - at === maxAddress ? end : null;
  }

  /** Keeps the longest allowed address between two places, spelled out; null when there is none. */
  #keep(at: number, end: number, scheme: string): Decision | null {
    if (this.#isExhausted()) return null;
    const { written, endOf } = this.#spelledOut(at, end);
    if (invisible.test(written)) return null;
    const address = candidatesOf(written).find((candidate) => this.#isAllowed(scheme + candidate));
    if (address === undefined) return null;
    const behind = endOf(address.length);
    const after = written.slice(address.length);
    // GitHub's Markdown, too, leaves these out of an address; where it reads on, a space ends it.
    const isWhole = /^[?!.,:*_~'")]*$/.test(after) && !(this.#isBeforeCode && end === this.#buffer.length);
    const read = { after: this.#buffer.slice(behind, end), isCut: end - at === maxAddress };
    const isSafeCode = this.#kind === 'code' && !after.includes('@') && !continuesHost(address, read);
    return { end: behind, replacement: isWhole || isSafeCode ? address : `${address} ` };
  }

  /** The text without escapes and references, and the place in the buffer behind so many of its characters. */
  #spelledOut(at: number, end: number): { written: string; endOf: (length: number) => number } {
    const plain = this.#buffer.slice(at, end);
    if (/^[!-%'-[\]-~]*$/.test(plain)) return { written: plain, endOf: (length) => at + length };
    let written = '';
    const ends: number[] = [];
    for (let place = at; place < end;) {
      const { text = '', length = 1 } = this.#unitAt(place) ?? {};
      const isSpelled = length > 1 && /[&\\]/.test(this.#buffer[place] ?? '');
      const shown = isSpelled || text === '' ? text || '\u200b' : this.#buffer.slice(place, place + length);
      place += length;
      written += shown;
      for (let index = 0; index < shown.length; index += 1) ends.push(place);
    }
    return { written, endOf: (length) => ends[length - 1] ?? end };
  }

  #readWww(at: number): Decision | null {
    if (/[\p{L}\p{N}]/u.test(this.#previous(at))) return null;
    const host = this.#match('www.', at);
    if (host === null || host === 'more') return this.#isEnd ? null : host;
    const end = this.#extent(host);
    if (end === null) return 'more';
    const name = this.#skip(host, () => false);
    if (name === 'more') return 'more';
    const isWord = /^\s?$/.test(this.#previous(at));
    if (isWord && /^\s?$/.test(this.#unitAt(name)?.text ?? '')) return null;
    return (
      this.#keep(at, end, 'https://') ?? this.#keep(at, end, 'http://') ?? { end: host, replacement: '' }
    );
  }

  /** `//host`, which a browser reads as an address; in code only after a quotation mark, a bracket or `=`. */
  #readSlashes(at: number): Decision | null {
    const last = this.#previous(at);
    if (this.#kind === 'code' ? !/["'(=\s]/.test(last) : /[\w:.\\/]/.test(last)) return null;
    const host = this.#skip(at, (text) => slash.test(text));
    if (host === 'more') return 'more';
    const end = this.#extent(host);
    if (end === null) return 'more';
    if (host - at < 2 || (host - at === 2 && this.#buffer[at] === '\\')) return null;
    return this.#isHost(host, end) ? (this.#keep(at, end, 'https:') ?? { end: host, replacement: '' }) : null;
  }

  /** A name with a dot, or a number, which is an IPv4 address. */
  #isHost(at: number, end: number): boolean {
    const { written } = this.#spelledOut(at, Math.min(end, at + 100));
    return /^(?:[\p{L}\p{N}_-]{1,99}[.。．｡]+[\p{L}\p{N}_-]|\d{7}|0x[\da-f]|\[)/iu.test(written);
  }

  #readMail(at: number, behind: number): Decision | null {
    if (this.#kind !== 'text' || !/[\w.+-]/.test(this.#previous(at))) return null;
    const end = this.#extent(behind);
    if (end === null) return 'more';
    const { written } = this.#spelledOut(behind, Math.min(end, behind + 256));
    const domain = /^[\w-]{0,63}(?:\.[\w-]{1,63}){1,8}/.exec(written)?.[0];
    if (domain === undefined) return null;
    const textBefore = (this.#before + this.#buffer.slice(Math.max(this.#sent, at - 64), at)).slice(-64);
    const local = /[\w.+-]{1,64}$/.exec(textBefore)?.[0] ?? '';
    return this.#isAllowed(`mailto:${local}@${domain}`)
      ? { end: behind }
      : { end: behind, replacement: ' (at) ' };
  }
}

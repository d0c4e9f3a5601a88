import { candidatesOf, type LinkRule } from './allow-links.ts';
import { invisible, readUnit, type Unit } from './read-unit.ts';

/** A piece of the answer's Markdown: `link` was read and allowed already. */
export type Segment = { kind: 'text' | 'code' | 'link'; text: string };

/** Takes the scheme off every address that is not allowed: programs that link bare addresses find none. */
export interface AddressFilter {
  push(segment: Segment): string;
  end(): string;
}

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

export function createAddressFilter({
  isAllowed,
  isExhausted = () => false,
}: {
  isAllowed: LinkRule;
  /** True when `isAllowed` will allow nothing more, so that no address has to be read. */
  isExhausted?: () => boolean;
}): AddressFilter {
  let kind: Segment['kind'] = 'text';
  let buffer = '';
  let isEnd = false;
  /** What was sent last: up to 64 characters. */
  let before = '';
  /** How far the buffer is sent. */
  let sent = 0;
  /** While the end of a text is read that goes on as code. */
  let isBeforeCode = false;
  /** Where the next white space of the buffer is, as far as it was looked for: no character is searched twice. */
  let nextBlank = -1;

  function send(text: string): string {
    before = (before + text.slice(-64)).slice(-64);
    return text;
  }

  /** The character before `at`. */
  function previous(at: number): string {
    return (at > sent ? buffer[at - 1] : before.at(-1)) ?? '';
  }

  function scan(): string {
    let out = '';
    let at = 0;
    sent = 0;
    nextBlank = -1;
    while (at < buffer.length) {
      trigger.lastIndex = at;
      at = trigger.exec(buffer)?.index ?? buffer.length;
      const step = at < buffer.length ? read(at) : { end: at };
      if (step === 'more') break;
      if (step.replacement !== undefined) {
        // What stood before must not begin an address with what follows.
        const isApart = step.replacement !== '' || separator.test(previous(at));
        out += send(buffer.slice(sent, at) + (isApart ? step.replacement : ' '));
        sent = step.end;
      }
      at = step.end;
    }
    out += send(buffer.slice(sent, at));
    buffer = buffer.slice(at);
    return out;
  }

  /** What to do with the text from `at` on; `more` when only the next characters can tell. */
  function read(at: number): Decision {
    const unit = unitAt(at);
    if (unit === null) return 'more';
    const plain = { end: at + unit.length };
    if (slash.test(unit.text)) return readSlashes(at) ?? plain;
    if (unit.text === '@') return readMail(at, plain.end) ?? plain;
    if (!/^[hfwmx]$/.test(unit.text)) return plain;
    return readScheme(at) ?? (unit.text === 'w' ? readWww(at) : null) ?? plain;
  }

  const unitAt = (at: number): Unit | null => readUnit({ buffer, at, isEnd });

  /** The place behind the units that pass, soft characters included; `more` where the text ends before. */
  function skip(at: number, passes: (text: string) => boolean): number | 'more' {
    let end = at;
    while (end - at < maxAddress) {
      const unit = unitAt(end);
      if (unit === null) return isEnd ? end : 'more';
      if (unit.text !== '' && !passes(unit.text)) break;
      end += unit.length;
    }
    return end;
  }

  /** The place behind `name`; null when it is not at `at`. */
  function match(name: string, at: number): number | 'more' | null {
    let end: number | 'more' = at;
    for (const letter of name) {
      end = skip(end, () => false);
      if (end === 'more') return 'more';
      const unit = unitAt(end);
      if (unit === null) return isEnd ? null : 'more';
      if (unit.text !== letter && !(letter === '.' && dot.test(unit.text))) return null;
      end += unit.length;
    }
    return end;
  }

  function readScheme(at: number): Decision | null {
    let isOpen = false;
    for (const scheme of kind === 'text' ? [...webSchemes, ...mailSchemes] : webSchemes) {
      const end = match(scheme, at);
      if (end === 'more') isOpen = true;
      else if (end !== null) return readAddress(at, end, mailSchemes.includes(scheme));
    }
    return isOpen && !isEnd ? 'more' : null;
  }

  function readAddress(at: number, behindScheme: number, isMail: boolean): Decision | null {
    const host = skip(behindScheme, (text) => slash.test(text));
    if (host === 'more') return 'more';
    const next = unitAt(host)?.text;
    if (next === undefined) return isEnd ? null : 'more';
    const hasSlashes = host > behindScheme + 1;
    if (!(hasSlashes ? /^[^\s"'`<>)\]]/u : /^[\p{L}\p{N}[]/u).test(next)) return null;
    const end = extent(host);
    if (end === null) return 'more';
    return (isMail ? null : keep(at, end, '')) ?? { end: host, replacement: '' };
  }

  /** To the next white space, as far as any renderer reads on; null where the text ends before. */
  function extent(at: number): number | null {
    if (nextBlank < at) {
      whiteSpace.lastIndex = at;
      nextBlank = whiteSpace.exec(buffer)?.index ?? buffer.length;
    }
    const end = Math.min(nextBlank, at + maxAddress);
    return end < buffer.length || isEnd || end - at === maxAddress ? end : null;
  }

  /** Keeps the longest allowed address between two places, spelled out; null when there is none. */
  function keep(at: number, end: number, scheme: string): Decision | null {
    if (isExhausted()) return null;
    const { written, endOf } = spelledOut(at, end);
    if (invisible.test(written)) return null;
    const address = candidatesOf(written).find((candidate) => isAllowed(scheme + candidate));
    if (address === undefined) return null;
    const behind = endOf(address.length);
    const after = written.slice(address.length);
    // GitHub's Markdown, too, leaves these out of an address; where it reads on, a space ends it.
    const isWhole = /^[?!.,:*_~'")]*$/.test(after) && !(isBeforeCode && end === buffer.length);
    const isSafeCode = kind === 'code' && !after.includes('@');
    return { end: behind, replacement: isWhole || isSafeCode ? address : `${address} ` };
  }

  /** The text without escapes and references, and the place in the buffer behind so many of its characters. */
  function spelledOut(at: number, end: number): { written: string; endOf: (length: number) => number } {
    const plain = buffer.slice(at, end);
    if (/^[!-%'-[\]-~]*$/.test(plain)) return { written: plain, endOf: (length) => at + length };
    let written = '';
    const ends: number[] = [];
    for (let place = at; place < end;) {
      const { text = '', length = 1 } = unitAt(place) ?? {};
      const isSpelled = length > 1 && /[&\\]/.test(buffer[place] ?? '');
      const shown = isSpelled || text === '' ? text || '\u200b' : buffer.slice(place, place + length);
      place += length;
      written += shown;
      for (let index = 0; index < shown.length; index += 1) ends.push(place);
    }
    return { written, endOf: (length) => ends[length - 1] ?? end };
  }

  function readWww(at: number): Decision | null {
    if (/[\p{L}\p{N}]/u.test(previous(at))) return null;
    const host = match('www.', at);
    if (host === null || host === 'more') return isEnd ? null : host;
    const end = extent(host);
    if (end === null) return 'more';
    const name = skip(host, () => false);
    if (name === 'more') return 'more';
    const isWord = /^\s?$/.test(previous(at));
    if (isWord && /^\s?$/.test(unitAt(name)?.text ?? '')) return null;
    return keep(at, end, 'https://') ?? keep(at, end, 'http://') ?? { end: host, replacement: '' };
  }

  /** `//host`, which a browser reads as an address; in code only after a quotation mark, a bracket or `=`. */
  function readSlashes(at: number): Decision | null {
    const last = previous(at);
    if (kind === 'code' ? !/["'(=\s]/.test(last) : /[\w:.\\/]/.test(last)) return null;
    const host = skip(at, (text) => slash.test(text));
    if (host === 'more') return 'more';
    const end = extent(host);
    if (end === null) return 'more';
    if (host - at < 2 || (host - at === 2 && buffer[at] === '\\')) return null;
    return isHost(host, end) ? (keep(at, end, 'https:') ?? { end: host, replacement: '' }) : null;
  }

  /** A name with a dot, or a number, which is an IPv4 address. */
  function isHost(at: number, end: number): boolean {
    const { written } = spelledOut(at, Math.min(end, at + 100));
    return /^(?:[\p{L}\p{N}_-]{1,99}[.。．｡]+[\p{L}\p{N}_-]|\d{7}|0x[\da-f]|\[)/iu.test(written);
  }

  function readMail(at: number, behind: number): Decision | null {
    if (kind !== 'text' || !/[\w.+-]/.test(previous(at))) return null;
    const end = extent(behind);
    if (end === null) return 'more';
    const { written } = spelledOut(behind, Math.min(end, behind + 256));
    const domain = /^[\w-]{0,63}(?:\.[\w-]{1,63}){1,8}/.exec(written)?.[0];
    if (domain === undefined) return null;
    const textBefore = (before + buffer.slice(Math.max(sent, at - 64), at)).slice(-64);
    const local = /[\w.+-]{1,64}$/.exec(textBefore)?.[0] ?? '';
    return isAllowed(`mailto:${local}@${domain}`) ? { end: behind } : { end: behind, replacement: ' (at) ' };
  }

  function finish(): string {
    isEnd = true;
    const out = scan();
    isEnd = false;
    return out;
  }

  return {
    push(segment) {
      let out = '';
      isBeforeCode = kind === 'text' && segment.kind === 'code';
      if (segment.kind !== kind) out += finish();
      isBeforeCode = false;
      kind = segment.kind;
      if (kind === 'link') return out + send(segment.text);
      buffer += segment.text;
      return out + scan();
    },
    end: finish,
  };
}

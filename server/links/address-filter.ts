import { candidatesOf, type LinkRule } from './allow-links.ts';
import { foldCase, invisible, readReference, type Unit } from './character-reference.ts';

/** A piece of the answer's Markdown: `link` was read and allowed already. */
export type Segment = { kind: 'text' | 'code' | 'link'; text: string };

/** Takes the scheme off every address that is not allowed: programs that link bare addresses find none. */
export interface AddressFilter {
  push(segment: Segment): string;
  end(): string;
}

type Decision = 'more' | { end: number; dropped?: boolean; insert?: string };

/** Longer ones are no address of a book. */
const maxAddress = 500;
const maxReference = 33;
const webSchemes = ['https:', 'http:', 'ftps:', 'ftp:', 'wss:', 'ws:'];
const mailSchemes = ['mailto:', 'xmpp:'];
/** Where something may begin: all else is sent at once. */
const trigger =
  /h(?=t|[^ -~]|[&\\]|$)|f(?=t|[^ -~]|[&\\]|$)|w(?=[sw]|[^ -~]|[&\\]|$)|m(?=a|[^ -~]|[&\\]|$)|x(?=m|[^ -~]|[&\\]|$)|[/\\@&ｈｆｗｍｘＨＦＷＭＸ]/gi;
const escapable = /^[!-/:-@[-`{-~]$/;
const slash = /^[\\/]$/;
const dot = /^[.。．｡]$/;

export function createAddressFilter({ isAllowed }: { isAllowed: LinkRule }): AddressFilter {
  let kind: Segment['kind'] = 'text';
  let buffer = '';
  let isEnd = false;
  /** What was sent last: up to 64 characters. */
  let before = '';
  /** While the end of a text is read that goes on as code. */
  let isBeforeCode = false;

  function send(text: string): string {
    before = (before + text.slice(-64)).slice(-64);
    return text;
  }

  function scan(): string {
    let out = '';
    let at = 0;
    while (at < buffer.length) {
      trigger.lastIndex = at;
      const start = trigger.exec(buffer)?.index ?? buffer.length;
      out += send(buffer.slice(at, start));
      at = start;
      const step = at < buffer.length ? read(at) : { end: at };
      if (step === 'more') break;
      if (step.dropped !== true) out += send(buffer.slice(at, step.end));
      out += send(step.insert ?? '');
      at = step.end;
    }
    buffer = buffer.slice(at);
    return out;
  }

  /** What to do with the text from `at` on; `more` when only the next characters can tell. */
  function read(at: number): Decision {
    const unit = unitAt(at);
    if (unit === null) return 'more';
    const plain = { end: at + unit.length };
    if (slash.test(unit.text)) return readSlashes(at) ?? plain;
    if (unit.text === '@') return readMail(plain.end) ?? plain;
    if (!/^[hfwmx]$/.test(unit.text)) return plain;
    return readScheme(at) ?? (unit.text === 'w' ? readWww(at) : null) ?? plain;
  }

  /** The unit that begins at `at`; null when the text ends in it. */
  function unitAt(at: number): Unit | null {
    const character = buffer[at];
    if (character === undefined) return null;
    const next = buffer[at + 1];
    if (character === '\\' && next === undefined && !isEnd) return null;
    if (character === '\\' && next !== undefined && escapable.test(next)) return { text: next, length: 2 };
    if (character === '&') {
      const part = buffer.slice(at, at + maxReference);
      if (!isEnd && part.length < maxReference && /^&#?\w*$/.test(part)) return null;
      return readReference(part) ?? { text: character, length: 1 };
    }
    const whole = String.fromCodePoint(buffer.codePointAt(at) ?? 0);
    return { text: foldCase(whole), length: whole.length };
  }

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
    return (isMail ? null : keep(at, end, '')) ?? { end: host, dropped: true };
  }

  /** To the next white space, as far as any renderer reads on; null where the text ends before. */
  function extent(at: number): number | null {
    const length = buffer.slice(at, at + maxAddress).search(/\s/);
    if (length !== -1) return at + length;
    return isEnd || buffer.length - at >= maxAddress ? Math.min(buffer.length, at + maxAddress) : null;
  }

  /** Keeps the longest allowed address between two places, spelled out; null when there is none. */
  function keep(at: number, end: number, scheme: string): Decision | null {
    const { written, endOf } = spelledOut(at, end);
    if (invisible.test(written)) return null;
    const address = candidatesOf(written).find((candidate) => isAllowed(scheme + candidate));
    if (address === undefined) return null;
    const behind = endOf(address.length);
    const after = written.slice(address.length);
    // GitHub's Markdown, too, leaves these out of an address; where it reads on, a space ends it.
    const isWhole = /^[?!.,:*_~'")]*$/.test(after) && !(isBeforeCode && end === buffer.length);
    const isSafeCode = kind === 'code' && !after.includes('@');
    return { end: behind, dropped: true, insert: isWhole || isSafeCode ? address : `${address} ` };
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
    if (/[\p{L}\p{N}]/u.test(before.at(-1) ?? '')) return null;
    const host = match('www.', at);
    if (host === null || host === 'more') return isEnd ? null : host;
    const end = extent(host);
    if (end === null) return 'more';
    if (!/^[\p{L}\p{N}_-]/u.test(unitAt(host)?.text ?? '')) return null;
    return keep(at, end, 'https://') ?? keep(at, end, 'http://') ?? { end: host, dropped: true };
  }

  /** `//host`, which a browser reads as an address; in code only after a quotation mark, a bracket or `=`. */
  function readSlashes(at: number): Decision | null {
    const previous = before.at(-1) ?? '';
    if (kind === 'code' ? !/["'(=\s]/.test(previous) : /[\w:.\\/]/.test(previous)) return null;
    const host = skip(at, (text) => slash.test(text));
    if (host === 'more') return 'more';
    const end = extent(host);
    if (end === null) return 'more';
    if (host - at < 2 || (host - at === 2 && buffer[at] === '\\')) return null;
    return isHost(host, end) ? (keep(at, end, 'https:') ?? { end: host, dropped: true }) : null;
  }

  /** A name with a dot, or a number, which is an IPv4 address. */
  function isHost(at: number, end: number): boolean {
    const { written } = spelledOut(at, Math.min(end, at + 100));
    return /^(?:[\p{L}\p{N}_-]{1,99}[.。．｡]+[\p{L}\p{N}_-]|\d{7}|0x[\da-f]|\[)/iu.test(written);
  }

  function readMail(behind: number): Decision | null {
    if (kind !== 'text' || !/[\w.+-]/.test(before.at(-1) ?? '')) return null;
    const end = extent(behind);
    if (end === null) return 'more';
    const { written } = spelledOut(behind, Math.min(end, behind + 256));
    const domain = /^[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/.exec(written)?.[0];
    if (domain === undefined) return null;
    let start = before.length;
    while (start > 0 && /[\w.+-]/.test(before[start - 1] ?? '')) start -= 1;
    return isAllowed(`mailto:${before.slice(start)}@${domain}`)
      ? { end: behind }
      : { end: behind, dropped: true, insert: ' (at) ' };
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

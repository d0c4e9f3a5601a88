import { decodeNamedCharacterReference } from 'decode-named-character-reference';

/** What a reader sees as one character, in lower case, and the length of its spelling in the Markdown. */
export type Unit = { text: string; length: number };

/** Invisible characters; browsers ignore most of them in an address. */
export const invisible = /[\p{Default_Ignorable_Code_Point}\0-\u0008\u000b-\u001f\u007f]/u;

const maxReference = 33;
const escapable = /^[!-/:-@[-`{-~]$/;

/** The unit that begins at `at`, escapes and references read; null when the text ends in it. */
export function readUnit({ buffer, at, isEnd }: { buffer: string; at: number; isEnd: boolean }): Unit | null {
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

/** `&#47;` and `&sol;`; HTML also reads a number without its semicolon. */
function readReference(text: string): Unit | null {
  const [raw, hex, decimal, name] = /^&(?:#x([\da-f]{1,8});?|#(\d{1,9});?|(\w{1,31});)/i.exec(text) ?? [];
  if (raw === undefined) return null;
  if (name !== undefined) {
    const decoded = decodeNamedCharacterReference(name) || decodeNamedCharacterReference(name.toLowerCase());
    return decoded === false ? null : { text: foldCase(decoded, true), length: raw.length };
  }
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  const decoded = code <= 0x10_ff_ff ? foldCase(String.fromCodePoint(code), true) : '\u{fffd}';
  return { text: decoded, length: raw.length };
}

/** Lower case, full-width letters as ordinary ones; nothing for what is invisible. */
function foldCase(character: string, isReference = false): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > 0x20 && code < 0x7f) return character.toLowerCase();
  if (isReference && code < 0x20) return '';
  if (code >= 0xff_01 && code <= 0xff_5e) return String.fromCodePoint(code - 0xfe_e0).toLowerCase();
  return invisible.test(character) ? '' : character.toLowerCase();
}

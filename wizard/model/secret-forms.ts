/** What to look for of a secret, in each way of reading a text. */
export type SecretForms = {
  /** In the text as it is, and with its escapes decoded. */
  plain: readonly string[];
  /** Base64, alone and within a longer text. */
  base64: readonly string[];
  /** Hexadecimal in small letters. */
  hex: string;
};

/** A way of reading a text. Its characters, and where each of them begins and ends in the text itself. */
type Reading = { text: string; starts: readonly number[] | null; ends: readonly number[] | null };

/** A line's end as files, JSON and mail write it, with the next line's indentation; or invisible characters. */
const gap = String.raw`[ \t]{0,20}(?:\r?\n|\\r\\n|\\n|=\r?\n|%0[dD]%0[aA]|%0[aA])[ \t]{0,20}|[\u200b-\u200d\ufeff]{1,4}`;
const gaps = new RegExp(gap, 'g');
/** Groups: decimal and hexadecimal entity, named entity, JSON escapes, URL encoding of one character. */
const escapes = new RegExp(
  String.raw`${gap}|&#(\d{1,10});?|&#[xX]([0-9a-fA-F]{1,10});?|&(amp|lt|gt|quot|apos);|\\u([0-9a-fA-F]{4})|\\(["\\/])|(%[0-7][0-9a-fA-F]|(?:%[89a-fA-F][0-9a-fA-F]){2,4})`,
  'g',
);
const hexSeparators = /[\s:-]|\\x|0x/g;
const isHexLike = /(?:[0-9a-f]{2}(?:[\s:-]|\\x|0x)?){6}/i;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** All forms that a value may have taken on its way: raw, URL-encoded, as entities, JSON-escaped, in hex, as base64. */
export function formsOf(value: string): SecretForms {
  const bytes = new TextEncoder().encode(value);
  const alone = btoa(String.fromCharCode(...bytes)).replaceAll('=', '');
  return {
    // A value that has escapes of its own is found where they stand and where they are decoded.
    plain: [...new Set([value, decode(value, escapes).text])],
    base64: [...new Set([alone, ...[0, 1, 2].map((before) => base64Within(bytes, before))])],
    hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/** The text with every form of these secrets replaced, also where they are broken over lines. Linear in its length. */
export function hideForms(text: string, secrets: readonly SecretForms[]): string {
  const raw = decode(text, gaps);
  const decoded = decode(text, escapes);
  // Base64 for URLs has two other characters.
  const base64 = { ...decoded, text: decoded.text.replaceAll('-', '+').replaceAll('_', '/') };
  const hex = isHexLike.test(text) ? decode(withSmallDigits(text), hexSeparators) : null;
  const places = secrets.flatMap((forms) => [
    ...forms.plain.flatMap((form) => [...placesOf(form, raw), ...placesOf(form, decoded)]),
    ...forms.base64.flatMap((form) => placesOf(form, base64)),
    ...(hex === null ? [] : placesOf(forms.hex, hex)),
  ]);
  return places.length === 0 ? text : withoutPlaces(text, places);
}

/** Every other character stays, so that places do. */
function withSmallDigits(text: string): string {
  return text.replaceAll(/[A-FX]/g, (digit) => digit.toLowerCase());
}

type Place = { start: number; end: number };

function placesOf(form: string, { text, starts, ends }: Reading): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    const last = at + form.length - 1;
    places.push({ start: starts?.[at] ?? at, end: ends?.[last] ?? last + 1 });
  }
  return places;
}

/** Overlapping places are one. */
function withoutPlaces(text: string, places: Place[]): string {
  let clean = '';
  let end = 0;
  for (const place of places.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (place.start >= end) clean += `${text.slice(end, place.start)}[secret]`;
    end = Math.max(end, place.end);
  }
  return clean + text.slice(end);
}

/** Reads a text with what the pattern matches decoded; what is no escape is left out. */
function decode(text: string, pattern: RegExp): Reading {
  let read = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let copied = 0;
  const copyTo = (end: number): void => {
    read += text.slice(copied, end);
    for (let at = copied; at < end; at++) {
      starts.push(at);
      ends.push(at + 1);
    }
  };
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    copyTo(match.index);
    const characters = characterOf(match) ?? match[0];
    read += characters;
    for (let at = 0; at < characters.length; at++) {
      starts.push(match.index);
      ends.push(end);
    }
    copied = end;
  }
  if (copied === 0) return { text, starts: null, ends: null };
  copyTo(text.length);
  return { text: read, starts, ends };
}

/** What an escape stands for: empty for a gap or a separator, null where it stands for no character. */
function characterOf([, decimal, hex, name, unit, escaped, percent]: RegExpExecArray): string | null {
  if (decimal !== undefined) return fromCode(Number(decimal));
  if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
  if (name !== undefined) return entities[name] ?? null;
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  if (escaped !== undefined) return escaped;
  if (percent === undefined) return '';
  try {
    return decodeURIComponent(percent);
  } catch {
    return null;
  }
}

function fromCode(code: number): string | null {
  return code <= 0x10ffff ? String.fromCodePoint(code) : null;
}

/** The characters that stand for these bytes alone, where `before` bytes of a group of three come first. */
function base64Within(bytes: Uint8Array, before: number): string {
  const text = btoa('\0'.repeat(before) + String.fromCharCode(...bytes));
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

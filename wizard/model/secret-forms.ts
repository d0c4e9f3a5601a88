/** A line's end inside a value, as files, JSON and mail write it, with the next line's indentation; or invisible characters. */
const gap = String.raw`(?:[ \t]{0,20}(?:\r?\n|\\r\\n|\\n|=\r?\n|%0[dD]%0[aA]|%0[aA])[ \t]{0,20}|[\u200b-\u200d\ufeff]{1,4})?`;
const entityNames: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/**
 * Matches a value in every form that it may have taken on its way: raw, URL-encoded in part or fully, as HTML entities,
 * JSON-escaped, in hex, as base64 alone or within a longer text, and each of them broken over lines.
 */
export function secretForms(value: string): RegExp {
  const bytes = new TextEncoder().encode(value);
  const spelled = [...value].map(characterForms).join(gap);
  const hex = Array.from(bytes, (byte) => hexOf(byte)).join(String.raw`(?:[\s:-]|\\x|0x)?`);
  const alone = btoa(String.fromCharCode(...bytes)).replaceAll('=', '');
  const base64 = [alone, ...[0, 1, 2].map((before) => base64Within(bytes, before))].map((text) =>
    [...text].map(base64Forms).join(gap),
  );
  return new RegExp([spelled, hex, ...new Set(base64)].join('|'), 'g');
}

/** One character: itself, or as any of the encodings writes it. */
function characterForms(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const percent = Array.from(new TextEncoder().encode(character), (byte) => `%${hexOf(byte)}`).join('');
  const units = Array.from({ length: character.length }, (_value, at) => character.charCodeAt(at));
  const escapes = units.map((unit) => String.raw`\\u${hexOf(unit, 4)}`).join('');
  const entities = [`&#0{0,6}${code};?`, `&#[xX]0{0,6}${hexOf(code)};?`];
  const name = entityNames[character];
  if (name !== undefined) entities.push(`&${name};`);
  const backslash = /["\\/]/.test(character) ? String.raw`\\` : null;
  const raw = literal(character);
  return `(?:${[...(backslash === null ? [] : [backslash + raw]), raw, percent, ...entities, escapes].join('|')})`;
}

/** Base64 for URLs has two other characters. */
function base64Forms(character: string): string {
  if (character === '+') return '(?:[+-]|%2[bB])';
  return character === '/' ? String.raw`(?:[/_]|\\/|%2[fF])` : character;
}

/** Hexadecimal digits, small or capital. */
function hexOf(code: number, digits = 2): string {
  return code
    .toString(16)
    .padStart(digits, '0')
    .replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(character: string): string {
  return /[\w\s]/.test(character) ? character : character.replace(/[$()*+./?[\\\]^{|}-]/, String.raw`\$&`);
}

/** The characters that stand for these bytes alone, where `before` bytes of a group of three come first. */
function base64Within(bytes: Uint8Array, before: number): string {
  const text = btoa('\0'.repeat(before) + String.fromCharCode(...bytes));
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

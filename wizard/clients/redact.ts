import { hideSecrets } from '../model/secret.ts';

/** Shorter values would blank out ordinary words. */
const MIN_LENGTH = 6;

/** The text with every known secret, every given value, and all that looks like a key, replaced by `[secret]`. */
export function redact(text: string, values: readonly string[] = []): string {
  const longestFirst = values
    .filter((value) => value.length >= MIN_LENGTH)
    .toSorted((a, b) => b.length - a.length);
  // First, while they are whole: a text that is cut later may hold half of one.
  let clean = hideSecrets(text);
  for (const value of longestFirst) {
    for (const form of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])) {
      clean = clean.replaceAll(form, '[secret]');
    }
  }
  return clean;
}

/** One line of at most `limit` characters, without markup: fit to be quoted in a sentence. */
export function oneLine(text: string, limit = 200): string {
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

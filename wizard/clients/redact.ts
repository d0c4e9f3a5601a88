/** Shapes of the vendors' keys, for text that quotes one we never sent. */
const shapes: readonly RegExp[] = [
  /\bhf_[A-Za-z0-9]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\bAQ\.[A-Za-z0-9_.-]{16,}/g,
  /\bvc[a-z]_[A-Za-z0-9]{12,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\bBearer\s+[^\s"',}]+/gi,
  /(?<=:\/\/[^\s/:@]*:)[^\s@]+(?=@)/g,
];

/** Shorter values would blank out ordinary words. */
const MIN_LENGTH = 6;

/** The text with every given value, and all that looks like a key, replaced by `[secret]`. */
export function redact(text: string, values: readonly string[] = []): string {
  const longestFirst = values
    .filter((value) => value.length >= MIN_LENGTH)
    .toSorted((a, b) => b.length - a.length);
  let clean = text;
  for (const value of longestFirst) {
    for (const form of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])) {
      clean = clean.replaceAll(form, '[secret]');
    }
  }
  for (const shape of shapes) clean = clean.replace(shape, '[secret]');
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

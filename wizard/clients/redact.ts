import { hideSecrets } from '../model/secret.ts';

/** Replaces every registered secret, every one of `values`, and whatever looks like a key by `[secret]`. */
export function redact(text: string, values: readonly string[] = []): string {
  return hideSecrets(text, values);
}

/** One line of at most `limit` characters, without markup, to be quoted in a sentence. */
export function oneLine(text: string, limit = 200): string {
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/** The text as the beginning of a sentence. */
export function capitalise(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

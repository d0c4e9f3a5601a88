import { describeFormat, answerByFormat } from './credential-formats.ts';

/**
 * Whether a setting's value may be a secret, by its name, its form or its randomness: such a value is never kept. An
 * address without a password is none.
 */
export function looksLikeSecret({ name, value }: { name: string; value: string }): boolean {
  if (URL.canParse(value)) {
    const { username, password, search } = new URL(value);
    return username !== '' || password !== '' || /key|token|secret|pass|sig/i.test(search);
  }
  if (/key|token|secret|pass(word|phrase)?|credential|_pw$/i.test(name)) return true;
  if (describeFormat(value) !== null && answerByFormat(value) !== 'QDRANT_URL') return true;
  return /^[0-9a-f-]{32,}$/i.test(value) || value.split(/[\s,;.-]+/).some(isRandom);
}

/** A word of 20 characters or more that mixes letters and digits as no name does, or a long one of hexadecimal digits. */
function isRandom(word: string): boolean {
  if (word.length < 20 || /[^\w+/=.-]/.test(word)) return false;
  const changes = [...word].filter(
    (letter, at) => at > 0 && kindOf(letter) !== kindOf(word[at - 1] ?? ''),
  ).length;
  return changes >= word.length / 4;
}

function kindOf(letter: string): string {
  return /\d/.test(letter)
    ? 'digit'
    : /[A-Z]/.test(letter)
      ? 'upper'
      : /[a-z]/.test(letter)
        ? 'lower'
        : 'other';
}

const vowel = /[aeiouy]/;
const doubled = /([bdfgmnprt])\1$/;

/** Longest first inside a row; a suffix falls only where enough of a word stays in front of it. */
const suffixes: readonly (readonly [suffix: string, replacement: string])[] = [
  ['ization', 'ize'],
  ['isation', 'ize'],
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['ability', 'able'],
  ['ation', 'ate'],
  ['ement', ''],
  ['ment', ''],
  ['ness', ''],
  ['able', ''],
  ['ible', ''],
  ['ator', 'ate'],
  ['ally', 'al'],
  ['ly', ''],
];

/** A light English stemmer: plurals, `-ed`, `-ing` and the commonest endings. Two forms of a word meet, no more. */
export function stem(word: string): string {
  if (word.length < 4) return word;
  let root = withoutPlural(word);
  root = withoutTense(root);
  for (const [suffix, replacement] of suffixes) {
    if (!root.endsWith(suffix) || root.length - suffix.length < 4) continue;
    root = root.slice(0, -suffix.length) + replacement;
    break;
  }
  if (root.length > 3 && root.endsWith('e')) root = root.slice(0, -1);
  return root.length > 3 && root.endsWith('y') ? `${root.slice(0, -1)}i` : root;
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (/[^sui]s$/.test(word)) return word.slice(0, -1);
  return word;
}

function withoutTense(word: string): string {
  const ending = /(?:ing|ed)$/.exec(word)?.[0];
  if (ending === undefined) return word;
  const root = word.slice(0, -ending.length);
  if (root.length < 3 || !vowel.test(root)) return word;
  return doubled.test(root) ? root.slice(0, -1) : root;
}

import { stem } from './stem.ts';

const stopWords = new Set(
  (
    'a about am an and any are as at be been but by can could did do does for from had has have he her him his how i ' +
    'if in into is it its just me more most my no not of on or our out own she should so some such than that the ' +
    'their them then there these they this those to too us very was we were what when where which while who whom ' +
    'why will with would you your'
  ).split(' '),
);

/** Runs of letters, digits and marks, also joined to a name; `c++`, `c#` and `f#` are words in this field. */
const wordRun = /\b[cf](?:\+\+|#)|[\p{L}\p{N}\p{M}]+(?:[._/][\p{L}\p{N}\p{M}]+)*/giu;
const joints = /[._/]/;
/** Scripts written without spaces between words. Only these need the segmenter, which is slow. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const accents = /[\u0300-\u036f\u064b-\u0652]/g;
const ascii = /^[\0-\x7f]*$/;
const camelCaseParts = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu;

/** Turns a text into its search terms. */
export type Tokeniser = (text: string) => string[];

/**
 * Search terms of a text, in order, with repeats: Unicode words in NFKC lower case without accents, English words
 * stemmed, stop words dropped. `useEffect` and `use_effect` yield the whole name and its parts. Queries and sections share this tokeniser.
 */
export function tokenise(text: string): string[] {
  return createTokeniser()(text);
}

/** Words of a generation. When it is full, those that were not used since the one before are forgotten. */
const maxRecentWords = 50_000;

/** `tokenise` for many texts: remembers the terms of a word, which makes indexing a book three times as fast. */
export function createTokeniser({ maxWords = maxRecentWords } = {}): Tokeniser {
  let recentWords = new Map<string, readonly string[]>();
  let olderWords = recentWords;
  let segmenter: Intl.Segmenter | undefined;
  /** Characters of the text that the segmenter has read. */
  let segmented = 0;

  function termsOfRun(run: string): string[] {
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
    const terms: string[] = [];
    for (const piece of piecesOf(run)) {
      segmented += piece.length;
      if (segmented > maxSegmented) terms.push(...pairsOf(piece));
      else
        for (const { segment, isWordLike } of segmenter.segment(piece))
          if (isWordLike === true) terms.push(...termOf(segment));
    }
    return terms;
  }

  function termsOf(word: string): readonly string[] {
    const remembered = recentWords.get(word);
    if (remembered !== undefined) return remembered;
    // A run of an unspaced script is half a sentence, which hardly repeats: not worth caching.
    if (unspaced.test(word)) return termsOfRun(word);
    // Too long for a name: its words are, each by itself.
    if (word.length > maxName && joints.test(word))
      return word.split(joints).flatMap((part) => termsOf(part));
    const terms = olderWords.get(word) ?? withParts(word).flatMap(termOf);
    if (recentWords.size >= maxWords) [olderWords, recentWords] = [recentWords, new Map()];
    if (word.length <= maxName) recentWords.set(word, terms);
    return terms;
  }

  return (text) => {
    const plain = ascii.test(text) ? text : text.normalize('NFKD').replaceAll(accents, '').normalize('NFKC');
    const terms: string[] = [];
    segmented = 0;
    for (const [word] of plain.matchAll(wordRun)) for (const term of termsOf(word)) terms.push(term);
    return terms;
  };
}

/** The segmenter's time grows with the square of a run's length: a sentence has fewer characters than this. */
const maxRun = 200;

function piecesOf(run: string): string[] {
  if (run.length <= maxRun) return [run];
  const characters = [...run];
  return Array.from({ length: Math.ceil(characters.length / maxRun) }, (_, index) =>
    characters.slice(index * maxRun, (index + 1) * maxRun).join(''),
  );
}

/** It takes almost a microsecond a character. No section is as long as this; of a longer text, the rest is read in pairs. */
const maxSegmented = 20_000;

function pairsOf(piece: string): string[] {
  const characters = [...piece];
  return characters.slice(0, -1).map((character, at) => `${character}${characters[at + 1] ?? ''}`);
}

/** A longer word is no name. */
const maxName = 200;

/** A name like `snake_case`, `a.dotted.one`, `a/path` or `1.2.3` and the words in it; any other word and its parts. */
function withParts(word: string): string[] {
  const words = word.split(joints);
  if (words.length === 1) return words.flatMap(withCamelCaseParts);
  // `snake_case` and `snakeCase` are one name.
  return [word.includes('_') ? word.replaceAll('_', '') : word, ...words.flatMap(withCamelCaseParts)];
}

/** The word itself and, for `camelCase`, each of its parts. */
function withCamelCaseParts(word: string): string[] {
  if (word.length > maxName) return [word];
  const parts = /\p{Ll}\p{Lu}/u.test(word) ? (word.match(camelCaseParts) ?? []) : [];
  return [word, ...parts.filter((part) => part !== word)];
}

/** A word in lower case, stemmed where it is English; none for a stop word. */
function termOf(word: string): string[] {
  const lower = word.toLowerCase();
  if (stopWords.has(lower)) return [];
  return [/^[a-z]+$/.test(lower) ? stem(lower) : lower];
}

/** How often each term occurs. */
export function countTerms(text: string, toTerms: Tokeniser = tokenise): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of toTerms(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

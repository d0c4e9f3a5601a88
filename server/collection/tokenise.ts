import type { SparseVector } from './ports.ts';
import { headingPath, type Section } from './section.ts';
import { stem } from './stem.ts';

const stopWords = new Set(
  (
    'a about am an and any are as at be been but by can could did do does for from had has have he her him his how i ' +
    'if in into is it its just me more most my no not of on or our out own she should so some such than that the ' +
    'their them then there these they this those to too us very was we were what when where which while who whom ' +
    'why will with would you your'
  ).split(' '),
);

/** Runs of letters, digits and marks; `c++`, `c#` and `f#` are words of this field. */
const wordRun = /\b[cf](?:\+\+|#)|[\p{L}\p{N}\p{M}]+/giu;
/** Scripts that write no blanks between words: only these need the segmenter, which is slow. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const accents = /[\u0300-\u036f\u064b-\u0652]/g;
const ascii = /^[\0-\x7f]*$/;
const camelCaseParts = /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu;

let segmenter: Intl.Segmenter | undefined;

/**
 * Search terms of a text, in order, with repeats: Unicode words in NFKC lower case without accents, English
 * ones stemmed, stop words dropped. `useEffect` yields itself and its parts. The one tokenizer of the house.
 */
export function tokenise(text: string): string[] {
  const plain = ascii.test(text) ? text : text.normalize('NFKD').replaceAll(accents, '').normalize('NFKC');
  const found: string[] = [];
  for (const [word] of plain.matchAll(wordRun))
    for (const term of termsByWord.get(word) ?? tokeniseWord(word)) found.push(term);
  return found;
}

/** What a word becomes: a book says the same ones over and over. */
const termsByWord = new Map<string, readonly string[]>();
const maxCachedWords = 20_000;

function tokeniseWord(word: string): readonly string[] {
  const found: string[] = [];
  if (unspaced.test(word)) {
    // A run of these is half a sentence, which hardly comes again.
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
    for (const piece of segmenter.segment(word)) if (piece.isWordLike) addTerm(found, piece.segment);
    return found;
  }
  addTerm(found, word);
  const parts = /\p{Ll}\p{Lu}/u.test(word) ? (word.match(camelCaseParts) ?? []) : [];
  for (const part of parts) if (part !== word) addTerm(found, part);
  if (termsByWord.size >= maxCachedWords) termsByWord.clear();
  termsByWord.set(word, found);
  return found;
}

function addTerm(found: string[], word: string): void {
  const lower = word.toLowerCase();
  if (stopWords.has(lower)) return;
  found.push(/^[a-z]+$/.test(lower) ? stem(lower) : lower);
}

/** How often each term occurs. */
export function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of tokenise(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** BM25's constants, one set for both legs; lengths are in terms. */
export const bm25Constants = {
  k1: 1.2,
  b: 0.75,
  headingWeight: 2.5,
  headingB: 0.4,
  usualLength: 120,
  usualHeading: 6,
} as const;

/**
 * What Qdrant's sparse leg stores and is asked with; Qdrant adds the IDF (`modifier: idf`). A section becomes
 * its saturated term frequencies, a plain text (a question) a one for each of its terms. Indices are unique.
 */
export function sparseVector(text: string | Section): SparseVector {
  const weights = new Map<number, number>();
  for (const [term, value] of typeof text === 'string' ? queryWeights(text) : sectionWeights(text)) {
    const index = hashTerm(term);
    weights.set(index, (weights.get(index) ?? 0) + value);
  }
  return { indices: [...weights.keys()], values: [...weights.values()] };
}

function queryWeights(text: string): [string, number][] {
  return [...new Set(tokenise(text))].map((term) => [term, 1]);
}

/** A length is compared with a fixed usual one: the true average would change every vector at each edit. */
function sectionWeights(section: Section): [string, number][] {
  const body = countTerms(section.content);
  const heading = countTerms(headingPath(section));
  const bodyNorm = lengthNorm(sum(body), bm25Constants.usualLength, bm25Constants.b);
  const headingNorm = lengthNorm(sum(heading), bm25Constants.usualHeading, bm25Constants.headingB);
  return [...new Set([...body.keys(), ...heading.keys()])].map((term) => {
    const frequency =
      (body.get(term) ?? 0) / bodyNorm +
      (bm25Constants.headingWeight * (heading.get(term) ?? 0)) / headingNorm;
    return [term, (frequency * (bm25Constants.k1 + 1)) / (frequency + bm25Constants.k1)];
  });
}

export function lengthNorm(length: number, usual: number, b: number): number {
  return 1 - b + (b * length) / usual;
}

export function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}

/** FNV-1a over UTF-8, unsigned 32 bits. */
function hashTerm(term: string): number {
  let value = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(term)) value = Math.imul(value ^ byte, 0x01_00_01_93);
  return value >>> 0;
}

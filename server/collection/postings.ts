import { bm25Constants, lengthNorm, saturate, sumCounts } from './bm25-weights.ts';
import { searchedText } from './enrichment/enrichment.ts';
import type { Steps } from './run-in-slices.ts';
import { headingText, type Section } from './section.ts';
import { countTerms, createTokeniser } from './tokenise.ts';

/** The documents that contain a term, in ascending order, and its weight in each. */
export type Postings = { documents: Uint32Array; weights: Float32Array };

/**
 * The postings of all terms; those of number `n` are from `starts[n]` to before `starts[n + 1]`. Everything is in a few
 * typed arrays: a large book has millions of postings, and as objects they would keep the garbage collector busy.
 */
export type WordIndex = Postings & { numbers: ReadonlyMap<string, number>; starts: Uint32Array };

/** The postings of a term; null for one that the book lacks. */
export function postingsOf({ numbers, starts, ...all }: WordIndex, term: string): Postings | null {
  const number = numbers.get(term);
  if (number === undefined) return null;
  const [start, end] = [starts[number], starts[number + 1]];
  return { documents: all.documents.subarray(start, end), weights: all.weights.subarray(start, end) };
}

/** Counts the terms of all sections and weighs them. */
export function* buildWordIndex(sections: readonly Section[]): Steps<WordIndex> {
  const toTerms = createTokeniser();
  const numbers = new Map<string, number>();
  const occurrences = createOccurrences();
  const lengths = { body: new Float64Array(sections.length), heading: new Float64Array(sections.length) };
  for (const [document, section] of sections.entries()) {
    const body = countTerms(searchedText(section), toTerms);
    const heading = countTerms(headingText(section), toTerms);
    lengths.body[document] = sumCounts(body);
    lengths.heading[document] = sumCounts(heading);
    for (const term of new Set([...body.keys(), ...heading.keys()])) {
      const number = numbers.get(term) ?? numbers.size;
      if (number === numbers.size) numbers.set(term, number);
      occurrences.add([number, document, body.get(term) ?? 0, heading.get(term) ?? 0]);
    }
    yield;
  }
  const norms = {
    body: normsOf(lengths.body, bm25Constants.b),
    heading: normsOf(lengths.heading, bm25Constants.headingB),
  };
  return { numbers, ...(yield* sortByTerm(occurrences, { terms: numbers.size, norms })) };
}

/** A term in a section: the term's number, the document, and how often it is in the text and in the headings. */
type Occurrence = [term: number, document: number, inBody: number, inHeading: number];

type Occurrences = { size: number; chunks: Uint32Array[]; add(occurrence: Occurrence): void };

const chunkLength = 4 * 8_192;

/** Chunks of flat quadruples: one growing array would be copied as a whole, again and again. */
function createOccurrences(): Occurrences {
  const chunks: Uint32Array[] = [];
  return {
    size: 0,
    chunks,
    add(occurrence) {
      const at = (this.size * 4) % chunkLength;
      if (at === 0) chunks.push(new Uint32Array(chunkLength));
      chunks.at(-1)?.set(occurrence, at);
      this.size += 1;
    },
  };
}

type Norms = { body: Float64Array; heading: Float64Array };

/** A counting sort, a step for each chunk. */
function* sortByTerm(
  { chunks, size }: Occurrences,
  { terms, norms }: { terms: number; norms: Norms },
): Steps<Omit<WordIndex, 'numbers'>> {
  const starts = new Uint32Array(terms + 1);
  const lengthOf = (index: number): number => Math.min(chunkLength, size * 4 - index * chunkLength);
  for (const [index, chunk] of chunks.entries()) {
    for (let at = 0; at < lengthOf(index); at += 4) {
      const following = (chunk[at] ?? 0) + 1;
      starts[following] = (starts[following] ?? 0) + 1;
    }
    yield;
  }
  for (let term = 0; term < terms; term += 1)
    starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  const free = starts.slice();
  const [documents, weights] = [new Uint32Array(size), new Float32Array(size)];
  for (const [index, chunk] of chunks.entries()) {
    for (let at = 0; at < lengthOf(index); at += 4) {
      const [term = 0, document = 0] = [chunk[at], chunk[at + 1]];
      const place = free[term] ?? 0;
      free[term] = place + 1;
      documents[place] = document;
      weights[place] = saturate(
        (chunk[at + 2] ?? 0) / (norms.body[document] ?? 1) +
          (bm25Constants.headingWeight * (chunk[at + 3] ?? 0)) / (norms.heading[document] ?? 1),
      );
    }
    yield;
  }
  return { starts, documents, weights };
}

function normsOf(lengths: Float64Array, b: number): Float64Array {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const average = Math.max(1, total / Math.max(1, lengths.length));
  return lengths.map((length) => lengthNorm(length, average, b));
}

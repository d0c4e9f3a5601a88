import { bm25Constants, lengthNorm, saturate, sumCounts } from './bm25-weights.ts';
import { searchedText } from './enrichment/enrichment.ts';
import type { SparseVector } from './ports.ts';
import { headingText, type Section } from './section.ts';
import { countTerms, tokenise, type Tokeniser } from './tokenise.ts';

/**
 * The sparse vector that Qdrant stores for a section or is queried with; Qdrant adds the IDF (`modifier: idf`). A
 * section becomes its saturated term frequencies, a plain text (a question) a 1 for each of its terms. Indices are
 * unique.
 */
export function sparseVector(text: string | Section, toTerms: Tokeniser = tokenise): SparseVector {
  const weights = new Map<number, number>();
  const terms = typeof text === 'string' ? queryWeights(text) : sectionWeights(text, toTerms);
  for (const [term, weight] of terms) {
    const index = hashTerm(term);
    weights.set(index, (weights.get(index) ?? 0) + weight);
  }
  return { indices: [...weights.keys()], values: [...weights.values()] };
}

function queryWeights(text: string): [string, number][] {
  return [...new Set(tokenise(text))].map((term) => [term, 1]);
}

/** Lengths are compared with fixed averages: the book's true average would change every vector at each edit. */
function sectionWeights(section: Section, toTerms: Tokeniser): [string, number][] {
  const body = countTerms(searchedText(section), toTerms);
  const heading = countTerms(headingText(section), toTerms);
  const bodyNorm = lengthNorm(sumCounts(body), bm25Constants.averageLength, bm25Constants.b);
  const headingNorm = lengthNorm(
    sumCounts(heading),
    bm25Constants.averageHeadingLength,
    bm25Constants.headingB,
  );
  return [...new Set([...body.keys(), ...heading.keys()])].map((term) => {
    const frequency =
      (body.get(term) ?? 0) / bodyNorm +
      (bm25Constants.headingWeight * (heading.get(term) ?? 0)) / headingNorm;
    return [term, saturate(frequency)];
  });
}

/** FNV-1a over UTF-8, unsigned 32 bits. Most terms are ASCII, which needs no encoder. */
function hashTerm(term: string): number {
  const bytes = ascii.test(term) ? null : encoder.encode(term);
  const length = bytes?.length ?? term.length;
  let value = 0x81_1c_9d_c5;
  for (let at = 0; at < length; at += 1)
    value = Math.imul(value ^ (bytes?.[at] ?? term.charCodeAt(at)), 0x01_00_01_93);
  return value >>> 0;
}

const ascii = /^[\0-\x7f]*$/;
const encoder = new TextEncoder();

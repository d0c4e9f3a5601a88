import type { ScoredSection } from './ports.ts';
import { headingPath, type Section } from './section.ts';
import { significantTerms } from './significant-terms.ts';
import { bm25Constants as constants, countTerms, lengthNorm, sum, tokenise } from './tokenise.ts';

/** Where a term stands, and what it counts for there. Numbers side by side: a large book has millions. */
type Postings = { documents: number[]; weights: number[] };

export type LexicalHits = {
  hits: ScoredSection[];
  /**
   * How much of the weight of the question's telling words one section carries at best, 0 to 1; words that the
   * book lacks count in full.
   */
  coverage: number;
};

/** The book's words, searchable in memory. Immutable: a new book is a new one. */
export interface Bm25Index {
  readonly size: number;
  search(request: { text: string; limit: number }): LexicalHits;
}

/** BM25 over sections, with the headings as a field of their own. A query takes microseconds. */
export function buildBm25Index(sections: readonly Section[]): Bm25Index {
  const postings = postingsOf(sections);
  // One search follows the other, so they share what they add up in.
  const scores = new Float64Array(sections.length);
  const told = new Float64Array(sections.length);

  const idfOf = (holders: number): number =>
    Math.log(1 + (sections.length - holders + 0.5) / (holders + 0.5));

  function search({ text, limit }: { text: string; limit: number }): LexicalHits {
    const asked = new Set(tokenise(text));
    const telling = significantTerms(asked);
    const touched: number[] = [];
    let possible = 0;
    for (const term of asked) {
      const { documents, weights } = postings.get(term) ?? noPostings;
      const idf = idfOf(documents.length);
      const tells = telling.has(term);
      if (tells) possible += idf;
      // By index: an iterator would make a pair for every place of every word.
      for (let at = 0; at < documents.length; at += 1) {
        const document = documents[at] ?? 0;
        const score = idf * (weights[at] ?? 0);
        const before = scores[document] ?? 0;
        if (before === 0) touched.push(document);
        scores[document] = before + score;
        if (tells) told[document] = (told[document] ?? 0) + score;
      }
    }
    const hits = topHits(touched, { scores, limit }).flatMap(({ document, score }) => {
      const section = sections[document];
      return section === undefined ? [] : [{ section, score }];
    });
    let most = 0;
    for (const document of touched) {
      most = Math.max(most, told[document] ?? 0);
      scores[document] = told[document] = 0;
    }
    return { hits, coverage: possible === 0 ? 0 : Math.min(1, most / possible) };
  }

  return { size: sections.length, search };
}

const noPostings: Postings = { documents: [], weights: [] };

function postingsOf(sections: readonly Section[]): Map<string, Postings> {
  /** Of each term, one after the other: the document, how often its text has it, how often its headings. */
  const counted = new Map<string, number[]>();
  const lengths: { body: number[]; heading: number[] } = { body: [], heading: [] };
  for (const [document, section] of sections.entries()) {
    const body = countTerms(section.content);
    const heading = countTerms(headingPath(section));
    lengths.body.push(sum(body));
    lengths.heading.push(sum(heading));
    for (const term of new Set([...body.keys(), ...heading.keys()])) {
      const found = counted.get(term) ?? [];
      if (found.length === 0) counted.set(term, found);
      found.push(document, body.get(term) ?? 0, heading.get(term) ?? 0);
    }
  }
  const norms = {
    body: normsOf(lengths.body, constants.b),
    heading: normsOf(lengths.heading, constants.headingB),
  };
  return new Map(Array.from(counted, ([term, found]) => [term, weightPostings(found, norms)]));
}

type Norms = { body: readonly number[]; heading: readonly number[] };

function weightPostings(found: readonly number[], { body, heading }: Norms): Postings {
  const postings: Postings = { documents: [], weights: [] };
  for (let at = 0; at < found.length; at += 3) {
    const [document = 0, said = 0, headed = 0] = [found[at], found[at + 1], found[at + 2]];
    const frequency =
      said / (body[document] ?? 1) + (constants.headingWeight * headed) / (heading[document] ?? 1);
    postings.documents.push(document);
    postings.weights.push((frequency * (constants.k1 + 1)) / (frequency + constants.k1));
  }
  return postings;
}

function normsOf(lengths: readonly number[], b: number): number[] {
  const usual = Math.max(1, sumOf(lengths) / Math.max(1, lengths.length));
  return lengths.map((length) => lengthNorm(length, usual, b));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}

/** The highest scores, the earlier document first where two are alike; sorting all would cost more than finding them. */
function topHits(
  touched: readonly number[],
  { scores, limit }: { scores: Float64Array; limit: number },
): { document: number; score: number }[] {
  const kept: { document: number; score: number }[] = [];
  for (const document of touched) {
    const score = scores[document] ?? 0;
    let at = kept.length;
    for (let above = kept[at - 1]; above !== undefined; above = kept[at - 1]) {
      if (above.score > score || (above.score === score && above.document < document)) break;
      at -= 1;
    }
    if (at === limit) continue;
    kept.splice(at, 0, { document, score });
    if (kept.length > limit) kept.pop();
  }
  return kept;
}

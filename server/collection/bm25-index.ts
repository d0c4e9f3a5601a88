import type { ScoredSection } from './ports.ts';
import { buildWordIndex, postingsOf, type WordIndex } from './postings.ts';
import type { Steps } from './run-in-slices.ts';
import type { Section } from './section.ts';
import { significantTerms } from './significant-terms.ts';
import { tokenise } from './tokenise.ts';

export type LexicalHits = {
  hits: ScoredSection[];
  /**
   * The largest share of the weight of the question's significant terms that one section carries, 0 to 1. Terms that
   * the book lacks count in full.
   */
  coverage: number;
  /** Standard deviation of the scores of all sections, also of those without any of the terms. */
  deviation: number;
};

/** The sections that a search is limited to. */
export type SectionFilter = {
  accepts(section: Section): boolean;
  /** How many it accepts. */
  size: number;
};

/** A book searchable by its words in memory. Immutable: a changed book gets a new index. */
export interface Bm25Index {
  readonly size: number;
  search(request: { text: string; limit: number; within?: SectionFilter | undefined }): LexicalHits;
}

/**
 * BM25 over sections, with the headings as a field of their own. A query takes microseconds, building seconds for a large
 * book, in steps of about a section.
 */
export function* buildBm25Index(sections: readonly Section[]): Steps<Bm25Index> {
  return bm25IndexOf(sections, yield* buildWordIndex(sections));
}

/** The same of an index that is built already. */
export function bm25IndexOf(sections: readonly Section[], words: WordIndex): Bm25Index {
  // Searches run one after the other, so they share their accumulators.
  const scores = new Float64Array(sections.length);
  const significantScores = new Float64Array(sections.length);

  const idfOf = (documentCount: number): number =>
    Math.log(1 + (sections.length - documentCount + 0.5) / (documentCount + 0.5));

  function search({ text, limit, within }: Parameters<Bm25Index['search']>[0]): LexicalHits {
    const queryTerms = new Set(tokenise(text));
    const significant = significantTerms(queryTerms);
    const touched: number[] = [];
    let possible = 0;
    for (const term of queryTerms) {
      const { documents, weights } = postingsOf(words, term) ?? noPostings;
      const idf = idfOf(documents.length);
      const isSignificant = significant.has(term);
      if (isSignificant) possible += idf;
      // By index: `entries()` would allocate a pair for every posting.
      for (let at = 0; at < documents.length; at += 1) {
        const document = documents[at] ?? 0;
        const score = idf * (weights[at] ?? 0);
        const before = scores[document] ?? 0;
        if (before === 0) touched.push(document);
        scores[document] = before + score;
        if (isSignificant) significantScores[document] = (significantScores[document] ?? 0) + score;
      }
    }
    if (within !== undefined) dropOthers(touched, within);
    const hits = topHits(touched, { scores, limit }).flatMap(({ document, score }) => {
      const section = sections[document];
      return section === undefined ? [] : [{ section, score }];
    });
    let best = 0;
    let [sum, squares] = [0, 0];
    for (const document of touched) {
      const score = scores[document] ?? 0;
      sum += score;
      squares += score * score;
      best = Math.max(best, significantScores[document] ?? 0);
      scores[document] = significantScores[document] = 0;
    }
    const coverage = possible === 0 ? 0 : Math.min(1, best / possible);
    return {
      hits,
      coverage,
      deviation: standardDeviation({ sum, squares, count: within?.size ?? sections.length }),
    };
  }

  /** Leaves what is not searched without a score. */
  function dropOthers(touched: number[], { accepts }: SectionFilter): void {
    let kept = 0;
    for (const document of touched) {
      const section = sections[document];
      if (section !== undefined && accepts(section)) touched[kept++] = document;
      else scores[document] = significantScores[document] = 0;
    }
    touched.length = kept;
  }

  return { size: sections.length, search };
}

/** Of `count` numbers, by their sum and the sum of their squares. */
export function standardDeviation(values: { sum: number; squares: number; count: number }): number {
  const mean = values.sum / Math.max(1, values.count);
  return Math.sqrt(Math.max(0, values.squares / Math.max(1, values.count) - mean * mean));
}

const noPostings = { documents: [], weights: [] };

/** The highest scores; ties go to the earlier document. Sorting all of them would cost more than finding them. */
function topHits(
  touched: readonly number[],
  { scores, limit }: { scores: Float64Array; limit: number },
): { document: number; score: number }[] {
  const top: { document: number; score: number }[] = [];
  for (const document of touched) {
    const score = scores[document] ?? 0;
    let at = top.length;
    for (let above = top[at - 1]; above !== undefined; above = top[at - 1]) {
      if (above.score > score || (above.score === score && above.document < document)) break;
      at -= 1;
    }
    if (at === limit) continue;
    top.splice(at, 0, { document, score });
    if (top.length > limit) top.pop();
  }
  return top;
}

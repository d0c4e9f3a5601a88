import type { ScoredSection } from './ports.ts';
import { headingPath, type Section } from './section.ts';
import { tellingTerms } from './telling-terms.ts';
import { bm25 as constants, countTerms, lengthNorm, sum, terms } from './terms.ts';

type Posting = { document: number; body: number; heading: number };

export type LexicalHits = {
  hits: ScoredSection[];
  /**
   * How much of the weight of the question's telling words one section carries at best, 0 to 1; words that the
   * book lacks count in full.
   */
  coverage: number;
};

/** The book's words, searchable in memory. Immutable: a new book is a new one. */
export interface Lexicon {
  readonly size: number;
  search(request: { text: string; limit: number }): LexicalHits;
}

/** BM25 over sections, with the headings as a field of their own. A query takes microseconds. */
export function buildLexicon(sections: readonly Section[]): Lexicon {
  const postings = new Map<string, Posting[]>();
  const bodyLengths = new Float64Array(sections.length);
  const headingLengths = new Float64Array(sections.length);
  for (const [document, section] of sections.entries()) {
    const body = countTerms(section.content);
    const heading = countTerms(headingPath(section));
    bodyLengths[document] = sum(body);
    headingLengths[document] = sum(heading);
    for (const term of new Set([...body.keys(), ...heading.keys()])) {
      const posting = { document, body: body.get(term) ?? 0, heading: heading.get(term) ?? 0 };
      const known = postings.get(term);
      if (known === undefined) postings.set(term, [posting]);
      else known.push(posting);
    }
  }
  const usualBody = mean(bodyLengths);
  const usualHeading = mean(headingLengths);
  const weight = (term: string): number => {
    const holders = postings.get(term)?.length ?? 0;
    return Math.log(1 + (sections.length - holders + 0.5) / (holders + 0.5));
  };

  function search({ text, limit }: { text: string; limit: number }): LexicalHits {
    const asked = new Set(terms(text));
    const telling = tellingTerms(asked);
    const scores = new Map<number, number>();
    const told = new Map<number, number>();
    let possible = 0;
    for (const term of asked) {
      const idf = weight(term);
      const tells = telling.has(term);
      if (tells) possible += idf;
      for (const { document, body, heading } of postings.get(term) ?? []) {
        const frequency =
          body / lengthNorm(bodyLengths[document] ?? 0, usualBody, constants.b) +
          (constants.headingWeight * heading) /
            lengthNorm(headingLengths[document] ?? 0, usualHeading, constants.headingB);
        const score = (idf * frequency * (constants.k1 + 1)) / (frequency + constants.k1);
        scores.set(document, (scores.get(document) ?? 0) + score);
        if (tells) told.set(document, (told.get(document) ?? 0) + score);
      }
    }
    const hits = [...scores]
      .sort((one, other) => other[1] - one[1] || one[0] - other[0])
      .slice(0, limit)
      .flatMap(([document, score]) => {
        const section = sections[document];
        return section === undefined ? [] : [{ section, score }];
      });
    let best = 0;
    for (const score of told.values()) if (score > best) best = score;
    return { hits, coverage: possible === 0 ? 0 : Math.min(1, best / possible) };
  }

  return { size: sections.length, search };
}

function mean(values: Float64Array): number {
  return Math.max(1, values.reduce((total, one) => total + one, 0) / Math.max(1, values.length));
}

import type { ScoredSection } from '../../collection/ports.ts';
import { createSectionTerms } from '../book-index/section-terms.ts';
import { tokenise } from '../../collection/tokenise.ts';

/** Two terms are near each other with fewer terms between them. */
const distance = 10;
/** A longer text is no question: its pairs say nothing. */
const maxTerms = 24;

/**
 * Ranks hits again: a section in which all of the question's terms are near each other counts twice, one in which none
 * are counts once. The positions of terms are read from the hits' own texts, so the index holds none.
 * A book in memory remembers the terms of the sections that were read last.
 */
export function rankByProximity(
  text: string,
  hits: readonly ScoredSection[],
  termsOf = createSectionTerms(),
): ScoredSection[] {
  const wanted = new Map([...new Set(tokenise(text))].map((term, number) => [term, number]));
  if (wanted.size < 2 || wanted.size > maxTerms) return [...hits];
  const pairs = (wanted.size * (wanted.size - 1)) / 2;
  return hits
    .map(({ section, score }) => ({
      section,
      score: score * (1 + nearPairs(termsOf(section), wanted) / pairs),
    }))
    .toSorted((a, b) => b.score - a.score);
}

/** How many different pairs of the wanted terms are near each other. */
function nearPairs(terms: readonly string[], wanted: ReadonlyMap<string, number>): number {
  const last = new Map<number, number>();
  const pairs = new Set<number>();
  for (const [at, term] of terms.entries()) {
    const number = wanted.get(term);
    if (number === undefined) continue;
    for (const [other, place] of last)
      if (other !== number && at - place <= distance)
        pairs.add(Math.min(number, other) * maxTerms + Math.max(number, other));
    last.set(number, at);
  }
  return pairs.size;
}

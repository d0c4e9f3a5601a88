import type { ScoredSection } from '../../collection/ports.ts';
import { headingPath } from '../../collection/section.ts';
import { createTokeniser } from '../../collection/tokenise.ts';

/** Two terms are near each other with fewer terms between them. */
const distance = 10;
/** Characters of a section that are read; another program may have stored far more. */
const maxContent = 4_000;
/** A longer text is no question: its pairs say nothing. */
const maxTerms = 24;

/**
 * Ranks hits again: a section in which all of the question's terms are near each other counts twice, one in which none
 * are counts once. The positions of terms are read from the hits' own texts, so the index holds none.
 */
export function rankByProximity(text: string, hits: readonly ScoredSection[]): ScoredSection[] {
  const toTerms = createTokeniser();
  const wanted = new Map([...new Set(toTerms(text))].map((term, number) => [term, number]));
  if (wanted.size < 2 || wanted.size > maxTerms) return [...hits];
  const pairs = (wanted.size * (wanted.size - 1)) / 2;
  return hits
    .map(({ section, score }) => {
      const terms = toTerms(`${headingPath(section)}\n${section.content.slice(0, maxContent)}`);
      return { section, score: score * (1 + nearPairs(terms, wanted) / pairs) };
    })
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

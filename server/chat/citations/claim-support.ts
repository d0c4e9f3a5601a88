import { significantTerms } from '../../collection/significant-terms.ts';
import { tokenise } from '../../collection/tokenise.ts';
import { textOf, type CitedSection, type CitedTexts } from './cited-texts.ts';

/** A claim of fewer terms says too little to be judged. */
const fewestTerms = 3;
/** The share of a claim's terms that its sections have (docs/eval.md has figures). */
const leastShare = 0.35;
/** The same for a claim with a number that none of its sections has. */
const leastShareWithNumber = 0.6;
/** Share of an answer's words, the smallest too, that texts in the same language have. */
const sameLanguage = 0.25;

/**
 * The numbers of the sources that a claim names although none of them supports it: its sections lack most of its terms, or
 * its number. A claim that names several sources is held against all of them. Words alone are compared, so an answer in
 * another language than the book's is not judged. `sections` are in the order of the sources, `claims` by their numbers;
 * `retrieved` is all that the answer was written from, and shows the book's language even where the claims are wrong.
 */
export function unsupportedSources(
  claims: ReadonlyMap<number, readonly string[]>,
  sections: readonly CitedSection[],
  retrieved: readonly CitedSection[],
  texts: CitedTexts,
): Set<number> {
  if (!isSameLanguage([...claims.values()].flat(), retrieved.map(textOf))) return new Set();
  const termsOfSections = sections.map(texts.termsOf);
  const sourcesOf = new Map<string, number[]>();
  for (const [number, sentences] of claims)
    for (const sentence of sentences) sourcesOf.set(sentence, [...(sourcesOf.get(sentence) ?? []), number]);
  const unsupported = new Set<number>();
  for (const [claim, numbers] of sourcesOf) {
    const terms = [...significantTerms(tokenise(claim))];
    if (terms.length < fewestTerms) continue;
    const isThere = (term: string): boolean =>
      numbers.some((number) => termsOfSections[number - 1]?.has(term) === true);
    const share = terms.filter(isThere).length / terms.length;
    const lacksNumber = terms.some((term) => /^\d{2,}$/.test(term) && !isThere(term));
    if (share < (lacksNumber ? leastShareWithNumber : leastShare))
      for (const number of numbers) unsupported.add(number);
  }
  return unsupported;
}

/** Whether a text shares its commonest words with others, as those of one language do. Reads no more than it needs. */
function isSameLanguage(sentences: readonly string[], texts: readonly string[]): boolean {
  const words = wordsOf(sentences.join('\n'));
  const unseen = new Set(words);
  const fewestShared = sameLanguage * words.size;
  const isEnough = (): boolean => words.size - unseen.size >= fewestShared;
  return (
    isEnough() ||
    texts.some((text) => {
      for (const word of wordsOf(text)) unseen.delete(word);
      return isEnough();
    })
  );
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{M}]+/gu));
}

import { tokenise } from '../../collection/tokenise.ts';
import type { CitedSection, CitedTexts } from './cited-texts.ts';
import { sentencesOf } from './sentences.ts';

const maxAnswer = 40_000;
const marks = /(?:\s*\[Source \d+\])+/g;

/**
 * The claims of an answer by the number of the source that they name: of the text before a mark, the last sentence.
 */
export function claimsBySource(answer: string): Map<number, string[]> {
  const claims = new Map<number, string[]>();
  const text = answer.slice(0, maxAnswer);
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(marks)) {
    const claim = sentencesOf(text.slice(from, index)).at(-1) ?? '';
    from = index + mark.length;
    for (const [, number] of mark.matchAll(/(\d+)/g))
      claims.set(Number(number), [...(claims.get(Number(number)) ?? []), claim]);
  }
  return claims;
}

/** The sentence of a section that shares most terms with one of the claims; null where none shares any. */
export function citedSentence(
  section: CitedSection,
  claims: readonly string[],
  texts: CitedTexts,
): string | null {
  if (claims.length === 0) return null;
  const wanted = claims.map((claim) => new Set(tokenise(claim)));
  let best: { sentence: string; shared: number; share: number } | null = null;
  for (const { sentence, terms } of texts.sentencesOf(section)) {
    for (const claim of wanted) {
      const shared = [...terms].filter((term) => claim.has(term)).length;
      const share = shared / Math.max(1, terms.size);
      const isBetter =
        best === null || shared > best.shared || (shared === best.shared && share > best.share);
      if (shared > 0 && isBetter) best = { sentence, shared, share };
    }
  }
  return best?.sentence ?? null;
}

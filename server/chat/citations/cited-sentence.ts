import { tokenise } from '../../collection/tokenise.ts';
import type { CitedSection, CitedTexts } from './cited-texts.ts';
import { sentencesOf } from './sentences.ts';

const maxAnswer = 40_000;
/** One or more marks; blanks before the first are left to the claim, or a run of them would be read once for each. */
const marks = /\[Source \d+\](?:\s*\[Source \d+\])*/g;
/** Characters before a mark in which its sentence is looked for. */
const longestClaim = 1_000;
/** Of one source. More say nothing new of it. */
const mostClaims = 30;

/**
 * The claims of an answer by the number of the source that they name: of the text before a mark, the last sentence.
 */
export function claimsBySource(answer: string): Map<number, string[]> {
  const claims = new Map<number, Set<string>>();
  const text = answer.slice(0, maxAnswer);
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(marks)) {
    const claim = sentencesOf(text.slice(from, index).trimEnd().slice(-longestClaim)).at(-1) ?? '';
    from = index + mark.length;
    for (const [number] of mark.matchAll(/\d+/g)) {
      const ofSource = claims.get(Number(number)) ?? new Set();
      if (ofSource.size < mostClaims) claims.set(Number(number), ofSource.add(claim));
    }
  }
  return new Map(Array.from(claims, ([number, ofSource]) => [number, [...ofSource]]));
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

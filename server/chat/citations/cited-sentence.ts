import { createTokeniser } from '../../collection/tokenise.ts';

/** Characters of a section that are read; what another program stored may be far longer. */
const maxContent = 20_000;
const maxAnswer = 40_000;
/** Shorter texts are labels, and longer ones no sentences. */
const sentenceLength = { min: 12, max: 600 };
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
export function citedSentence(content: string, claims: readonly string[]): string | null {
  if (claims.length === 0) return null;
  const tokenise = createTokeniser();
  const wanted = claims.map((claim) => new Set(tokenise(claim)));
  let best: { sentence: string; shared: number; share: number } | null = null;
  for (const sentence of sentencesOf(content.slice(0, maxContent))) {
    if (sentence.length < sentenceLength.min || sentence.length > sentenceLength.max) continue;
    const terms = new Set(tokenise(sentence));
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

/** Sentences line by line: an item of a list, a row of a table and a line of code are texts of their own. */
function sentencesOf(text: string): string[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
  return text.split('\n').flatMap((line) => {
    if (/^\s*(?:[`~]{3,}|\|[\s|:-]*$)/.test(line)) return [];
    const plain = line.replace(/^\s*(?:>|[-*+]|\d+[.)])\s+/, '').trim();
    return Array.from(segmenter.segment(plain), ({ segment }) => segment.trim()).filter(Boolean);
  });
}

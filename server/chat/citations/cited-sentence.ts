import { rememberRecent } from '../remember-recent.ts';
import type { Section } from '../../collection/section.ts';
import { tokenise } from '../../collection/tokenise.ts';

type CitedSection = Pick<Section, 'content'>;

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
export function citedSentence(section: CitedSection, claims: readonly string[]): string | null {
  if (claims.length === 0) return null;
  const wanted = claims.map((claim) => new Set(tokenise(claim)));
  let best: { sentence: string; shared: number; share: number } | null = null;
  for (const { sentence, terms } of readSentences(section)) {
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

/** Of the sections that were cited last: many answers are from the same few. */
const readSentences = rememberRecent(
  ({ content }: CitedSection) =>
    sentencesOf(content.slice(0, maxContent))
      .filter(({ length }) => length >= sentenceLength.min && length <= sentenceLength.max)
      .map((sentence) => ({ sentence, terms: new Set(tokenise(sentence)) })),
  64,
);

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
/** What may end a sentence before the end of its line. The segmenter is slow, and most lines are one sentence. */
const innerEnd = /[\p{Sentence_Terminal}\r\u0085\u2028\u2029](?=.)/su;

/** Sentences line by line: an item of a list, a row of a table and a line of code are texts of their own. */
function sentencesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    if (/^\s*(?:[`~]{3,}|\|[\s|:-]*$)/.test(line)) return [];
    const plain = line.replace(/^\s*(?:>|[-*+]|\d+[.)])\s+/, '').trim();
    if (!innerEnd.test(plain)) return plain === '' ? [] : [plain];
    return Array.from(segmenter.segment(plain), ({ segment }) => segment.trim()).filter(Boolean);
  });
}

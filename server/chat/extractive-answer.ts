import { tokenise } from '../collection/tokenise.ts';
import type { Passage } from './protocol.ts';

const extractNotice = 'The assistant cannot write an answer just now. This is what the book says about it:';
const maxQuoteLength = 420;

/**
 * Composes an answer without a model: from each of the best passages the sentences that share most terms with the
 * question, with its source marker. The text says what it is; it is empty without passages.
 */
export function composeExtractiveAnswer({
  message,
  passages,
}: {
  message: string;
  passages: readonly Passage[];
}): { text: string; used: Passage[] } {
  const questionTerms = new Set(tokenise(message));
  const used = passages.slice(0, 3);
  const quotes = used.map(
    ({ section }, index) => `> ${bestSentences(section.content, questionTerms)} [Source ${index + 1}]`,
  );
  return used.length === 0
    ? { text: '', used }
    : { text: `${extractNotice}\n\n${quotes.join('\n\n')}`, used };
}

/** The sentence with the most terms of the question, and what follows it up to the length limit. */
function bestSentences(content: string, questionTerms: ReadonlySet<string>): string {
  const sentences = splitSentences(content);
  const scores = sentences.map(
    (sentence) => new Set(tokenise(sentence).filter((term) => questionTerms.has(term))).size,
  );
  const best = scores.indexOf(Math.max(...scores));
  let text = sentences[best] ?? content;
  for (const next of sentences.slice(best + 1)) {
    if (text.length + next.length > maxQuoteLength) break;
    text += ` ${next}`;
  }
  return text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength).replace(/\s+\S*$/, '')} …` : text;
}

function splitSentences(content: string): string[] {
  const plain = content
    .replaceAll(/^[`~]{3,}.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(plain);
  return Array.from(segments, ({ segment }) => segment.trim()).filter((sentence) => sentence !== '');
}

import { tokenise } from '../collection/tokenise.ts';
import type { Passage } from './protocol.ts';

const extractNotice = 'The assistant cannot write an answer just now. This is what the book says about it:';
const maxQuoteLength = 420;

/**
 * An answer without a model: the sentences of the best passages that share most with the question, each with
 * its marker. Names itself as such. Empty when no passage is given.
 */
export function composeExtractiveAnswer({
  message,
  passages,
}: {
  message: string;
  passages: readonly Passage[];
}): {
  text: string;
  used: Passage[];
} {
  const asked = new Set(tokenise(message));
  const used = passages.slice(0, 3);
  const quotes = used.map(
    ({ section }, index) => `> ${bestSentences(section.content, asked)} [Source ${index + 1}]`,
  );
  return used.length === 0
    ? { text: '', used }
    : { text: `${extractNotice}\n\n${quotes.join('\n\n')}`, used };
}

function bestSentences(content: string, asked: ReadonlySet<string>): string {
  const sentences = sentencesOf(content);
  const scores = sentences.map(
    (sentence) => new Set(tokenise(sentence).filter((term) => asked.has(term))).size,
  );
  const best = scores.indexOf(Math.max(...scores));
  let text = sentences[best] ?? content;
  for (const next of sentences.slice(best + 1)) {
    if (text.length + next.length > maxQuoteLength) break;
    text += ` ${next}`;
  }
  return text.length > maxQuoteLength ? `${text.slice(0, maxQuoteLength).replace(/\s+\S*$/, '')} …` : text;
}

function sentencesOf(content: string): string[] {
  const plain = content
    .replaceAll(/^[`~]{3,}.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(plain);
  return Array.from(segments, ({ segment }) => segment.trim()).filter((sentence) => sentence !== '');
}

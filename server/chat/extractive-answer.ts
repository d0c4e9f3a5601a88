import { tokenise } from '../collection/tokenise.ts';
import type { Passage } from './protocol.ts';

/** Why the model is not asked: its reader is too fast, the server is attacked, or the day's budget is used up. */
export type ModelLimit = 'rate' | 'attack' | 'budget';

const notices = {
  failed: 'The assistant cannot write an answer just now.',
  rate: 'You ask faster than the assistant can write.',
  attack: 'The assistant is asked far more than usual just now, so it writes no answers.',
  budget: 'The assistant has used up its answers for today; it writes again from 00:00 UTC on.',
} as const satisfies Record<ModelLimit | 'failed', string>;
const maxQuoteLength = 420;
/** Characters of a section that are read for its best sentence; what another program stored may be far longer. */
const maxContent = 20_000;

/**
 * Composes an answer without a model: from each of the best passages the sentences that share most terms with the
 * question, with its source marker. The text says what it is, and why; it is empty without passages when the model
 * failed.
 */
export function composeExtractiveAnswer({
  message,
  passages,
  reason,
}: {
  message: string;
  passages: readonly Passage[];
  reason: ModelLimit | 'failed';
}): { text: string; used: Passage[] } {
  const questionTerms = new Set(tokenise(message));
  const used = passages.slice(0, 3);
  const quotes = used.map(
    ({ section }, index) => `> ${bestSentences(section.content, questionTerms)} [Source ${index + 1}]`,
  );
  const notice = notices[reason];
  if (used.length === 0) return { text: reason === 'failed' ? '' : notice, used };
  return { text: `${notice} This is what the book says about it:\n\n${quotes.join('\n\n')}`, used };
}

/** The sentence with the most terms of the question, and what follows it up to the length limit. */
function bestSentences(content: string, questionTerms: ReadonlySet<string>): string {
  const sentences = splitSentences(content.slice(0, maxContent));
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

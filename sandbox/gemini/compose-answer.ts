import { parsePrompt, type PromptPassage } from './parse-prompt.ts';
import { contentStems, synonymGroupOf, weightOf } from './tokenise.ts';

/** The answer when no passage is about the question; the server recognises it. */
export const noAnswer = "I couldn't find relevant information in the book about that.";

const greetingPattern = /^\s*(?:hi|hello|hey|thanks|thank you|good (?:morning|day|evening))\b[\s!.,]*$/i;

/** The share of the question's weight that a relevant passage must contain, 0 to 1. */
const minCoverage = 0.34;
const maxSentences = 4;
/** Weight of a synonym relative to the exact word. */
const synonymShare = 0.6;

/**
 * Composes an answer from the prompt's own sentences: those that share most with the question, each followed by its
 * passage's marker. A prompt without passages is a probe, which is answered with one word.
 */
export function composeAnswer(prompt: string): string {
  const { question, passages } = parsePrompt(prompt);
  if (greetingPattern.test(question)) return 'Hello! Ask me anything about this book.';
  if (passages.length === 0) {
    return /\bcontext\b|\bpassages?\b/i.test(prompt) ? noAnswer : 'Pong.';
  }
  const questionStems = [...new Set(contentStems(question))];
  const total = questionStems.reduce((sum, stem) => sum + weightOf(stem), 0);
  const covers = (text: string): number => {
    const stems = new Set(contentStems(text));
    const families = new Set([...stems].flatMap((stem) => synonymGroupOf(stem) ?? []));
    const share = (stem: string): number => {
      if (stems.has(stem)) return weightOf(stem);
      return families.has(synonymGroupOf(stem) ?? '') ? weightOf(stem) * synonymShare : 0;
    };
    return total === 0 ? 0 : questionStems.reduce((sum, stem) => sum + share(stem), 0) / total;
  };
  const relevant = passages.filter(({ heading, text }) => covers(`${heading}\n${text}`) >= minCoverage);
  const sentences = relevant.flatMap(({ marker, heading, text }) =>
    sentencesOf(text).map((sentence) => ({
      sentence,
      marker,
      score: covers(sentence) + 0.35 * covers(heading) + 0.35 * covers(text),
    })),
  );
  const best = sentences.sort((a, b) => b.score - a.score);
  const floor = (best[0]?.score ?? 0) * 0.72;
  const chosen = best.filter(({ score }) => score > 0 && score >= floor).slice(0, maxSentences);
  if (chosen.length === 0) return answerWithoutMatch(passages);
  return chosen
    .map(({ sentence, marker }) => (marker === null ? sentence : `${sentence} [${marker}]`))
    .join(' ');
}

/** A selected text is explained with its own first sentences, whatever the question is. */
function answerWithoutMatch(passages: PromptPassage[]): string {
  const selected = passages.find(({ marker }) => marker === null);
  return selected === undefined
    ? noAnswer
    : sentencesOf(selected.text).slice(0, 2).join(' ') || selected.text;
}

/** Splits a text into small groups of words, as a model streams them; joined they are the text. */
export function piecesOf(text: string, wordsPerPiece = 4): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const pieces: string[] = [];
  for (let at = 0; at < words.length; at += wordsPerPiece)
    pieces.push(words.slice(at, at + wordsPerPiece).join(''));
  return pieces;
}

function sentencesOf(text: string): string[] {
  const prose = text
    .replaceAll(/```[\s\S]*?(?:```|$)/g, '\n\n')
    .replaceAll(/^\s*(?:[-*+]|\d+\.|#+|>)\s+/gm, '\n')
    .replaceAll(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1');
  return prose
    .split(/\n\s*\n|\n(?=\n)/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .flatMap((paragraph) => paragraph.split(/(?<=[.!?])\s+(?=[\p{Lu}\p{N}"“(`])/u))
    .filter((sentence) => contentStems(sentence).length > 1);
}

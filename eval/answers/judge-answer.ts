import { isRefusal } from '../../server/chat/localise-refusal.ts';
import { significantTerms } from '../../server/collection/significant-terms.ts';
import { tokenise } from '../../server/collection/tokenise.ts';
import type { EvalQuestion } from '../data-set/data-set.ts';
import type { ReceivedAnswer } from './ask-question.ts';

/** Shares from 0 to 1; null where the question or the answer has nothing to measure. */
export type AnswerJudgement = {
  /** By the relevance gate, before a model was asked. */
  isRefusedByGate: boolean;
  /** By the gate or by the model. */
  isRefused: boolean;
  /** It ended with an error. */
  hasFailed: boolean;
  /** Whether the answer says what the reference says; null without a reference. */
  isCorrect: boolean | null;
  /** Cited sections that are relevant. */
  citationPrecision: number | null;
  /** Relevant sections that are cited. */
  citationRecall: number | null;
  /** Sentences that cite nothing, or only sections that do not support them. */
  unsupported: number | null;
};

/** Share of the reference's terms that a correct answer has, besides all of its numbers. */
const leastShare = 0.6;

/** Judges one answer without a model, so that the same answer is always judged the same. */
export function judgeAnswer(
  { relevant, answer: reference }: Pick<EvalQuestion, 'relevant' | 'answer'>,
  { text, sources, strategies, hasFailed }: ReceivedAnswer,
  namesOf: (url: string) => readonly string[],
): AnswerJudgement {
  const isRefusedByGate = strategies.includes('refused');
  const isRefused = isRefusedByGate || isRefusal(text);
  const isAnswerable = relevant.length > 0;
  const isAnswer = !isRefused && !hasFailed;
  const cited = !isAnswer ? [] : citedNumbers(text).flatMap((number) => sources[number - 1] ?? []);
  const names = cited.map(({ url }) => namesOf(url));
  const isRelevant = (names: readonly string[]): boolean =>
    relevant.some((group) => group.some((name) => names.includes(name)));
  const citedGroups = relevant.filter((group) => group.some((name) => names.flat().includes(name)));
  return {
    isRefusedByGate,
    isRefused,
    hasFailed,
    isCorrect: reference === null ? null : isAnswer && says(text, reference),
    citationPrecision: isAnswerable && cited.length > 0 ? share(names.filter(isRelevant), names) : null,
    citationRecall: isAnswerable ? share(citedGroups, relevant) : null,
    unsupported: isAnswer ? unsupportedShare(text, sources) : null,
  };
}

function says(text: string, reference: string): boolean {
  const terms = new Set(tokenise(text));
  const wanted = [...significantTerms(tokenise(reference))];
  const numbers = wanted.filter((term) => /^\d/.test(term));
  const has = (term: string): boolean => terms.has(term);
  return numbers.every(has) && share(wanted.filter(has), wanted) >= leastShare;
}

function citedNumbers(text: string): number[] {
  return [...new Set(Array.from(text.matchAll(/\[Source (\d+)\]/g), ([, number]) => Number(number)))];
}

/** A sentence with the marks after it. A shorter piece is a heading or a label. */
const sentence = /[^.!?\n]{12,}(?:[.!?]+(?=\s|$|\[)|$|\n)(?:\s*\[Source \d+\])*/g;

function unsupportedShare(text: string, sources: ReceivedAnswer['sources']): number | null {
  const sentences = text.match(sentence) ?? [];
  const isSupported = (piece: string): boolean =>
    citedNumbers(piece).some((number) => sources[number - 1]?.supported !== false);
  return sentences.length === 0
    ? null
    : share(
        sentences.filter((piece) => !isSupported(piece)),
        sentences,
      );
}

function share(part: readonly unknown[], whole: readonly unknown[]): number {
  return whole.length === 0 ? 0 : part.length / whole.length;
}

import { expect, it } from 'vitest';
import type { ReceivedAnswer } from '../../../eval/answers/ask-question.ts';
import { judgeAnswer, type AnswerJudgement } from '../../../eval/answers/judge-answer.ts';

const question = {
  relevant: [['/mast#pipe'], ['/mast#guy-wires', '/mast']],
  answer: 'The pipe may be 4 metres tall without guy wires.',
};

function judge(
  text: string,
  answer: Partial<ReceivedAnswer> = {},
  request: typeof question = question,
): AnswerJudgement {
  const sources = [{ url: '/mast#pipe' }, { url: '/rain' }];
  const received = { text, sources, strategies: ['hybrid'], hasFailed: false, ...answer };
  return judgeAnswer(request, received, (url) => [url]);
}

it('is correct with the reference’s numbers and most of its words, whatever their order', () => {
  expect(judge('Without guy wires a pipe of 4 metres is safe. [Source 1]').isCorrect).toBe(true);
  expect(judge('Without guy wires a pipe of 6 metres is safe. [Source 1]').isCorrect).toBe(false);
  expect(judge('It is 4. [Source 1]').isCorrect).toBe(false);
  expect(judge('x', {}, { ...question, answer: null as never }).isCorrect).toBeNull();
});

it('counts what is cited, not what was retrieved', () => {
  expect(judge('Up to 4 metres without help. [Source 1]')).toMatchObject({
    citationPrecision: 1,
    citationRecall: 0.5,
  });
  expect(judge('Up to 4 metres without help. [Source 1][Source 2]').citationPrecision).toBe(0.5);
  expect(judge('Up to 4 metres without help.')).toMatchObject({ citationPrecision: null, citationRecall: 0 });
});

it('finds sentences that cite nothing, or a section that does not say so', () => {
  const sources = [{ url: '/mast#pipe' }, { url: '/rain', supported: false as const }];
  const text =
    'A pipe is safe without wires. [Source 1] It never rusts at all. Rain is wet and cold. [Source 2]';
  expect(judge(text, { sources }).unsupported).toBeCloseTo(2 / 3);
  expect(judge('A pipe is safe without wires [Source 1].', { sources }).unsupported).toBe(0);
});

it('tells the gate’s refusal from the model’s, and takes an error for neither', () => {
  const refusal = "I couldn't find relevant information in the book about that.";
  expect(judge(refusal)).toMatchObject({ isRefused: true, isRefusedByGate: false, isCorrect: false });
  expect(judge(refusal, { strategies: ['hybrid', 'refused'] }).isRefusedByGate).toBe(true);
  expect(judge('Not now.', { hasFailed: true })).toMatchObject({ isRefused: false, hasFailed: true });
});

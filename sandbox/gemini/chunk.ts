import { countTokens } from './tokenise.ts';
import type { AnswerScript } from './state.ts';

type AnswerEnding = NonNullable<AnswerScript['ending']> | 'stop';
/** An answer; it is complete before its first chunk is sent. */
export type GeneratedAnswer = {
  pieces: string[];
  delayMs: number;
  ending: AnswerEnding;
  thoughts: number;
  showThoughts: boolean;
  promptTokens: number;
  modelVersion: string;
  responseId: string;
};

const finishReasons: Readonly<Record<AnswerEnding, string>> = {
  stop: 'STOP',
  'max-tokens': 'MAX_TOKENS',
  safety: 'SAFETY',
  recitation: 'RECITATION',
  other: 'OTHER',
  language: 'LANGUAGE',
  blocked: 'SAFETY',
  'error-chunk': 'STOP',
  'raw-error-chunk': 'STOP',
  cut: 'STOP',
  hang: 'STOP',
  rubbish: 'STOP',
};
/** One `GenerateContentResponse`; with null as text it has no content. */
export function answerChunk(
  answer: GeneratedAnswer,
  {
    text,
    sent,
    last = false,
    thought = false,
  }: { text: string | null; sent: string; last?: boolean; thought?: boolean },
): object {
  const hasNoText = text === null || (text === '' && last);
  const content = hasNoText
    ? { content: { role: 'model' } }
    : { content: { parts: [{ text, ...(thought ? { thought: true } : {}) }], role: 'model' } };
  if (answer.ending === 'blocked') return blockedChunk(answer);
  return {
    candidates: [{ ...content, ...(last ? { finishReason: finishReasons[answer.ending] } : {}), index: 0 }],
    usageMetadata: usage(answer, sent),
    modelVersion: answer.modelVersion,
    responseId: answer.responseId,
  };
}

/** The response to a blocked prompt: no candidate, a reason. */
export function blockedChunk(answer: GeneratedAnswer): object {
  return {
    promptFeedback: {
      blockReason: 'SAFETY',
      safetyRatings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', probability: 'HIGH', blocked: true }],
    },
    usageMetadata: usage(answer, ''),
    modelVersion: answer.modelVersion,
    responseId: answer.responseId,
  };
}

function usage(answer: GeneratedAnswer, sent: string): object {
  const candidates = countTokens(sent);
  return {
    promptTokenCount: answer.promptTokens,
    ...(candidates > 0 ? { candidatesTokenCount: candidates } : {}),
    totalTokenCount: answer.promptTokens + candidates + answer.thoughts,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: answer.promptTokens }],
    ...(answer.thoughts > 0 ? { thoughtsTokenCount: answer.thoughts } : {}),
  };
}

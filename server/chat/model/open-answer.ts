import { randomUUID } from 'node:crypto';
import { composePrompt, type ModelPrompt } from '../prompt.ts';
import type { HistoryEntry, Passage, Question } from '../protocol.ts';
import { answerKey, normaliseQuestion, type AnswerCache } from './answer-cache.ts';
import { askLadder, type LadderChunk, type LadderDeps } from './model-ladder.ts';

/** Where a model's answer comes from: one of the models, or the answer to the same question a moment ago. */
export type AnswerSources = { ladder: Omit<LadderDeps, 'log'>; cache: AnswerCache };

type AnswerRequest = {
  question: Question;
  passages: readonly Passage[];
  history: readonly HistoryEntry[];
  deps: { answerSources: AnswerSources; log: (failure: unknown) => void };
  signal: AbortSignal;
};

/**
 * Opens the model's answer. A question without a history shares the answer of the same question about the same passages,
 * for ten minutes, unless its reader asks again. Throws a ServerFailure as the model fails.
 */
export function openAnswer(request: AnswerRequest): AsyncGenerator<LadderChunk> {
  const { question, history, deps, signal } = request;
  const { ladder, cache } = deps.answerSources;
  // Twelve random digits. Node buffers randomness for UUIDs; `randomBytes` would be a system call each time.
  const prompt = promptOf(request, { message: question.message, nonce: randomUUID().slice(0, 13) });
  const open = (shared: AbortSignal): AsyncGenerator<LadderChunk> =>
    askLadder({ prompt, deps: { ...ladder, log: deps.log }, signal: shared });
  if (history.length > 0) return open(signal);
  const comparable = promptOf(request, { message: normaliseQuestion(question.message), nonce: '' });
  const key = answerKey({ models: ladder.models.map(({ model }) => model.model), prompt: comparable });
  return cache.read(key, { open, isFresh: question.isFresh ?? false, signal });
}

function promptOf(
  { question, passages, history }: AnswerRequest,
  { message, nonce }: { message: string; nonce: string },
): ModelPrompt {
  const selection = question.mode === 'selection' ? question.selection : null;
  return composePrompt({ message, passages, selection, page: question.page, history, nonce });
}

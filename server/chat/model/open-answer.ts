import { createHash, randomUUID } from 'node:crypto';
import { composePrompt, type ModelPrompt } from '../prompt.ts';
import type { HistoryEntry, Passage, Question } from '../protocol.ts';
import { normaliseQuestion, type AnswerCache } from './answer-cache.ts';
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
  const { history, deps, question, signal } = request;
  const { ladder, cache } = deps.answerSources;
  // Composed when a model is asked: an answer on its way keeps no prompt in memory.
  const prompt = (): ModelPrompt => promptOf(request);
  const open = (shared: AbortSignal): AsyncGenerator<LadderChunk> =>
    askLadder({ prompt, deps: { ...ladder, log: deps.log }, signal: shared });
  if (history.length > 0) return open(signal);
  return cache.read(keyOf(request), { open, isFresh: question.isFresh ?? false, signal });
}

function promptOf({ question, passages, history }: AnswerRequest): ModelPrompt {
  const { message, page } = question;
  // Twelve random digits. Node buffers randomness for UUIDs; `randomBytes` would be a system call each time.
  const nonce = randomUUID().slice(0, 13);
  return composePrompt({ message, passages, selection: selectionOf(question), page, history, nonce });
}

/** What the prompts of two questions have in common when they may have one answer; short, as each open answer has one. */
function keyOf({ question, passages, deps }: AnswerRequest): string {
  const models = deps.answerSources.ladder.models.map(({ model }) => model.model);
  const texts = passages.map(({ section: { id, hash, content, url } }) => [id, hash, content.length, url]);
  const message = normaliseQuestion(question.message);
  const key = JSON.stringify([models, message, selectionOf(question), question.page, texts]);
  return createHash('sha256').update(key).digest('base64');
}

function selectionOf({ mode, selection }: Question): string | null {
  return mode === 'selection' ? selection : null;
}

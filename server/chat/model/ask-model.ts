import { ServerFailure } from '../../failure.ts';
import type { UsageLog } from '../budget/usage-log.ts';
import type { AnswerChunk, AnswerModel, FinishReason, TokenUsage } from '../ports.ts';
import type { ModelPrompt } from '../prompt.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { StreamTimeout } from '../resilience/stream-timeout.ts';
import type { ChatSettings } from '../settings.ts';

/** Created once: an `abort()` without a reason would build an error with a stack for every answer. */
const answerFinished = new Error('the answer is over');

type ModelCall = {
  model: AnswerModel;
  breaker: CircuitBreaker;
  deps: { usage: Pick<UsageLog, 'add'>; settings: ChatSettings };
  signal: AbortSignal;
};

/**
 * Streams the model's chunks behind its circuit breaker; throws at once while that is open. An answer that is blocked or empty
 * throws a ServerFailure too, but does not open the breaker.
 */
export function askModel({
  prompt,
  ...call
}: ModelCall & { prompt: ModelPrompt }): AsyncGenerator<AnswerChunk> {
  const began = call.breaker.enter();
  const controller = new AbortController();
  const tokens: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  const onUsage = (usage: TokenUsage): void => void Object.assign(tokens, usage);
  const source = call.model.stream({ prompt, signal: controller.signal, onUsage });
  return streamAnswer({ ...call, source, controller, began, tokens });
}

async function* streamAnswer({
  source,
  controller,
  began,
  tokens,
  breaker,
  deps: { usage, settings },
  signal,
}: Omit<ModelCall, 'model'> & {
  source: AsyncIterable<AnswerChunk>;
  controller: AbortController;
  began: number;
  tokens: TokenUsage;
}): AsyncGenerator<AnswerChunk> {
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const timeout = new StreamTimeout({
    controller,
    idleMs: settings.idleTimeoutMs,
    totalMs: settings.answerTimeoutMs,
  });
  let hasText = false;
  try {
    for await (const chunk of source) {
      timeout.pause();
      const failure = chunk.type === 'end' ? failureOf(chunk.reason, hasText) : null;
      if (failure !== null) throw failure;
      hasText = true;
      yield chunk.type === 'end' ? { ...chunk, usage: tokens } : chunk;
      timeout.resume();
    }
    breaker.succeed();
  } catch (error) {
    if (!signal.aborted) breaker.fail(error, { began });
    throw error;
  } finally {
    timeout.stop();
    usage.add(tokens);
    breaker.cancel();
    signal.removeEventListener('abort', abort);
    controller.abort(answerFinished);
  }
}

/** What is wrong with an answer that ended so; null when nothing is. Only a safety reason is the question's fault. */
function failureOf(reason: FinishReason, hasText: boolean): ServerFailure | null {
  if (reason === 'blocked')
    return new ServerFailure({
      code: 'answer-blocked',
      message: 'Gemini gave no answer to this question.',
      remedy: 'Ask it in other words.',
    });
  const isWhole = reason === 'complete' || reason === 'length';
  if (hasText && isWhole) return null;
  if (hasText)
    return new ServerFailure({
      code: 'answer-unfinished',
      message: `Gemini ended the answer early (${reason}).`,
      remedy: 'Ask again, or about a part of it.',
    });
  const mayDiffer = reason === 'recitation' || reason === 'complete';
  return new ServerFailure({
    code: mayDiffer ? 'answer-empty' : 'answer-not-given',
    message: `Gemini ended without a text (${reason}).`,
    remedy: 'Ask it in other words.',
  });
}

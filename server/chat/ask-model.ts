import { ServerFailure } from '../failure.ts';
import type { AnswerChunk, AnswerModel } from './ports.ts';
import type { ModelPrompt } from './prompt.ts';
import type { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { startStreamTimeout } from './resilience/stream-timeout.ts';
import type { ChatSettings } from './settings.ts';

/** Created once: an `abort()` without a reason would build an error with a stack for every answer. */
const answerFinished = new Error('the answer is over');

type ModelCall = {
  deps: { answerModel: AnswerModel; breakers: { answers: CircuitBreaker }; settings: ChatSettings };
  signal: AbortSignal;
};

/**
 * Streams the model's chunks behind its circuit breaker; throws at once while that is open. A blocked answer throws a
 * ServerFailure too, but does not open the breaker.
 */
export function askModel({
  prompt,
  deps,
  signal,
}: ModelCall & { prompt: ModelPrompt }): AsyncGenerator<AnswerChunk> {
  const began = deps.breakers.answers.enter();
  const controller = new AbortController();
  const source = deps.answerModel.stream({ prompt, signal: controller.signal });
  return streamAnswer({ source, controller, began, deps, signal });
}

async function* streamAnswer({
  source,
  controller,
  began,
  deps: { breakers, settings },
  signal,
}: ModelCall & {
  source: AsyncIterable<AnswerChunk>;
  controller: AbortController;
  began: number;
}): AsyncGenerator<AnswerChunk> {
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const timeout = startStreamTimeout({
    controller,
    idleMs: settings.idleTimeoutMs,
    totalMs: settings.answerTimeoutMs,
  });
  let hasText = false;
  try {
    for await (const chunk of source) {
      timeout.pause();
      if (chunk.type === 'end' && (!hasText || chunk.reason === 'blocked')) throw blockedFailure();
      hasText = true;
      yield chunk;
      timeout.resume();
    }
    breakers.answers.succeed();
  } catch (error) {
    if (!signal.aborted) breakers.answers.fail(error, { began });
    throw error;
  } finally {
    timeout.stop();
    breakers.answers.cancel();
    signal.removeEventListener('abort', abort);
    controller.abort(answerFinished);
  }
}

function blockedFailure(): ServerFailure {
  return new ServerFailure({
    code: 'answer-blocked',
    message: 'Gemini gave no answer to this question.',
    remedy: 'Ask it in other words.',
  });
}

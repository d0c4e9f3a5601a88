import { Failure } from '../failure.ts';
import type { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { startStreamTimeout } from './resilience/stream-timeout.ts';
import type { AnswerModel, AnswerChunk } from './ports.ts';
import type { ModelPrompt } from './prompt.ts';
import type { ChatSettings } from './settings.ts';

/** Made once: a reason of the platform's own comes with a stack each time. */
const answerFinished = new Error('the answer is over');

type ModelCall = {
  parts: { answers: AnswerModel; breakers: { answers: CircuitBreaker }; settings: ChatSettings };
  signal: AbortSignal;
};

/**
 * The model's pieces behind its breaker, which throws at once while it is open; a blocked answer is a failure,
 * but none of the service.
 */
export function askModel({
  prompt,
  parts,
  signal,
}: ModelCall & { prompt: ModelPrompt }): AsyncGenerator<AnswerChunk> {
  const began = parts.breakers.answers.enter();
  const controller = new AbortController();
  const source = parts.answers.stream({ prompt, signal: controller.signal });
  return streamAnswer({ source, controller, began, parts, signal });
}

async function* streamAnswer({
  source,
  controller,
  began,
  parts: { breakers, settings },
  signal,
}: ModelCall & {
  source: AsyncIterable<AnswerChunk>;
  controller: AbortController;
  began: number;
}): AsyncGenerator<AnswerChunk> {
  const leave = (): void => controller.abort(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  const patience = startStreamTimeout({
    controller,
    silenceMs: settings.idleTimeoutMs,
    totalMs: settings.answerTimeoutMs,
  });
  let spoken = false;
  try {
    for await (const piece of source) {
      patience.pause();
      if (piece.type === 'end' && (!spoken || piece.reason === 'blocked')) throw blockedFailure();
      spoken = true;
      yield piece;
      patience.resume();
    }
    breakers.answers.succeed();
  } catch (error) {
    if (!signal.aborted) breakers.answers.fail(error, { began });
    throw error;
  } finally {
    patience.stop();
    breakers.answers.cancel();
    signal.removeEventListener('abort', leave);
    controller.abort(answerFinished);
  }
}

function blockedFailure(): Failure {
  return new Failure({
    code: 'answer-blocked',
    message: 'Gemini gave no answer to this question.',
    remedy: 'Ask it in other words.',
  });
}

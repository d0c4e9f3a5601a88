import { Failure } from '../failure.ts';
import type { Breaker } from './breaker.ts';
import { startPatience } from './patience.ts';
import type { AnswerModel, AnswerPiece } from './ports.ts';
import type { Prompt } from './prompt.ts';
import type { ChatSettings } from './settings.ts';

/** Made once: a reason of the platform's own comes with a stack each time. */
const over = new Error('the answer is over');

type Asking = {
  parts: { answers: AnswerModel; breakers: { answers: Breaker }; settings: ChatSettings };
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
}: Asking & { prompt: Prompt }): AsyncGenerator<AnswerPiece> {
  const began = parts.breakers.answers.enter();
  const controller = new AbortController();
  const source = parts.answers.stream({ prompt, signal: controller.signal });
  return guarded({ source, controller, began, parts, signal });
}

async function* guarded({
  source,
  controller,
  began,
  parts: { breakers, settings },
  signal,
}: Asking & {
  source: AsyncIterable<AnswerPiece>;
  controller: AbortController;
  began: number;
}): AsyncGenerator<AnswerPiece> {
  const leave = (): void => controller.abort(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  const patience = startPatience({
    controller,
    silenceMs: settings.silenceTimeoutMs,
    totalMs: settings.answerTimeoutMs,
  });
  let spoken = false;
  try {
    for await (const piece of source) {
      patience.rest();
      if (piece.type === 'end' && (!spoken || piece.reason === 'blocked')) throw blocked();
      spoken = true;
      yield piece;
      patience.renew();
    }
    breakers.answers.succeed();
  } catch (error) {
    if (!signal.aborted) breakers.answers.fail(error, { began });
    throw error;
  } finally {
    patience.end();
    breakers.answers.leave();
    signal.removeEventListener('abort', leave);
    controller.abort(over);
  }
}

function blocked(): Failure {
  return new Failure({
    code: 'answer-blocked',
    message: 'Gemini gave no answer to this question.',
    remedy: 'Ask it in other words.',
  });
}

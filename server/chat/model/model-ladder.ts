import { ServerFailure } from '../../failure.ts';
import { budgetUsed, type CallBudget } from '../budget/call-budget.ts';
import type { UsageLog } from '../budget/usage-log.ts';
import type { AnswerChunk, AnswerModel } from '../ports.ts';
import { rephrase, type ModelPrompt } from '../prompt.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { isEmptyAnswer } from '../resilience/request-errors.ts';
import type { ChatSettings } from '../settings.ts';
import { askModel } from './ask-model.ts';

/** A model with its own circuit breaker: quotas are counted per model. */
export type LadderStep = { model: AnswerModel; breaker: CircuitBreaker };

/** What the ladder answers: first which model, then its chunks. */
export type LadderChunk = AnswerChunk | { type: 'model'; isSmaller: boolean };

export type LadderDeps = {
  /** The configured model first. */
  models: readonly LadderStep[];
  budget: Pick<CallBudget, 'take'>;
  usage: Pick<UsageLog, 'add'>;
  settings: ChatSettings;
  log: (failure: unknown) => void;
};

const quotaCodes = new Set(['gemini-quota-minute', 'gemini-quota-day', 'gemini-no-quota']);

/**
 * Asks the configured model and, when its quota has ended, a smaller one. Each model asked takes one call of the budget.
 * Throws the first model's ServerFailure, or `budgetUsed`.
 */
export async function* askLadder({
  prompt,
  deps,
  signal,
}: {
  prompt: () => ModelPrompt;
  deps: LadderDeps;
  signal: AbortSignal;
}): AsyncGenerator<LadderChunk> {
  let firstFailure: unknown = null;
  for (const [index, step] of deps.models.entries()) {
    let hasStarted = false;
    try {
      if (step.breaker.openFailure !== null) throw step.breaker.openFailure;
      if (!(await deps.budget.take())) throw budgetUsed;
      for await (const chunk of askAgainIfEmpty({ prompt, ...step, deps, signal })) {
        if (!hasStarted) yield { type: 'model', isSmaller: index > 0 };
        hasStarted = true;
        yield chunk;
      }
      return;
    } catch (error) {
      firstFailure ??= error;
      if (hasStarted || signal.aborted) throw error;
      if (!hasQuotaEnded(error)) break;
      deps.log(error);
    }
  }
  throw firstFailure;
}

/** Asks once more, in other words, a model that stopped without a text or because it recited; that takes a second call. */
async function* askAgainIfEmpty({
  prompt,
  ...call
}: LadderStep & {
  prompt: () => ModelPrompt;
  deps: LadderDeps;
  signal: AbortSignal;
}): AsyncGenerator<AnswerChunk> {
  try {
    yield* askModel({ ...call, prompt: prompt() });
  } catch (error) {
    const { deps, signal } = call;
    if (!isEmptyAnswer(error) || signal.aborted || !(await deps.budget.take())) throw error;
    deps.log(error);
    yield* askModel({ ...call, prompt: rephrase(prompt()) });
  }
}

function hasQuotaEnded(error: unknown): boolean {
  return error instanceof ServerFailure && quotaCodes.has(error.code);
}

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
 * Asks the configured model and, when its quota has ended, a smaller one. A model that stops without a text, or because it
 * recites, is asked once more in other words. Each call takes one of the budget. Throws the first model's ServerFailure, or `budgetUsed`.
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
    let failure: unknown = null;
    for (const compose of [prompt, () => rephrase(prompt())]) {
      let hasStarted = false;
      try {
        if (step.breaker.openFailure !== null) throw step.breaker.openFailure;
        if (!(await deps.budget.take())) throw failure ?? budgetUsed;
        if (failure !== null) deps.log(failure);
        for await (const chunk of askModel({ ...step, prompt: compose(), deps, signal })) {
          if (!hasStarted) yield { type: 'model', isSmaller: index > 0 };
          hasStarted = true;
          yield chunk;
        }
        return;
      } catch (error) {
        if (hasStarted || signal.aborted) throw error;
        failure = error;
      }
      if (!isEmptyAnswer(failure)) break;
    }
    firstFailure ??= failure;
    if (!hasQuotaEnded(failure)) break;
    deps.log(failure);
  }
  throw firstFailure;
}

function hasQuotaEnded(error: unknown): boolean {
  return error instanceof ServerFailure && quotaCodes.has(error.code);
}

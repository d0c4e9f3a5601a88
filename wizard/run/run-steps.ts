import type { Outcome, RunEvent } from '../model/event.ts';
import type { StepId } from '../model/plan.ts';
import type { Done, Earlier, Look } from '../steps/step.ts';
import type { Service } from '../model/service.ts';

type Timed = { now: () => number; signal: AbortSignal };

/** A step that needs no more than this context. */
export type StepOf<C> = {
  id: StepId;
  service: Service;
  look(context: C, earlier: Earlier): Promise<Look>;
};

/**
 * Runs steps in order; each looks again before it changes anything. `check` may refuse what a look found.
 *
 * @throws whatever the first step that fails throws, after its `step-done`.
 */
export async function* runSteps<C extends Timed>({
  context,
  steps,
  earlier: given,
  check,
}: {
  context: C;
  steps: readonly StepOf<C>[];
  /** How steps that ran before these ended. */
  earlier?: Earlier;
  check?: (step: StepId, look: Look) => void;
}): AsyncGenerator<RunEvent, readonly Done[]> {
  const earlier = new Map(given);
  const all: Done[] = [];
  for (const step of steps) {
    context.signal.throwIfAborted();
    const done = yield* runStep({ context, step, earlier, check: check ?? (() => undefined) });
    earlier.set(step.id, done.outcome);
    all.push(done);
  }
  return all;
}

async function* runStep<C extends Timed>({
  context,
  step,
  earlier,
  check,
}: {
  context: C;
  step: StepOf<C>;
  earlier: Earlier;
  check: (step: StepId, look: Look) => void;
}): AsyncGenerator<RunEvent, Done> {
  const { id, service } = step;
  const startedAt = context.now();
  const done = (outcome: Outcome, reason: string): RunEvent => {
    const ms = Math.round(context.now() - startedAt);
    return { type: 'step-done', step: id, service, outcome, reason, ms };
  };
  yield { type: 'step-started', step: id, service };
  try {
    const look = await step.look(context, earlier);
    check(id, look);
    const result = yield* carriedOut(look);
    yield done(result.outcome, result.reason);
    return result;
  } catch (error) {
    context.signal.throwIfAborted();
    yield done('failed', error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function* carriedOut(look: Look): AsyncGenerator<RunEvent, Done> {
  if (look.skip !== null) return { outcome: 'skipped', reason: look.skip };
  if (look.run === null) return { outcome: 'unchanged', reason: look.change.what };
  return yield* look.run();
}

import type { Deployment, Outcome, RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import { stepTitles, type Change, type Plan, type StepId } from '../model/plan.ts';
import type { RunContext } from '../steps/context.ts';
import type { Answer, Done, Look, Step } from '../steps/step.ts';
import { steps } from '../steps/steps.ts';
import { observe } from './observe.ts';

export type Applied = Deployment & {
  /** What the last step asked, and what came back. */
  answer?: Answer;
};

/** What these find changes from minute to minute, and they write nothing of the person's. */
const waiting: ReadonlySet<StepId> = new Set(['await-build', 'await-health', 'prove']);

/**
 * Runs every step in order; each looks again before it changes anything, so nothing is written twice.
 *
 * @throws Failure of the first step that fails, after its `step-done`; `plan-outdated` before a change that the
 * plan did not show.
 */
export async function* apply({
  context,
  plan,
}: {
  context: RunContext;
  plan: Plan;
}): AsyncGenerator<RunEvent, Applied> {
  const earlier = new Map<StepId, Outcome>();
  let answer: Answer | undefined;
  for (const step of steps) {
    context.signal.throwIfAborted();
    const done = yield* runStep({ context, step, plan, earlier });
    earlier.set(step.id, done.outcome);
    answer = done.answer ?? answer;
  }
  const deployment = await observe({ context });
  return answer === undefined ? deployment : { ...deployment, answer };
}

async function* runStep({
  context,
  step,
  plan,
  earlier,
}: {
  context: RunContext;
  step: Step;
  plan: Plan;
  earlier: ReadonlyMap<StepId, Outcome>;
}): AsyncGenerator<RunEvent, Done> {
  const { id, service } = step;
  const startedAt = context.now();
  const done = (outcome: Outcome, reason: string): RunEvent => {
    return {
      type: 'step-done',
      step: id,
      service,
      outcome,
      reason,
      ms: Math.round(context.now() - startedAt),
    };
  };
  yield { type: 'step-started', step: id, service };
  try {
    const look = await step.look(context, earlier);
    const planned = plan.changes.find((change) => change.step === id);
    const isUnplanned = planned?.kind === 'unchanged' && look.change.kind !== 'unchanged';
    if (isUnplanned && !waiting.has(id)) throw outdated(look.change);
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

/** Only what was shown is done. */
function outdated({ step, service, what }: Change): Failure {
  return new Failure({
    code: 'plan-outdated',
    service,
    message: `Something changed since the plan was made. “${stepTitles[step]}” would now do this: ${what}.`,
    remedy: 'Run again: the new plan shows it.',
  });
}

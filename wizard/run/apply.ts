import type { Deployment, RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import { stepTitles, type Change, type Plan, type StepId } from '../model/run/plan.ts';
import type { RunContext } from '../deployment/context.ts';
import type { ProofAnswer, StepPlan } from '../steps/step.ts';
import { stepDependencies, steps } from '../steps/steps.ts';
import { readDeployment } from '../deployment/read-deployment.ts';
import { runSteps } from './run-steps.ts';

export type Applied = Deployment & {
  /** What the last step asked, and what came back. */
  answer?: ProofAnswer;
};

/** What these find changes from minute to minute, and they write nothing of the person's. */
const waiting: ReadonlySet<StepId> = new Set(['await-build', 'await-health', 'prove']);

/**
 * Runs every step; each looks again before it changes anything, so nothing is written twice.
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
  const check = (step: StepId, look: StepPlan): void => {
    const planned = plan.changes.find((change) => change.step === step);
    const isUnplanned = planned?.kind === 'unchanged' && look.change.kind !== 'unchanged';
    if (isUnplanned && !waiting.has(step)) throw outdated(look.change);
  };
  const done = yield* timed(runSteps({ context, steps, needs: stepDependencies, check }), context.journal);
  const answer = done.findLast((one) => one.answer !== undefined)?.answer;
  const deployment = await readDeployment({ context });
  return answer === undefined ? deployment : { ...deployment, answer };
}

/** Each step begins with what it took the last time, and leaves what it took now for the next run. */
async function* timed<T>(
  events: AsyncGenerator<RunEvent, T>,
  journal: RunContext['journal'],
): AsyncGenerator<RunEvent, T> {
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return value;
    if (value.type === 'step-done' && value.outcome === 'changed')
      await journal.keepTime?.(value.step, value.ms);
    const lastMs = value.type === 'step-started' ? journal.took?.[value.step] : undefined;
    yield value.type === 'step-started' && lastMs !== undefined ? { ...value, lastMs } : value;
  }
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

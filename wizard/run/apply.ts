import type { Deployment, RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import { stepTitles, type Change, type Plan, type StepId } from '../model/plan.ts';
import type { RunContext } from '../steps/context.ts';
import type { Answer, Look } from '../steps/step.ts';
import { needs, steps } from '../steps/steps.ts';
import { observe } from './observe.ts';
import { runSteps } from './run-steps.ts';

export type Applied = Deployment & {
  /** What the last step asked, and what came back. */
  answer?: Answer;
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
  const check = (step: StepId, look: Look): void => {
    const planned = plan.changes.find((change) => change.step === step);
    const isUnplanned = planned?.kind === 'unchanged' && look.change.kind !== 'unchanged';
    if (isUnplanned && !waiting.has(step)) throw outdated(look.change);
  };
  const done = yield* runSteps({ context, steps, needs, check });
  const answer = done.findLast((one) => one.answer !== undefined)?.answer;
  const deployment = await observe({ context });
  return answer === undefined ? deployment : { ...deployment, answer };
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

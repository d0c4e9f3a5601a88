import type { RunContext } from '../deployment/context.ts';
import { readDeployment } from '../deployment/read-deployment.ts';
import { Failure } from '../model/failure.ts';
import type { Deployment, RunEvent } from '../model/run/event.ts';
import { stepTitle, type Change, type Plan, type StepId } from '../model/run/plan.ts';
import type { StepPlan } from '../steps/step.ts';
import { stepDependencies, steps } from '../steps/steps.ts';
import { runSteps } from './run-steps.ts';

/** Their plans change from minute to minute, and they write nothing of the user's. */
const volatile: ReadonlySet<StepId> = new Set(['await-build', 'await-health', 'prove']);

/**
 * Runs every step; each inspects again before it changes anything, so nothing is written twice.
 *
 * @throws Failure of the first step that fails, after its `step-done`; `plan-outdated` before a change that the
 *   plan did not show.
 */
export async function* apply({
  context,
  plan,
}: {
  context: RunContext;
  plan: Plan;
}): AsyncGenerator<RunEvent, Deployment> {
  const check = (step: StepId, { change }: StepPlan): void => {
    const planned = plan.changes.find((shown) => shown.step === step);
    const isUnplanned = planned?.kind === 'unchanged' && change.kind !== 'unchanged';
    if (isUnplanned && !volatile.has(step)) throw planOutdated(change);
  };
  yield* withDurations(runSteps({ context, steps, dependencies: stepDependencies, check }), context.journal);
  return readDeployment({ context });
}

/** A step starts with its duration of the last time, and saves that of this time for the next run. */
async function* withDurations(
  events: AsyncGenerator<RunEvent, void>,
  journal: RunContext['journal'],
): AsyncGenerator<RunEvent, void> {
  for await (const event of events) {
    if (event.type === 'step-done' && event.outcome === 'changed')
      await journal.keepTime?.(event.step, event.ms);
    const lastMs = event.type === 'step-started' ? journal.took?.[event.step] : undefined;
    yield event.type === 'step-started' && lastMs !== undefined ? { ...event, lastMs } : event;
  }
}

/** Nothing is done that the plan did not show. */
function planOutdated({ step, service, what }: Change): Failure {
  return new Failure({
    code: 'plan-outdated',
    service,
    message: `Something changed since the plan was made. “${stepTitle({ step, service })}” would now do this: ${what}.`,
    remedy: 'Run again: the new plan shows it.',
  });
}

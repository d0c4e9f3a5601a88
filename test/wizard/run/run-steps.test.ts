import { expect, it } from 'vitest';
import type { RunEvent } from '../../../wizard/model/run/event.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import { stepIds, type StepId } from '../../../wizard/model/run/plan.ts';
import { runSteps, type RunnableStep } from '../../../wizard/run/run-steps.ts';
import { planChange } from '../../../wizard/steps/step.ts';
import { stepDependencies } from '../../../wizard/steps/steps.ts';
import { drain } from '../steps/sandbox-services.ts';

type Context = { now: () => number; signal: AbortSignal };

const broken = new Failure({ code: 'broken', message: 'It broke.', remedy: 'Fix it.' });

/** Steps that end when their gate is opened, in any order. */
function stage() {
  const gates = new Map<StepId, { open: () => void; fail: () => void }>();
  const began: StepId[] = [];
  const stepOf = (id: StepId): RunnableStep<Context> => ({
    id,
    service: 'huggingface',
    inspect: async ({ signal }) =>
      // oxlint-disable-next-line require-yield -- waits without progress
      planChange({ id, service: 'huggingface' }, 'new', '', async function* () {
        began.push(id);
        await new Promise<void>((resolve, reject) => {
          gates.set(id, { open: resolve, fail: () => reject(broken) });
          signal.addEventListener('abort', () => reject(new Error('cut')), { once: true });
        });
        return { outcome: 'changed', reason: '' };
      }),
  });
  const until = async (...ids: StepId[]): Promise<void> => {
    while (!ids.every((id) => gates.has(id))) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { gates, began, stepOf, until };
}

const ends = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'step-done' ? [`${event.step} ${event.outcome} ${event.reason}`] : [],
  );

function run(ids: readonly StepId[], dependencies?: typeof stepDependencies) {
  const it = stage();
  const cancel = new AbortController();
  const context: Context = { now: () => 0, signal: cancel.signal };
  const steps = ids.map(it.stepOf);
  const ended = drain(runSteps({ context, steps, ...(dependencies !== undefined && { dependencies }) }));
  return { ...it, cancel, ended };
}

it('runs independent steps side by side, and the others after their dependencies', async () => {
  const { gates, began, until, ended } = run(stepIds, stepDependencies);
  await until('index-book', 'create-space');
  for (const id of [
    'create-space',
    'set-secrets',
    'set-variables',
    'upload-server',
    'await-build',
  ] as const) {
    await until(id);
    gates.get(id)?.open();
  }
  // Health counts only when the book is indexed too.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(began).not.toContain('await-health');
  gates.get('index-book')?.open();
  for (const id of ['await-health', 'set-frontend-variable', 'redeploy-frontend', 'prove'] as const) {
    await until(id);
    gates.get(id)?.open();
  }
  const { error, events } = await ended;
  expect(error).toBeNull();
  expect(ends(events)).toHaveLength(stepIds.length);
});

it('without dependencies runs each step after the one before it', async () => {
  const { gates, began, until, ended } = run(['index-book', 'create-space']);
  await until('index-book');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(began).toEqual(['index-book']);
  gates.get('index-book')?.open();
  await until('create-space');
  gates.get('create-space')?.open();
  expect((await ended).error).toBeNull();
});

it('aborts the steps beside one that fails, begins no other, and throws its failure', async () => {
  const { gates, began, until, ended } = run(stepIds, stepDependencies);
  await until('index-book', 'create-space');
  gates.get('create-space')?.fail();
  const { error, events } = await ended;
  expect(error).toBe(broken);
  expect(ends(events)).toEqual([
    'create-space failed It broke.',
    'index-book failed ended early, because “Create the Space” failed',
  ]);
  expect(began).toEqual(['index-book', 'create-space']);
});

it('waits for every step of a cancelled run to end, and reports none as failed', async () => {
  const { cancel, until, ended } = run(stepIds, stepDependencies);
  await until('index-book', 'create-space');
  cancel.abort(new Error('cancelled'));
  const { error, events } = await ended;
  expect(error).toMatchObject({ message: 'cancelled' });
  expect(ends(events)).toEqual([]);
});

it('has dependencies without a cycle, so that every step can end', () => {
  const done = new Set<StepId>();
  for (const _ of stepIds)
    for (const id of stepIds) if (stepDependencies[id].every((before) => done.has(before))) done.add(id);
  expect([...done].sort()).toEqual([...stepIds].sort());
});

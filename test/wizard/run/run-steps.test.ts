import { expect, it } from 'vitest';
import type { RunEvent } from '../../../wizard/model/run/event.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import { stepIds, type StepId } from '../../../wizard/model/run/plan.ts';
import { runSteps, type RunnableStep } from '../../../wizard/run/run-steps.ts';
import { planChange } from '../../../wizard/steps/step.ts';
import { stepDependencies } from '../../../wizard/steps/steps.ts';
import { drain } from '../steps/sandbox-services.ts';

type Context = { now: () => number; signal: AbortSignal };

const broken = new Failure({ code: 'broken', message: 'It broke.', remedy: 'Mend it.' });

/** Steps that end when they are let go, in whatever order a test wants. */
function stage() {
  const gates = new Map<StepId, { open: () => void; fail: () => void }>();
  const began: StepId[] = [];
  const stepOf = (id: StepId): RunnableStep<Context> => ({
    id,
    service: 'huggingface',
    inspect: async ({ signal }) =>
      // oxlint-disable-next-line require-yield -- waits, and says nothing
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

function run(ids: readonly StepId[], table?: typeof stepDependencies) {
  const it = stage();
  const cancel = new AbortController();
  const context: Context = { now: () => 0, signal: cancel.signal };
  const steps = ids.map(it.stepOf);
  const ended = drain(runSteps({ context, steps, ...(table === undefined ? {} : { needs: table }) }));
  return { ...it, cancel, ended };
}

it('steps that nothing keeps apart run side by side; the others wait', async () => {
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
  // Health counts only when the book is there too.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(began).not.toContain('await-health');
  gates.get('index-book')?.open();
  for (const id of ['await-health', 'set-frontend-variable', 'redeploy-frontend', 'prove'] as const) {
    await until(id);
    gates.get(id)?.open();
  }
  const { error, result } = await ended;
  expect(error).toBeNull();
  expect(result).toHaveLength(stepIds.length);
});

it('without a table each step waits for the one before it', async () => {
  const { gates, began, until, ended } = run(['index-book', 'create-space']);
  await until('index-book');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(began).toEqual(['index-book']);
  gates.get('index-book')?.open();
  await until('create-space');
  gates.get('create-space')?.open();
  expect((await ended).error).toBeNull();
});

it('a failure ends what runs beside it, begins nothing more, and is the one that is told', async () => {
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

it('a cancelled run waits for every step to end, and calls none of them failed', async () => {
  const { cancel, until, ended } = run(stepIds, stepDependencies);
  await until('index-book', 'create-space');
  cancel.abort(new Error('cancelled'));
  const { error, events } = await ended;
  expect(error).toMatchObject({ message: 'cancelled' });
  expect(ends(events)).toEqual([]);
});

it('the table of needs has no circle, and every step has a way to its end', () => {
  const ended = new Set<StepId>();
  for (const _ of stepIds)
    for (const id of stepIds) if (stepDependencies[id].every((one) => ended.has(one))) ended.add(id);
  expect([...ended].sort()).toEqual([...stepIds].sort());
});

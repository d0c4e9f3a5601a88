/** Ctrl-C as each step begins: one screen with what exists and the command that goes on, and a run that does. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepIds } from '../../wizard/model/run/plan.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let stage: FaultHarness | undefined;
let turn = 0;
beforeAll(async () => void (stage = await startFaultHarness()));
afterAll(() => stage?.close());

it.each(stepIds)('Ctrl-C as %s begins', async (step) => {
  const n = turn++;
  const { events, finished } = await stage!.deploy(n, step);
  expect(finished).toMatchObject({ ok: false, exitCode: 130, failure: { code: 'cancelled' } });
  expect(events.filter(({ type }) => type === 'run-finished')).toHaveLength(1);
  const failed = events.filter((event) => event.type === 'step-done' && event.outcome === 'failed');
  expect(failed).toEqual([]);
  const hasWritten = events.some((event) => event.type === 'notice' && event.code === 'stands');
  const command = events.find((event) => event.type === 'notice' && event.code === 'go-on');
  if (hasWritten)
    expect(command).toMatchObject({ message: expect.stringContaining(`--space ana/book-${n}`) });
  const again = await stage!.deploy(n);
  expect(again.finished, JSON.stringify(again.finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  expect(stage!.spaces(n)).toBe(1);
});

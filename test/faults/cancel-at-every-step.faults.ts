/** Ctrl-C at the start of each step: the run reports what exists and the command to resume, and a second run succeeds. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepIds } from '../../wizard/model/run/plan.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let harness: FaultHarness | undefined;
let turn = 0;
beforeAll(async () => void (harness = await startFaultHarness()));
afterAll(() => harness?.close());

it.each(stepIds)('Ctrl-C at the start of %s', async (step) => {
  const n = turn++;
  const { events, finished } = await harness!.deploy(n, step);
  expect(finished).toMatchObject({ ok: false, exitCode: 130, failure: { code: 'cancelled' } });
  expect(events.filter(({ type }) => type === 'run-finished')).toHaveLength(1);
  const failed = events.filter((event) => event.type === 'step-done' && event.outcome === 'failed');
  expect(failed).toEqual([]);
  const hasWritten = events.some((event) => event.type === 'notice' && event.code === 'stands');
  const command = events.find((event) => event.type === 'notice' && event.code === 'go-on');
  if (hasWritten)
    expect(command).toMatchObject({ message: expect.stringContaining(`--space ana/book-${n}`) });
  const second = await harness!.deploy(n);
  expect(second.finished, JSON.stringify(second.finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  expect(harness!.spaces(n)).toBe(1);
});

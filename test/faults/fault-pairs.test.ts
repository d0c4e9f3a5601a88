/** Each vendor with each kind of fault, and each call of a deployment with one. All cells: `npm run test:faults`. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { checkCell } from './check-cell.ts';
import { calls, kinds, sampledCells, titleOf, vendorOf } from './matrix.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let stage: FaultHarness | undefined;
let turn = 0;
beforeAll(async () => void (stage = await startFaultHarness()));
afterEach(() => stage?.clearFaults());
afterAll(() => stage?.close());

/** What the server asks of vendors, and the driver's own handshake. */
const others = ['gemini.model', 'postgres.connect'];

it('the table names every call that a first deployment makes', async () => {
  stage!.slowBuild(true);
  expect((await stage!.deploy(turn++)).finished).toMatchObject({ ok: true });
  stage!.slowBuild(false);
  expect(stage!.calls().filter((name) => !others.includes(name))).toEqual([...calls]);
});

it.each(sampledCells.map((cell) => [titleOf(cell), cell] as const))('%s', async (_, cell) => {
  await checkCell(stage!, cell, turn++);
});

it('the list has each vendor with each kind, and each call', () => {
  const has = new Set(sampledCells.map(({ call, kind }) => `${vendorOf(call)} ${kind}`));
  for (const vendor of calls.map(vendorOf))
    for (const kind of Object.keys(kinds)) expect(has).toContain(`${vendor} ${kind}`);
  expect(new Set(sampledCells.map(({ call }) => call)).size).toBe(calls.length);
});

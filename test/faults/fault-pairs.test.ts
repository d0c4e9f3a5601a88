/** Each vendor with each kind of fault, and each call with one of them. All cells: `npm run test:faults`. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { checkCell } from './check-cell.ts';
import { calls, kinds, sampledCells, titleOf, vendorOf } from './matrix.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let harness: FaultHarness | undefined;
let turn = 0;
beforeAll(async () => void (harness = await startFaultHarness()));
afterEach(() => harness?.clearFaults());
afterAll(() => harness?.close());

/** Calls of the server, and the database driver's handshake. */
const others = ['gemini.model', 'postgres.connect'];

it('the table contains every call of a first deployment', async () => {
  harness!.slowBuild(true);
  expect((await harness!.deploy(turn++)).finished).toMatchObject({ ok: true });
  harness!.slowBuild(false);
  expect(harness!.calls().filter((name) => !others.includes(name))).toEqual([...calls]);
});

it.each(sampledCells.map((cell) => [titleOf(cell), cell] as const))('%s', async (_, cell) => {
  await checkCell(harness!, cell, turn++);
});

it('the sample contains each vendor with each kind, and each call', () => {
  const has = new Set(sampledCells.map(({ call, kind }) => `${vendorOf(call)} ${kind}`));
  for (const vendor of calls.map(vendorOf))
    for (const kind of Object.keys(kinds)) expect(has).toContain(`${vendor} ${kind}`);
  expect(new Set(sampledCells.map(({ call }) => call)).size).toBe(calls.length);
});

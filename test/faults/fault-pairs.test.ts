/** Each vendor with each kind of fault, and each call with one of them. All cells: `npm run test:faults`. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { checkCell } from './check-cell.ts';
import { calls, createCalls, kinds, sampleOf, titleOf, vendorOf, type CallName } from './matrix.ts';
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

it('and those beside them where cluster and database are created', async () => {
  expect((await harness!.deployCreating(turn++)).finished).toMatchObject({ ok: true });
  const created = harness!.calls().filter((name) => /^(?:neon|qdrant-cloud)\./.test(name));
  expect(created).toEqual([...createCalls]);
});

const cells = [calls, createCalls].flatMap((list: readonly CallName[]) => sampleOf(list));

it.each(cells.map((cell) => [titleOf(cell), cell] as const))('%s', async (_, cell) => {
  await checkCell(harness!, cell, turn++);
});

it('the sample contains each vendor with each kind, and each call', () => {
  const has = new Set(cells.map(({ call, kind }) => `${vendorOf(call)} ${kind}`));
  const all = [...calls, ...createCalls];
  for (const vendor of all.map(vendorOf))
    for (const kind of Object.keys(kinds)) expect(has).toContain(`${vendor} ${kind}`);
  expect(new Set(cells.map(({ call }) => call)).size).toBe(all.length);
});

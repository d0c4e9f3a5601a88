import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { checkCell } from './check-cell.ts';
import { allCells, titleOf } from './matrix.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

/** Cells per harness; more would exceed the Hub’s rate limit, which its stand-in has too. */
const cellsPerHarness = 30;

/** Registers the tests of all cells of some vendors. */
export function registerCells(vendors: readonly string[]): void {
  let harness: FaultHarness | undefined;
  let turn = 0;
  beforeAll(async () => void (harness = await startFaultHarness()));
  afterEach(() => harness?.clearFaults());
  afterAll(() => harness?.close());
  const cells = allCells.filter(({ call }) => vendors.includes(call.split('.')[0] ?? ''));
  it.each(cells.map((cell) => [titleOf(cell), cell] as const))('%s', async (_, cell) => {
    if (turn > 0 && turn % cellsPerHarness === 0) {
      await harness?.close();
      harness = await startFaultHarness();
    }
    await checkCell(harness!, cell, turn++);
  });
}

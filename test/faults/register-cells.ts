import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { checkCell } from './check-cell.ts';
import { allCells, titleOf } from './matrix.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

/** So many cells keep within the Hub’s limit of calls, which its stand-in holds as well. */
const cellsPerHarness = 30;

/** Registers the tests of all cells of some vendors. */
export function registerCells(vendors: readonly string[]): void {
  let stage: FaultHarness | undefined;
  let turn = 0;
  beforeAll(async () => void (stage = await startFaultHarness()));
  afterEach(() => stage?.clearFaults());
  afterAll(() => stage?.close());
  const cells = allCells.filter(({ call }) => vendors.includes(call.split('.')[0] ?? ''));
  it.each(cells.map((cell) => [titleOf(cell), cell] as const))('%s', async (_, cell) => {
    if (turn > 0 && turn % cellsPerHarness === 0) {
      await stage?.close();
      stage = await startFaultHarness();
    }
    await checkCell(stage!, cell, turn++);
  });
}

import { afterAll, afterEach, beforeAll, it } from 'vitest';
import { checkCell } from './cell.ts';
import { everyCell, titleOf } from './matrix.ts';
import { startStage, type Stage } from './stage.ts';

/** So many cells keep within the Hub’s limit of calls, which its stand-in holds as well. */
const cellsAStage = 30;

/** Registers the tests of all cells of some vendors. */
export function everyCellOf(vendors: readonly string[]): void {
  let stage: Stage | undefined;
  let turn = 0;
  beforeAll(async () => void (stage = await startStage()));
  afterEach(() => stage?.mend());
  afterAll(() => stage?.close());
  const cells = everyCell.filter(({ call }) => vendors.includes(call.split('.')[0] ?? ''));
  it.each(cells.map((cell) => [titleOf(cell), cell] as const))('%s', async (_, cell) => {
    if (turn > 0 && turn % cellsAStage === 0) {
      await stage?.close();
      stage = await startStage();
    }
    await checkCell(stage!, cell, turn++);
  });
}

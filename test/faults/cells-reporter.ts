import type { Reporter, TestModule } from 'vitest/node';
import { allCells, titleOf } from './matrix.ts';

/** Prints how many of the required cells were run, and fails the run when one was not. */
export default class CellsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const done = new Set(
      tests.filter((test) => ['passed', 'failed'].includes(test.result().state)).map(({ name }) => name),
    );
    const failed = tests.filter((test) => test.result().state === 'failed').length;
    const missing = allCells.map(titleOf).filter((title) => !done.has(title));
    if (missing.length > 0) process.exitCode = 1;
    const list = missing.length === 0 ? '' : `, missing: ${missing.slice(0, 5).join('; ')}`;
    setImmediate(() =>
      process.stdout.write(
        `faults: ${allCells.length - missing.length} of ${allCells.length} cells done, ${failed} failed${list}\n`,
      ),
    );
  }
}

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { viteBrowserScripts } from './browser-scripts.mjs';
import { splitTests } from './test/split-tests.ts';

const { quick, processes } = splitTests();

/** Where each test is a deployment, longest first. Begun last, one such file would run alone for minutes. */
const long = [/\/test\/faults\//, /\/test\/e2e\//];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((folder) => folder.test(moduleId));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    reporters: ['default', './test/contracts/contracts-reporter.ts', './test/counts-reporter.ts'],
    // Bounds on a hang, not on speed: machines are shared.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two for each of the two cores that are the common case: the longest files wait more than they work.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Without isolation the source is loaded once per worker instead of once per file: half of the time.
      { extends: true, test: { name: 'quick', include: quick, isolate: false } },
      {
        extends: true,
        test: { name: 'processes', include: processes, globalSetup: ['./test/build-first.ts'] },
      },
    ],
  },
});

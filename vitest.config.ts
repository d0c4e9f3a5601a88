import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from './browser-scripts.mjs';
import { splitTests } from './test/split-tests.ts';

const { quick, processes } = splitTests();

export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    reporters: ['default', './test/contracts/contracts-reporter.ts', './test/counts-reporter.ts'],
    // Bounds on a hang, not on speed: machines are shared.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two for each of the two cores that are the common case: the longest files wait more than they work.
    maxWorkers: 4,
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

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    reporters: ['default', './test/contracts/contracts-reporter.ts', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    // Bounds on a hang, not on speed: machines are shared.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two for each of the two cores that are the common case: the longest files wait more than they work.
    maxWorkers: 4,
  },
});

import { defineConfig } from 'vitest/config';

/** Every cell of the fault matrix; `npm test` takes each vendor with each kind. */
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts'],
    reporters: ['dot', './test/faults/cells-reporter.ts', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

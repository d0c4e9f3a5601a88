import { defineConfig } from 'vitest/config';

/** Every cell of the fault matrix; `npm test` takes a sample. */
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts'],
    reporters: ['dot', './test/faults/cells-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

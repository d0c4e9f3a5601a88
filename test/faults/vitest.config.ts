import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from '../../browser-scripts.mjs';

/** Every cell of the fault matrix; `npm test` takes each vendor with each kind. */
export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    include: ['test/faults/*.faults.ts'],
    reporters: ['dot', './test/faults/cells-reporter.ts', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});

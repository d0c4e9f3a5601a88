import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from '../../browser-scripts.mjs';

/** What takes minutes of an owner's tools: the workflow's commands as a runner runs them, a history of commits. */
export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    include: ['test/owner/*.lane.ts'],
    reporters: ['default', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});

import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from '../../browser-scripts.mjs';

export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    include: ['test/browsers/**/*.browser.ts'],
    reporters: ['default', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});

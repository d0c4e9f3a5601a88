import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from '../../browser-scripts.mjs';

export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    include: ['test/sites/**/*.sites.ts'],
    reporters: ['default', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    // Bounds a hang: a site is built twice, and machines differ.
    testTimeout: 900_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});

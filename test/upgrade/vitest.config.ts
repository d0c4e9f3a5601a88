import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from '../../browser-scripts.mjs';

/** Run by `run-upgrade.mjs`, which prepares the earlier build and names its folder in UPGRADE_FROM. */
export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    include: ['test/upgrade/*.upgrade.ts'],
    reporters: ['default', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    // Bounds on a hang: each test deploys, updates and rebuilds.
    testTimeout: 900_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});

import { defineConfig } from 'vitest/config';
import { viteBrowserScripts } from '../../browser-scripts.mjs';

/** What an attacker can send, in two halves: `.quick.ts` takes seconds, `.slow.ts` minutes. */
export default defineConfig({
  plugins: [viteBrowserScripts],
  test: {
    reporters: ['default', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    projects: ['quick', 'slow'].map((name) => ({
      extends: true,
      test: { name, include: [`test/attack/**/*.${name}.ts`] },
    })),
  },
});

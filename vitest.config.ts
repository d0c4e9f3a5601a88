import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    reporters: ['default', './test/contracts/reporter.ts', './test/counts-reporter.ts'],
    globalSetup: ['./test/build-first.ts'],
    // Bounds on a hang, not on speed: machines are shared.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores are the common case; the sandbox and PostgreSQL want one of them.
    maxWorkers: 2,
  },
});

import type { Reporter, TestModule } from 'vitest/node';

/** Prints the counts as the last line, for scripts and people. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    let brokenFiles = 0;
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) brokenFiles += 1;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        counts[state === 'pending' ? 'skipped' : state] += 1;
      }
    }
    const failed = counts.failed + brokenFiles + errors.length;
    // After the summary that the default reporter writes in the same hook.
    setImmediate(() =>
      process.stdout.write(
        `tests: ${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped, ${modules.length} files\n`,
      ),
    );
  }
}

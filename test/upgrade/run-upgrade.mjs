#!/usr/bin/env node
/**
 * The upgrade lane: deployments made by an earlier commit are updated by the present build. Skipped with a reason
 * where the git history does not hold that commit; `--require` makes that an error. Further arguments go to vitest.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingHistory, prepareEarlierBuild } from './earlier-build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const isRequired = process.argv.includes('--require');

const reason = missingHistory(root);
if (reason === null) {
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      join(here, 'vitest.config.ts'),
      ...process.argv.slice(2).filter((argument) => argument !== '--require'),
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, UPGRADE_FROM: prepareEarlierBuild(root) } },
  );
  process.exitCode = status ?? 1;
} else {
  process.stdout.write(`upgrade: skipped, ${reason}\n`);
  process.exitCode = isRequired ? 1 : 0;
}

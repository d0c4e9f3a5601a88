/** Bundles the harness out of TypeScript and runs it: Node 20 reads no types. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { browserScripts } from '../browser-scripts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = join(root, 'node_modules/.cache/rag-space-setup/eval.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['eval/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  plugins: [browserScripts],
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);

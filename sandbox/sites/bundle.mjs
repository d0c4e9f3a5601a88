/**
 * Builds a small site the way its framework's tool fills in variables, with esbuild: `node bundle.mjs KIND`.
 * Create React App replaces `process.env.REACT_APP_*`, Next.js `process.env.NEXT_PUBLIC_*`, Vite
 * `import.meta.env.VITE_*` and `%VITE_*%` in the page; nothing else gets into the browser's code.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const kinds = {
  cra: { prefix: 'REACT_APP_', object: 'process.env', empty: '{}' },
  next: { prefix: 'NEXT_PUBLIC_', object: 'process.env', empty: null },
  vite: { prefix: 'VITE_', object: 'import.meta.env', empty: '{}' },
};
const { prefix, object, empty } = kinds[process.argv[2]];
const known = Object.entries(process.env).filter(([name]) => name.startsWith(prefix));
const define = Object.fromEntries(known.map(([name, value]) => [`${object}.${name}`, JSON.stringify(value)]));
if (empty !== null) define[object] = empty;

mkdirSync('dist/assets', { recursive: true });
await build({
  entryPoints: ['src/main.js'],
  bundle: true,
  format: 'esm',
  minify: true,
  define: { ...define, 'process.env.NODE_ENV': '"production"' },
  entryNames: '[name]-[hash]',
  outdir: 'dist/assets',
  metafile: true,
  logLevel: 'error',
}).then(({ metafile }) => {
  const [script] = Object.keys(metafile.outputs);
  const page = readFileSync('index.html', 'utf8')
    .replace('/src/main.js', `/${script.replace('dist/', '')}`)
    .replaceAll(/%(\w+)%/g, (whole, name) => process.env[name] ?? whole);
  writeFileSync('dist/index.html', page);
});

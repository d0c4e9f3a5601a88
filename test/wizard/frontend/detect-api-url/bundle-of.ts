import { build } from 'esbuild';
import { resolveImport } from '../../../../javascript/resolve-import.ts';

/** The script that a bundler makes of the scripts in `src`: minified, with packages as modules of their own. */
export async function bundleOf(files: Readonly<Record<string, string>>): Promise<string> {
  const scripts = Object.keys(files).filter((path) => /^src\/.*\.[jt]sx?$/.test(path));
  const entry = 'src/entry.js';
  const exports = scripts.map((path, index) => `export * as part${index} from '@site/${path}';`);
  const texts = new Map([...Object.entries(files), [entry, exports.join('\n')] as const]);
  const paths = new Map([...texts.keys()].map((path) => [path, path]));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'cjs',
    jsx: 'automatic',
    target: 'es2020',
    logLevel: 'silent',
    define: { 'process.env.REACT_APP_API_URL': '"https://rag.example.org"', 'process.env.CHAT_URL': '""' },
    plugins: [
      {
        name: 'project',
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
            const own = kind === 'entry-point' ? path : resolveImport(paths, { specifier: path, importer });
            return own === null ? { path, external: true } : { path: own, namespace: 'project' };
          });
          onLoad({ filter: /.*/, namespace: 'project' }, ({ path }) => ({
            contents: texts.get(path) ?? '',
            loader: path.endsWith('.ts') ? 'ts' : 'jsx',
          }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

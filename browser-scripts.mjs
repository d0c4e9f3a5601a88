/**
 * Imports of `./x.script`: the text of `x.ts` and all it imports as one script for browsers. For esbuild, which
 * builds dist/, and for Vite, which runs the tests.
 */
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';

const suffix = /\.script$/;

/** Chromium, Firefox and WebKit of the last three years. */
const target = ['es2022', 'chrome119', 'firefox121', 'safari17'];

async function bundleScript(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    target,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
}

export const browserScripts = {
  name: 'browser-scripts',
  setup(bundler) {
    bundler.onResolve({ filter: suffix }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(suffix, '.ts')),
      namespace: 'browser-script',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'browser-script' }, async ({ path }) => ({
      contents: await bundleScript(path),
      loader: 'text',
    }));
  },
};

export const viteBrowserScripts = {
  name: 'browser-scripts',
  enforce: 'pre',
  resolveId: (source, importer) =>
    suffix.test(source) && importer !== undefined
      ? `\0script:${resolve(dirname(importer), source.replace(suffix, '.ts'))}`
      : undefined,
  load: async (id) =>
    id.startsWith('\0script:')
      ? `export default ${JSON.stringify(await bundleScript(id.slice(8)))}`
      : undefined,
};

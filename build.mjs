/**
 * Builds dist/: the wizard for npx (no runtime dependencies; Ink in its own chunk), the server bundle with everything
 * that is uploaded to a Space, the same server as a function, and the sandbox. `--quiet` prints only errors.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { browserScripts } from './browser-scripts.mjs';
import { licencesFile, licencesOf } from './build-licences.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const quiet = process.argv.includes('--quiet');

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** Bundled CommonJS packages call `require` for Node's modules, which an ES module does not have. */
const requireBanner = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

const stub = (filter, contents) => ({
  name: 'stub',
  setup(bundler) {
    bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: 'stub' }));
    bundler.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents }));
  },
});

/** Ink loads React's developer tools only when DEV is set, which a bundle never does. */
const withoutDevtools = stub(/^react-devtools-core$/, 'export default {}');

/** Fastify loads it at its start, for servers of another kind. */
const withoutHttp2 = stub(/^node:http2$/, 'module.exports = {};');

/** zod's messages in fifty languages: every sentence here is our own. */
const locales = [/zod\/v4\/locales\/index\.js$/, "export { default as en } from './en.js';"];

/** Parts of the server's packages that it does not need. Reading the bundle is most of a start's time. */
const unused = [
  locales,
  // Compilers for JSON schemas; the routes have none, zod checks the input.
  [/@fastify\/ajv-compiler\/index\.js$/, 'module.exports = () => () => () => true;'],
  [/@fastify\/fast-json-stringify-compiler\/index\.js$/, 'module.exports = () => () => JSON.stringify;'],
  // Only asks whether plugins fit this version; there are none.
  [/semver\/index\.js$/, 'module.exports = {};'],
  // Asks for Cloudflare's runtime with a `Response`, for which Node 20 loads its `fetch`.
  [
    /pg\/lib\/stream\.js$/,
    `const { Socket } = require('node:net');
     const { connect } = require('node:tls');
     module.exports = { getStream: () => new Socket(), getSecureStream: connect };`,
  ],
  // Creates collections, which the wizard does.
  [/js-client-rest\/dist\/esm\/index\.js$/, 'export const QdrantClient = undefined;'],
  // Requests without a socket, for tests: nothing calls `inject`.
  [/light-my-request\/index\.js$/, 'module.exports = undefined;'],
];

const without = (name, parts) => ({
  name,
  setup(bundler) {
    for (const [filter, contents] of parts)
      bundler.onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path) }));
  },
});
const withoutUnused = without('without-unused', unused);
const withoutLocales = without('without-locales', [locales]);

/**
 * Characters beyond ASCII as escapes, which the bundler does not write into regular expressions: one such character makes
 * V8 keep and read a whole bundle with two bytes a character.
 */
const inAscii = {
  name: 'in-ascii',
  setup(bundler) {
    bundler.onLoad({ filter: /\/server\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/[^\0-\x7f]/g, escape),
      loader: 'ts',
    }));
  },
};
const escape = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

async function buildWizard() {
  return build({
    ...shared,
    entryPoints: { wizard: 'wizard/main.ts' },
    outdir: 'dist/wizard',
    format: 'esm',
    splitting: true,
    minify: true,
    chunkNames: '[name]-[hash]',
    banner: requireBanner,
    plugins: [browserScripts, withoutDevtools, withoutLocales],
    // Optional native modules of `pg` and `ws`.
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
  });
}

/** The bin: it compares Node's version with the one that package.json asks for, and only then loads the wizard. */
async function buildEntry() {
  const source = await readFile(join(root, 'wizard/entry.js'), 'utf8');
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const needed = engines.node.replace('>=', '');
  const { code } = await transform(source, {
    target: 'es5',
    define: { REQUIRED_NODE: JSON.stringify(needed) },
  });
  await mkdir(join(root, 'dist/wizard'), { recursive: true });
  await writeFile(join(root, 'dist/wizard/main.js'), code);
}

/** Agents are rare, and their protocol's code is a third of the server's: it is loaded with the first one. */
const mcpApart = {
  name: 'mcp-apart',
  setup(bundler) {
    bundler.onResolve({ filter: /\/mcp\/mcp-endpoint\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './mcp.js', external: true } : undefined,
    );
  },
};

async function buildServer() {
  return build({
    ...shared,
    entryPoints: { server: 'server/main.ts' },
    outdir: 'dist/space',
    // CommonJS: the Space has no package.json with a type.
    format: 'cjs',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [browserScripts, inAscii, withoutUnused, withoutHttp2, mcpApart],
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
  });
}

/** The server as a Vercel Function, which is loaded at every cold start: without a source map. */
async function buildFunction() {
  return build({
    ...shared,
    entryPoints: { server: 'server/function.ts' },
    outdir: 'dist/function',
    format: 'cjs',
    minify: true,
    plugins: [browserScripts, inAscii, withoutUnused, withoutHttp2, mcpApart],
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
  });
}

/** Loaded by both servers, each from its own folder: it is uploaded beside them. */
async function buildMcp() {
  return build({
    ...shared,
    entryPoints: { mcp: 'server/mcp/mcp-endpoint.ts' },
    outdir: 'dist/space',
    format: 'cjs',
    minify: true,
    plugins: [withoutUnused],
  });
}

async function buildSandbox() {
  return build({
    ...shared,
    entryPoints: { main: 'sandbox/main.ts', launcher: 'sandbox/vercel/functions/launcher.js' },
    outdir: 'dist/sandbox',
    format: 'esm',
    minify: true,
    banner: requireBanner,
    plugins: [withoutLocales],
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
  });
}

await rm(join(root, 'dist'), { recursive: true, force: true });
const [results] = await Promise.all([
  Promise.all([buildWizard(), buildServer(), buildFunction(), buildMcp(), buildSandbox()]),
  buildEntry(),
]);
const [wizard, server, vercelFunction, mcp, sandbox] = results.map(({ metafile }) => metafile);
await mkdir(join(root, 'dist/space'), { recursive: true });
await Promise.all([
  cp(join(root, 'huggingface-spaces'), join(root, 'dist/space'), { recursive: true }),
  cp(join(root, 'LICENSE'), join(root, 'dist/space/LICENSE')),
  cp(join(root, 'sandbox/book'), join(root, 'dist/sandbox/book'), { recursive: true }),
  cp(join(root, 'wizard/project-file/rag-space.schema.json'), join(root, 'dist/rag-space.schema.json')),
  writeFile(join(root, 'dist/space', licencesFile), await licencesOf(root, [server, mcp])),
  writeFile(
    join(root, 'dist', licencesFile),
    await licencesOf(root, [wizard, server, vercelFunction, mcp, sandbox]),
  ),
]);

if (!quiet) {
  for (const { metafile } of results) {
    for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
      process.stdout.write(`${String(Math.round(bytes / 1024)).padStart(6)} kB  ${path}\n`);
    }
  }
}

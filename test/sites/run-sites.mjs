#!/usr/bin/env node
/**
 * The lane of real tools and a real browser: the sample sites of `sandbox/sites`, built by Docusaurus, Vite and
 * (for the others) esbuild as projects of the sandbox's Vercel. Each is deployed as it is, and the proof must say why
 * it does not work; then its change is made, pushed and rebuilt, and the page's chat in Chromium must get a streamed,
 * cited answer. Tools are installed once, outside of the repository. Names of sites run only those. A site that cannot
 * run is skipped with the reason; `CHROMIUM` names the browser.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const work = join(tmpdir(), 'rag-space-setup-sites');
mkdirSync(work, { recursive: true });

/** A folder with the tool's packages, or null with the reason on stderr. */
function installed(folder, marker, install) {
  const dir = join(work, folder);
  if (existsSync(join(dir, 'node_modules', marker))) return join(dir, 'node_modules');
  try {
    install(dir);
    return join(dir, 'node_modules');
  } catch (error) {
    process.stderr.write(`${folder} could not be installed: ${error.message.split('\n')[0]}\n`);
    return null;
  }
}

const npm = (dir, ...args) =>
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...args], { cwd: dir, stdio: 'ignore' });
const docusaurus = installed('docusaurus', '@docusaurus/core', (dir) => {
  const create = [
    '--yes',
    'create-docusaurus@3.10.2',
    'docusaurus',
    'classic',
    '--javascript',
    '--skip-install',
  ];
  execFileSync('npx', create, { cwd: work, stdio: 'ignore' });
  npm(dir);
});
const vite = installed('vite', 'vite', (dir) => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{"name":"tool","private":true}');
  npm(dir, 'vite@7');
});
const chromium = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));
if (chromium === undefined) process.stderr.write('No Chromium was found: the pages are not opened.\n');

const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
try {
  execFileSync(
    process.execPath,
    [vitest, 'run', '--config', join(root, 'test/sites/vitest.config.ts'), 'test/sites'],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        SITES_DOCUSAURUS: docusaurus ?? '',
        SITES_VITE: vite ?? '',
        SITES_CHROMIUM: chromium ?? '',
        SITES_ONLY: only.join(','),
      },
    },
  );
} catch {
  process.exitCode = 1;
}

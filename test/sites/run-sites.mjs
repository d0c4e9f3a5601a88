#!/usr/bin/env node
/**
 * The lane of real tools and a real browser. First the books of `test/fixtures/sites`, held against what Docusaurus
 * makes of them; then the sample sites of `sandbox/sites`, built by Docusaurus, Vite and (for the others) esbuild as
 * projects of the sandbox's Vercel: each is deployed as it is, and the proof must say why it does not work; then its
 * change is made, pushed and rebuilt, and the page's chat in Chromium must get a streamed, cited answer.
 *
 * Names run those sites alone. What cannot run is skipped, with the reason; `--require` makes that an error, and
 * `--install` fetches Debian's Chromium first. `CHROMIUM` names another browser.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, installChromium } from '../chromium.mjs';
import { modulesOf } from './tools.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

const installing = Promise.all([orNull('docusaurus'), orNull('vite')]);
if (flags.has('--install')) installChromium();
const [docusaurus, vite] = await installing;
const chromium = findChromium();
if (chromium === null) process.stderr.write('No Chromium was found: the pages are not opened.\n');

const isIncomplete = docusaurus === null || vite === null || chromium === null;
if (isIncomplete && flags.has('--require')) {
  process.stderr.write('sites: this machine lacks what the lane needs\n');
  process.exit(1);
}
const isBookRun = only.length === 0 && docusaurus !== null;
if (isBookRun) run([join(here, 'build-sites.mjs')]);
run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(here, 'vitest.config.ts')]);

function run(args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      SITES_DOCUSAURUS: docusaurus ?? '',
      SITES_VITE: vite ?? '',
      SITES_CHROMIUM: chromium ?? '',
      SITES_ONLY: only.join(','),
    },
  });
  if (status !== 0) process.exitCode = 1;
}

async function orNull(tool) {
  try {
    return await modulesOf(tool);
  } catch (error) {
    process.stderr.write(`${tool} could not be installed: ${error.message.split('\n')[0]}\n`);
    return null;
  }
}

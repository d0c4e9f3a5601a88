#!/usr/bin/env node
/**
 * Tests with real build tools and a real browser. First it compares the books in `test/fixtures/sites` with what
 * Docusaurus builds from them. Then it builds the sample sites in `sandbox/sites` with Docusaurus, Vite and (for the
 * others) esbuild as projects of the sandbox's Vercel: each is deployed unchanged, and the proof must say why it does not
 * work; then it is changed, pushed and rebuilt, and its chat in Chromium must get a streamed, cited answer.
 *
 * Names select sites. What cannot run is skipped with the reason; `--require` makes that an error, and `--install`
 * fetches Debian's Chromium first. `CHROMIUM` is the path of another browser.
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
    const reason = (error.stderr || error.message).trim().split('\n').slice(0, 3).join(' ');
    process.stderr.write(`${tool} could not be installed: ${reason}\n`);
    return null;
  }
}

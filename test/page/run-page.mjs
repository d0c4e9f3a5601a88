#!/usr/bin/env node
/**
 * Tests the Space's page in Chromium: the bundle as a Space runs it, behind TLS under a Space's host name, framed by
 * another origin like at Hugging Face. Skipped without Chromium; `--require` makes that an error, `--install` installs
 * Debian's first. `--stills FOLDER` keeps screenshots.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, installChromium } from '../chromium.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
if (args.includes('--install')) install();
const chromium = findChromium();
const openssl = spawnSync('openssl', ['version']).status === 0;

if (chromium === null || !openssl) {
  const missing = chromium === null ? 'Chromium' : 'openssl';
  process.stdout.write(
    `page: skipped, ${missing} is missing (on Debian: apt-get install chromium openssl)\n`,
  );
  process.exitCode = args.includes('--require') ? 1 : 0;
} else {
  const stills = args.includes('--stills') ? resolve(args[args.indexOf('--stills') + 1] ?? '.') : '';
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'test/page/vitest.config.ts');
  const env = { ...process.env, PAGE_CHROMIUM: chromium, PAGE_STILLS: stills };
  const run = spawnSync(process.execPath, [vitest, 'run', '--config', config], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  process.exitCode = run.status ?? 1;
}

/** Installs Debian's packages; openssl creates the certificate. */
function install() {
  installChromium();
  if (spawnSync('openssl', ['version']).status === 0) return;
  execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'openssl'], { stdio: 'ignore' });
}

#!/usr/bin/env node
/**
 * Asks in Debian's Firefox and in WebKitGTK: the chat on the book's pages and the Space's page. A browser that is not
 * there is skipped; `--require` makes that an error, `--install` installs Debian's first. `--stills FOLDER` keeps
 * screenshots.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const packages = ['firefox-esr', 'webkit2gtk-driver', 'xvfb'];
if (args.includes('--install') && Object.values(find()).some((path) => path === '')) install();

const browsers = find();
const missing = Object.keys(browsers).filter((name) => browsers[name] === '');
if (missing.length > 0)
  process.stdout.write(
    `browsers: skipped, ${missing.join(', ')} missing (on Debian: apt-get install ${packages.join(' ')})\n`,
  );
if (missing.length > 0 && args.includes('--require')) process.exitCode = 1;
else if (missing.length === 0) {
  const stills = args.includes('--stills') ? resolve(args[args.indexOf('--stills') + 1] ?? '.') : '';
  const env = {
    ...process.env,
    BROWSERS_FIREFOX: browsers.Firefox,
    BROWSERS_WEBKIT_DRIVER: browsers.WebKitWebDriver,
    BROWSERS_WEBKIT: browsers.MiniBrowser,
    BROWSERS_STILLS: stills,
  };
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const config = join(root, 'test/browsers/vitest.config.ts');
  const run = spawnSync(process.execPath, [vitest, 'run', '--config', config], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  process.exitCode = run.status ?? 1;
}

/** Paths by name; empty for what is not there. */
function find() {
  return {
    Firefox: first('/usr/bin/firefox-esr', '/usr/bin/firefox'),
    WebKitWebDriver: first('/usr/bin/WebKitWebDriver'),
    MiniBrowser: first(...miniBrowsers()),
    Xvfb: first('/usr/bin/Xvfb'),
  };
}

/** WebKitGTK's own browser is in a folder that the processor and the version name. */
function miniBrowsers() {
  return readdirSync('/usr/lib', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: folder }) =>
      readdirSync(join('/usr/lib', folder))
        .filter((name) => name.startsWith('webkit2gtk-'))
        .map((name) => join('/usr/lib', folder, name, 'MiniBrowser')),
    );
}

function first(...paths) {
  return paths.find((path) => existsSync(path)) ?? '';
}

function install() {
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], options);
}

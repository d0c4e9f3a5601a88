#!/usr/bin/env node
/**
 * Builds each site under test/fixtures/sites with a real Docusaurus and holds `expected.json` (page → heading ids)
 * against the result; `--write` writes it anew; names build only those sites. Docusaurus is installed once, outside of the repository:
 * about a minute and 350 MB. `DOCUSAURUS_DIR` names a site whose node_modules serve instead.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '3.10.2';
const sites = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'sites');
const work = join(tmpdir(), 'rag-space-setup-sites');
const shouldWrite = process.argv.includes('--write');

const modules = join(process.env.DOCUSAURUS_DIR ?? installed(), 'node_modules');
let wrong = 0;
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
for (const name of readdirSync(sites).sort()) {
  if (named.length > 0 && !named.includes(name)) continue;
  const expected = join(sites, name, 'expected.json');
  const found = `${JSON.stringify(readBuild(build(name)), null, 2)}\n`;
  const standing = existsSync(expected) ? readFileSync(expected, 'utf8') : '';
  if (shouldWrite) writeFileSync(expected, found);
  else if (found !== standing) wrong += 1;
  const verdict = found === standing ? 'as expected' : shouldWrite ? 'written' : 'differs from expected.json';
  process.stdout.write(`${name}: ${verdict}\n`);
}
process.exitCode = wrong === 0 ? 0 : 1;

function installed() {
  const site = join(work, 'docusaurus');
  if (existsSync(join(site, 'node_modules', '@docusaurus', 'core'))) return site;
  mkdirSync(work, { recursive: true });
  const create = [
    '--yes',
    `create-docusaurus@${version}`,
    'docusaurus',
    'classic',
    '--javascript',
    '--skip-install',
  ];
  execFileSync('npx', create, { cwd: work, stdio: 'inherit' });
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: site, stdio: 'inherit' });
  return site;
}

function build(name) {
  const dir = join(work, name);
  rmSync(dir, { recursive: true, force: true });
  cpSync(join(sites, name), dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name, private: true }));
  symlinkSync(modules, join(dir, 'node_modules'), 'dir');
  // Docusaurus caches beside the packages, and one site must not see another's.
  rmSync(join(modules, '.cache'), { recursive: true, force: true });
  const cli = join(modules, '@docusaurus', 'core', 'bin', 'docusaurus.mjs');
  execFileSync(process.execPath, [cli, 'build'], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(dir, 'build');
}

/** Every listed docs page: its canonical path, decoded, and the ids of its headings in order. */
function readBuild(dir) {
  const pages = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.html')) continue;
    const html = readFileSync(join(entry.path, entry.name), 'utf8');
    const article = /<div class="theme-doc-markdown markdown">[\s\S]*?<\/article>/.exec(html)?.[0];
    if (article === undefined || /theme-unlisted-banner/.test(html)) continue;
    const canonical = /<link[^>]*rel="canonical"[^>]*href="([^"]+)"/.exec(html)?.[1] ?? '';
    const ids = [...article.matchAll(/<h[1-6]\b[^>]*?\sid="([^"]+)"/g)].map(([, id]) => decoded(id));
    // The heading over the footnotes is the renderer's own.
    const own = ids.filter((id) => id !== 'footnote-label');
    pages[decodeURI(decoded(canonical).replace(/^https:\/\/[^/]+/, ''))] = own;
  }
  return Object.fromEntries(Object.entries(pages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function decoded(text) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name) => names[name]);
}

#!/usr/bin/env node
/**
 * Builds each site under test/fixtures/sites with a real Docusaurus and holds `expected.json` (page → heading ids)
 * against the result; `--write` writes it anew; names build only those sites. `DOCUSAURUS_DIR` names a site whose
 * node_modules serve instead of those that are installed.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { modulesOf, work } from './tools.mjs';

const sites = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'sites');
const shouldWrite = process.argv.includes('--write');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const names = readdirSync(sites)
  .sort()
  .filter((name) => named.length === 0 || named.includes(name));

const { DOCUSAURUS_DIR } = process.env;
const modules =
  DOCUSAURUS_DIR === undefined ? await modulesOf('docusaurus') : join(DOCUSAURUS_DIR, 'node_modules');
const atOnce = 2;
for (let at = 0; at < names.length; at += atOnce) {
  const verdicts = await Promise.all(names.slice(at, at + atOnce).map(check));
  if (verdicts.includes(false)) process.exitCode = 1;
}

async function check(name) {
  const expected = join(sites, name, 'expected.json');
  const found = `${JSON.stringify(readBuild(await build(name)), null, 2)}\n`;
  const standing = existsSync(expected) ? readFileSync(expected, 'utf8') : '';
  const isAsExpected = found === standing;
  if (shouldWrite) writeFileSync(expected, found);
  const verdict = isAsExpected ? 'as expected' : shouldWrite ? 'written' : 'differs from expected.json';
  process.stdout.write(`${name}: ${verdict}\n`);
  return isAsExpected || shouldWrite;
}

async function build(name) {
  const dir = join(work, `book-${name}`);
  rmSync(dir, { recursive: true, force: true });
  cpSync(join(sites, name), dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name, private: true }));
  symlinkSync(modules, join(dir, 'node_modules'), 'dir');
  const cli = join(modules, '@docusaurus', 'core', 'bin', 'docusaurus.mjs');
  // Its cache lies beside the packages, and one site must not see another's.
  const env = { ...process.env, DOCUSAURUS_NO_PERSISTENT_CACHE: '1' };
  await promisify(execFile)(process.execPath, [cli, 'build', '--no-minify'], { cwd: dir, env });
  return join(dir, 'build');
}

/**
 * Every listed docs page: its canonical path, decoded, and the ids of its headings in order. Quotes that HTML does not
 * need may be gone.
 */
function readBuild(dir) {
  const pages = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.html')) continue;
    const html = readFileSync(join(entry.path, entry.name), 'utf8');
    const article = /<div class="theme-doc-markdown markdown">[\s\S]*?<\/article>/.exec(html)?.[0];
    if (article === undefined || /theme-unlisted-banner/.test(html)) continue;
    const canonical = /<link[^>]*rel="?canonical"?[^>]*?href=("[^"]+"|[^"\s>]+)/.exec(html)?.[1] ?? '';
    const ids = [...article.matchAll(/<h[1-6]\b[^>]*?\sid=("[^"]+"|[^"\s>]+)/g)].map(([, id]) =>
      decoded(bare(id)),
    );
    // The heading over the footnotes is the renderer's own.
    const own = ids.filter((id) => id !== 'footnote-label');
    pages[decodeURI(decoded(bare(canonical)).replace(/^https:\/\/[^/]+/, ''))] = own;
  }
  return Object.fromEntries(Object.entries(pages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function bare(text) {
  return text.replaceAll('"', '');
}

function decoded(text) {
  const names = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" };
  return text.replaceAll(/&(amp|lt|gt|quot|#x27|#39);/g, (_, name) => names[name]);
}

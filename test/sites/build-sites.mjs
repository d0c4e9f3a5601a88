#!/usr/bin/env node
/**
 * Builds each site under test/fixtures/sites with a real Docusaurus, and `text` with older ones too, and compares the
 * result with `expected.json` (page → heading ids, in reading order). `--write` overwrites that file; names select sites.
 * `DOCUSAURUS_DIR` is a site whose node_modules are used instead of installing Docusaurus.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DomUtils, parseDocument } from 'htmlparser2';
import { docusaurusVersionOf, modulesOf, work } from './tools.mjs';

const sites = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'sites');
const shouldWrite = process.argv.includes('--write');
const selected = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const names = readdirSync(sites)
  .sort()
  .filter((name) => selected.length === 0 || selected.includes(name));

const { DOCUSAURUS_DIR } = process.env;
/** This site's pages are read alike by every version. */
const olderTools = { text: ['docusaurus-2', 'docusaurus-3.9'] };
const builds = names.flatMap((name) =>
  ['docusaurus', ...(olderTools[name] ?? [])].map((tool) => ({ name, tool })),
);
const atOnce = 2;
const verdicts = [];
for (let at = 0; at < builds.length; at += atOnce) {
  verdicts.push(...(await Promise.all(builds.slice(at, at + atOnce).map(check))));
}
const failed = verdicts.filter((isAsExpected) => !isAsExpected).length;
process.stdout.write(`books: ${verdicts.length - failed} passed, ${failed} failed, 0 skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function check({ name, tool }) {
  const expected = join(sites, name, 'expected.json');
  const actual = `${JSON.stringify(readBuild(await build(name, tool)), null, 2)}\n`;
  const current = existsSync(expected) ? readFileSync(expected, 'utf8') : '';
  const isAsExpected = actual === current;
  if (shouldWrite) writeFileSync(expected, actual);
  const verdict = isAsExpected ? 'as expected' : shouldWrite ? 'written' : 'differs from expected.json';
  process.stdout.write(`${name} (${tool}): ${verdict}\n`);
  return isAsExpected || shouldWrite;
}

async function build(name, tool) {
  const isNewest = tool === 'docusaurus';
  const modules =
    isNewest && DOCUSAURUS_DIR !== undefined ? join(DOCUSAURUS_DIR, 'node_modules') : await modulesOf(tool);
  const dir = join(work, isNewest ? `book-${name}` : `book-${name}-${tool}`);
  rmSync(dir, { recursive: true, force: true });
  cpSync(join(sites, name), dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), manifest({ name, tool }));
  symlinkSync(modules, join(dir, 'node_modules'), 'dir');
  const cli = join(modules, '@docusaurus', 'core', 'bin', 'docusaurus.mjs');
  // The cache is next to the packages; sites must not share it.
  const env = { ...process.env, DOCUSAURUS_NO_PERSISTENT_CACHE: '1' };
  await promisify(execFile)(process.execPath, [cli, 'build', '--no-minify'], { cwd: dir, env });
  return join(dir, 'build');
}

/** The indexer reads a site by the version that its manifest names. */
function manifest({ name, tool }) {
  const dependencies = { '@docusaurus/core': docusaurusVersionOf(tool) };
  return JSON.stringify({ name, private: true, dependencies });
}

/**
 * Every listed docs page: its decoded canonical path and the ids of its headings in order. Pages are in the order of
 * their “next” links.
 */
function readBuild(dir) {
  const pages = new Map();
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.html')) continue;
    const document = parseDocument(readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    const article =
      findOne(document, ({ attribs }) => classes(attribs).includes('theme-doc-markdown')) ??
      findOne(document, ({ attribs }) =>
        classes(attribs).some((name) => name.startsWith('generatedIndexPage')),
      );
    if (
      article === null ||
      findOne(document, ({ attribs }) => classes(attribs).includes('theme-unlisted-banner'))
    )
      continue;
    const canonical = findOne(document, ({ attribs }) => attribs.rel === 'canonical')?.attribs.href ?? '';
    const next = findOne(document, ({ attribs }) => classes(attribs).includes('pagination-nav__link--next'));
    const headings = DomUtils.findAll(
      ({ name, attribs }) => /^h[1-6]$/.test(name) && attribs.id,
      article.children,
    );
    // The heading over the footnotes is the renderer's own.
    const ids = headings.map(({ attribs }) => attribs.id).filter((id) => id !== 'footnote-label');
    pages.set(decodeURI(new URL(canonical).pathname), { ids, next: next && decodeURI(next.attribs.href) });
  }
  const followed = new Set([...pages.values()].map(({ next }) => bare(next)));
  const byPath = new Map([...pages.keys()].map((path) => [bare(path), path]));
  const ordered = new Set();
  for (const head of [...pages.keys()].sort().filter((path) => !followed.has(bare(path))))
    for (
      let path = head;
      path !== undefined && !ordered.has(path);
      path = byPath.get(bare(pages.get(path).next))
    )
      ordered.add(path);
  return Object.fromEntries([...ordered].map((path) => [path, pages.get(path).ids]));
}

function findOne(document, test) {
  return DomUtils.findOne(test, document.children);
}

function classes({ class: names = '' }) {
  return names.split(/\s+/);
}

function bare(path) {
  return path?.replace(/(?<=.)\/$/, '');
}

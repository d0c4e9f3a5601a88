import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readLiveBook } from '../../indexer/crawl/read-live-book.ts';
import { serveSite } from '../indexer/crawl/serve-site.ts';

/** Where `build-sites.mjs` builds. */
const builds = join(tmpdir(), 'rag-space-setup-sites');
/** The books are built when the whole lane runs. */
const { SITES_DOCUSAURUS = '', SITES_ONLY = '' } = process.env;
const isBuilt = SITES_DOCUSAURUS !== '' && SITES_ONLY === '';
const { signal } = new AbortController();

const sites = [
  { name: 'torture', origin: 'https://torture.example.com', base: '/', has: /./ },
  { name: 'root', origin: 'https://root.example.com', base: '/', has: /./ },
  { name: 'repository', origin: 'https://someone.example.com', base: '/repo/', has: /./ },
  // One language has one sitemap, and of its versions the last is read.
  { name: 'versions', origin: 'https://versions.example.com', base: '/', has: /^\/docs\/(?!next|old)/ },
] as const;

/** A build as its host serves it, under an address of its own: a page also without its `index.html` or `.html`. */
function files(dir: string, { origin, base }: { origin: string; base: string }): Record<string, string> {
  const served: Record<string, string> = {};
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:html|xml)$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `${base}${relative(dir, file).replaceAll('\\', '/')}`;
    const text = readFileSync(file, 'utf8').replaceAll(origin, '{origin}');
    for (const address of [
      path,
      path.replace(/\/index\.html$/, '/'),
      path.replace(/(?:\/index)?\.html$/, ''),
    ])
      served[address] = text;
  }
  return served;
}

test.runIf(isBuilt).each(sites)(
  '$name, read live, has the pages, ids and order of its build',
  async ({ name, has, ...site }) => {
    const build = join(builds, `book-${name}`, 'build');
    const expected = JSON.parse(readFileSync(`test/fixtures/sites/${name}/expected.json`, 'utf8')) as Record<
      string,
      string[]
    >;
    const { origin } = await serveSite(files(build, site));
    const address = new URL(site.base, origin);
    const book = await readLiveBook({ address, fetch, sleep: async () => undefined, signal });
    expect(Array.from(book.pages, ({ url, anchors }) => [url, anchors])).toEqual(
      Object.entries(expected).filter(([url]) => has.test(url)),
    );
  },
);

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';

const { signal } = new AbortController();

/** The ids of every page in a build of the site, written by `test/sites/build-sites.mjs`. */
function builtPages(name: string): { [url: string]: string[] } {
  return JSON.parse(readFileSync(`test/fixtures/sites/${name}/expected.json`, 'utf8')) as {
    [url: string]: string[];
  };
}

async function readPages(name: string): Promise<{ [url: string]: string[] }> {
  const site = await findBook({ dir: `test/fixtures/sites/${name}`, signal });
  if (site === null) throw new Error(`no site ${name}`);
  expect(site.configWarnings).toEqual([]);
  const { pages } = await readBook({ site, selection: { versions: 'all', locales: 'all' }, signal });
  return Object.fromEntries(Array.from(pages, ({ url, anchors }) => [url, anchors]));
}

describe('pages, anchors and reading order are those of a build', () => {
  test.each(['torture', 'root', 'repository', 'text'])('%s', async (name) => {
    const built = builtPages(name);
    expect(Object.keys(built).length).toBeGreaterThan(3);
    const pages = await readPages(name);
    expect(pages).toEqual(built);
    expect(Object.keys(pages)).toEqual(Object.keys(built));
  });

  test('versions and locales of several plugins, each page once', async () => {
    const built = Object.entries(builtPages('editions'));
    const pages = await readPages('editions');
    expect(Object.keys(pages).length).toBeGreaterThan(12);
    expect(built).toEqual(expect.arrayContaining(Object.entries(pages)));
  });

  test('versions and locales, with a page that is not translated indexed once', async () => {
    const built = Object.entries(builtPages('versions'));
    const translated = built.filter(([url]) => !/^\/fr\/.*only-english/.test(url));
    expect(translated).toHaveLength(9);
    expect(await readPages('versions')).toEqual(Object.fromEntries(translated));
  });
});

import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { buildFolder } from '../../indexer/verify/built-site.ts';
import { missingPercent, verifyBook } from '../../indexer/verify/verify-book.ts';

/** Where `build-sites.mjs` builds; the books are built when the whole lane runs. */
const builds = join(tmpdir(), 'rag-space-setup-sites');
const { SITES_DOCUSAURUS = '', SITES_ONLY = '' } = process.env;
const isBuilt = SITES_DOCUSAURUS !== '' && SITES_ONLY === '';
const names = existsSync(builds) ? readdirSync(builds).filter((name) => name.startsWith('book-')) : [];
const { signal } = new AbortController();

/** Percent of a built page's words that no section may have. */
const maxMissing = 0.5;

test.runIf(isBuilt)('there are built books to compare', () => {
  expect(names.length).toBeGreaterThan(0);
});

test.runIf(isBuilt).each(names)('%s: the words of its build are those of its sections', async (name) => {
  const dir = join(builds, name);
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error(`no site in ${dir}`);
  const book = await readBook({ site, signal });
  const built = buildFolder(join(dir, 'build'), site.baseUrl);
  const { missing, words, extra } = await verifyBook({ book, built, signal });
  const lossy = words.filter((page) => page.components.length === 0 && missingPercent(page) > maxMissing);
  expect({ missing, extra, lossy }).toEqual({ missing: [], extra: [], lossy: [] });
  const apart = words.filter(({ components }) => components.length > 0);
  for (const { url, missing: lost, components } of apart)
    process.stdout.write(
      `${name}: ${url}: ${lost.length} words in ${components.join(', ')}: ${lost.join(' ')}\n`,
    );
});

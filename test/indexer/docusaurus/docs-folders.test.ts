import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { expandBook } from '../expand-book.ts';
import { temporaryBook, temporaryFolder } from '../temporary-book.ts';

const { signal } = new AbortController();

test('warns about a docs folder that does not exist', async () => {
  const dir = await temporaryFolder({
    'docusaurus.config.js':
      "export default { title: 'T', presets: [['classic', { docs: { path: 'guide' } }]] };",
    'docs/a.md': 'A.',
  });
  expect(await findBook({ dir, signal })).toMatchObject({
    folders: [],
    configWarnings: ['the docs folder guide does not exist'],
  });
});

test('reads docs outside the site, with sources relative to the site', async () => {
  const dir = await temporaryFolder({
    'site/docusaurus.config.js':
      "export default { title: 'T', presets: [['classic', { docs: { path: '../site-docs' } }]] };",
    'site-docs/a.md': 'A.',
  });
  await writeFile(join(dir, 'site-docs/b.md'), Buffer.from('\uFEFFB.', 'utf16le'));
  const site = await findBook({ dir: join(dir, 'site'), signal });
  const book = expandBook(await readBook({ site: site!, signal }));
  expect(book.sections.map(({ source, url }) => [source, url])).toEqual([['../site-docs/a.md', '/docs/a']]);
  expect(book.unreadable.map(({ source }) => source)).toEqual(['../site-docs/b.md']);
});

test('lets the default language override pages, and ignores translations of an untranslated language', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': `export default { title: 'T', i18n: { defaultLocale: 'en', locales: ['en', 'fr', 'de'],
      localeConfigs: { de: { translate: false } } } };`,
    'docs/a.md': 'Replaced.',
    'docs/b.md': 'Another page.',
    'i18n/en/docusaurus-plugin-content-docs/current/a.md': 'Displayed.',
    'i18n/fr/docusaurus-plugin-content-docs/current/a.md': 'En fran\u00e7ais.',
    'i18n/de/docusaurus-plugin-content-docs/current/a.md': 'Auf Deutsch.',
  });
  expect(book.sections.map(({ url, content }) => [url, content])).toEqual([
    ['/docs/a', 'Displayed.'],
    ['/docs/b', 'Another page.'],
    ['/fr/docs/a', 'En fran\u00e7ais.'],
  ]);
  expect(book.pages[0]?.source).toBe('i18n/en/docusaurus-plugin-content-docs/current/a.md');
});

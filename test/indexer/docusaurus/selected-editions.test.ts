import { expect, test } from 'vitest';
import { unknownChoices, type BookSelection } from '../../../indexer/book-selection.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { expectedStamp } from '../../../indexer/sync/section-fingerprints.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { temporaryBook } from '../temporary-book.ts';

const { signal } = new AbortController();
const embedder = { model: 'gemini-embedding-2', dimensions: 768 };

async function versionsBook(selection?: BookSelection): Promise<ExpandedBook> {
  const site = await findBook({ dir: 'test/fixtures/sites/versions', signal });
  if (site === null) throw new Error('no site');
  return expandBook(await readBook({ site, ...(selection && { selection }), signal }));
}

const pagesOf = ({ pages }: ExpandedBook): string[] => pages.map(({ url }) => url).toSorted();

test('without a choice, the version that readers see first in all its languages', async () => {
  const book = await versionsBook();
  expect(pagesOf(book)).toEqual(['/docs/only-english', '/docs/start', '/fr/docs/start']);
  expect(book.skipped).toContainEqual({
    source: 'versioned_docs/version-1.0',
    reason: '2 pages of version 1.0: only the version at / is indexed',
  });
});

test('chosen versions are indexed besides the one that readers see first, by name or label', async () => {
  const old = await versionsBook({ versions: ['1.0'], locales: 'all' });
  expect(pagesOf(old)).toEqual([
    '/docs/old/only-english',
    '/docs/old/start',
    '/docs/only-english',
    '/docs/start',
    '/fr/docs/old/start',
    '/fr/docs/start',
  ]);
  expect(old.sections.filter(({ version }) => version === '1.0').every(({ url }) => /old/.test(url))).toBe(
    true,
  );
  const next = await versionsBook({ versions: ['next'], locales: ['EN'] });
  expect(pagesOf(next)).toEqual([
    '/docs/next/only-english',
    '/docs/next/start',
    '/docs/only-english',
    '/docs/start',
  ]);
  expect(next.skipped.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([
      '2 pages of version 1.0 in en: not chosen',
      '1 pages in fr: not one of the chosen languages',
    ]),
  );
});

test('the sections of the version that readers see first are the same whatever else is chosen', async () => {
  const [plain, all] = await Promise.all([versionsBook(), versionsBook({ versions: 'all', locales: 'all' })]);
  const textOf = ({ sections }: ExpandedBook): unknown =>
    sections
      .filter(({ version }) => version === '2.0')
      .map(({ id, url, content, headings, source, lines }) => ({
        id,
        url,
        content,
        headings,
        source,
        lines,
      }));
  expect(plain.sections).toHaveLength(3);
  expect(textOf(all)).toEqual(textOf(plain));
});

test('the stamp says where each edition is published, and how much of it is indexed', async () => {
  const { editions = [] } = expectedStamp({
    book: await versionsBook({ versions: ['1.0'], locales: 'all' }),
    embedder,
  });
  expect(editions.map(({ path, label, locale, sections }) => [path, label, locale, sections])).toEqual([
    ['/docs/next', 'Next', 'en', 0],
    ['/docs/', '2.0', 'en', 2],
    ['/docs/old', '1.0', 'en', 2],
    ['/fr/docs/next', 'Next', 'fr', 0],
    ['/fr/docs/', '2.0', 'fr', 1],
    ['/fr/docs/old', '1.0', 'fr', 1],
  ]);
  expect(editions.at(-1)).toMatchObject({
    translates: '/docs/old',
    folder: 'i18n/fr/docusaurus-plugin-content-docs/version-1.0',
  });
});

test('the stamp of a book with one edition says nothing of editions', async () => {
  const book = await temporaryBook({ 'docusaurus.config.js': 'export default {};', 'docs/a.md': 'A.' });
  expect(expectedStamp({ book, embedder })).not.toHaveProperty('editions');
});

test('a language without a translation shows the default one', async () => {
  const { editions } = await temporaryBook({
    'docusaurus.config.js': `export default { i18n: { defaultLocale: 'en', locales: ['en', 'fr', 'de'],
      localeConfigs: { de: { translate: false } } } };`,
    'docs/a.md': 'A.',
    'i18n/de/docusaurus-plugin-content-docs/current/a.md': 'Auf Deutsch.',
  });
  expect(editions.map(({ path, translates, sections }) => [path, translates, sections])).toEqual([
    ['/docs/', null, 1],
    ['/fr/docs/', '/docs/', 0],
    ['/de/docs/', '/docs/', 0],
  ]);
});

test('names the choices that the book does not have', async () => {
  const { editions } = await versionsBook();
  expect(unknownChoices(editions, { versions: ['1.0', 'Next', '3.0'], locales: ['fr', 'de'] })).toEqual({
    versions: ['3.0'],
    locales: ['de'],
  });
});

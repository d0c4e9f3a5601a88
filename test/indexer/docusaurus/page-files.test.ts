import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { temporaryBook, temporaryFolder } from '../temporary-book.ts';

const config = { 'docusaurus.config.js': "export default { title: 'T' };" };
const { signal } = new AbortController();

async function bookIn(dir: string): Promise<ExpandedBook> {
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error('no book');
  return expandBook(await readBook({ site, signal }));
}

function urlsOf(book: ExpandedBook): string[] {
  return book.pages.map(({ url }) => url).sort();
}

test('follows links within the repository, and lists those that lead elsewhere', async () => {
  const outside = await temporaryFolder({ 'private.md': 'A private note.' });
  const dir = await temporaryFolder({
    '.git/HEAD': '',
    '.env.md': 'A key.',
    'CHANGELOG.md': 'What changed.',
    'parts/one.md': 'One.',
    'site/docusaurus.config.js': config['docusaurus.config.js'],
    'site/docs/a.md': 'A.',
    'site/docs/page.mdx': "import P from './_p.mdx';\n\nIts own text.\n\n<P />\n",
  });
  const links = {
    'changes.md': '../../CHANGELOG.md',
    parts: '../../parts',
    loop: '.',
    'gone.md': 'nowhere.md',
    'private.md': join(outside, 'private.md'),
    'hidden.md': '../../.env.md',
    private: outside,
    'picture.png': 'nowhere.png',
    '_p.mdx': join(outside, 'private.md'),
  };
  await mkdir(join(dir, 'parts/more'));
  for (const [name, target] of Object.entries(links)) await symlink(target, join(dir, 'site/docs', name));
  // Two folders that link to each other.
  await symlink('../../site/docs', join(dir, 'parts/more/back'));
  const book = await bookIn(join(dir, 'site'));
  expect(urlsOf(book)).toEqual(['/docs/a', '/docs/changes', '/docs/page', '/docs/parts/one']);
  expect(book.sections.some(({ content }) => /private note|A key/.test(content))).toBe(false);
  const reasons = new Map(book.skipped.map(({ source, reason }) => [source.replace('docs/', ''), reason]));
  expect([...reasons.keys()].sort()).toEqual(
    ['gone.md', 'hidden.md', 'loop', 'parts/more/back', 'private', 'private.md'].sort(),
  );
  expect(reasons.get('private.md')).toContain('out of the repository');
  expect(book.warnings).toEqual([
    { source: 'docs/page.mdx', message: expect.stringContaining('outside the repository') },
  ]);
});

test('skips a translation whose original does not exist', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js':
      "export default { title: 'T', i18n: { defaultLocale: 'en', locales: ['en', 'fr'] } };",
    'docs/a.md': 'A.',
    'i18n/fr/docusaurus-plugin-content-docs/current/a.md': 'Un.',
    'i18n/fr/docusaurus-plugin-content-docs/current/b.md': 'Deux.',
  });
  expect(urlsOf(book)).toEqual(['/docs/a', '/fr/docs/a']);
  expect(book.skipped).toEqual([
    {
      source: 'i18n/fr/docusaurus-plugin-content-docs/current/b.md',
      reason: expect.stringContaining('the site does not show it'),
    },
  ]);
});

import { writeFile } from 'node:fs/promises';
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

test('ignores Windows line ends and a byte order mark', async () => {
  const text =
    '---\ntitle: T\n---\n\n# H\n\n## A {#own-id}\n\nOne line\nand the next.\n\n:::note Mind\n\nthe gap\n\n:::\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```js\nlet x = 1;\n\nlet y = 2;\n```\n';
  const book = await temporaryBook({
    ...config,
    'docs/a.md': text,
    'docs/b.md': `\uFEFF${text.replaceAll('\n', '\r\n')}`,
  });
  const [unix, windows] = book.pages;
  expect(unix?.anchors).toEqual(['own-id']);
  expect(windows).toMatchObject({ title: 'T', anchors: ['own-id'] });
  const contents = (source: string) =>
    book.sections
      .filter((section) => section.source === source)
      .map(({ content, lines }) => [content, lines]);
  expect(contents('docs/b.md')).toEqual(contents('docs/a.md'));
});

test('rejects UTF-16, and replaces other bytes that are not UTF-8 with a warning', async () => {
  const dir = await temporaryFolder({ ...config, 'docs/good.md': 'A character of its own: \uFFFD.' });
  await writeFile(join(dir, 'docs/utf16.md'), Buffer.from('\uFEFF# Hello\n\ntext\n', 'utf16le'));
  await writeFile(join(dir, 'docs/latin.md'), Buffer.from('# Caf\u00e9\n\ntext\n', 'latin1'));
  await writeFile(join(dir, 'docs/nul.md'), '# Nul\n\none \0 two\n');
  const book = await bookIn(dir);
  expect(book.pages.map(({ url }) => url).sort()).toEqual(['/docs/good', '/docs/latin', '/docs/nul']);
  expect(book.unreadable).toEqual([{ source: 'docs/utf16.md', reason: expect.stringContaining('UTF-16') }]);
  expect(book.warnings.map(({ source }) => source).sort()).toEqual(['docs/latin.md', 'docs/nul.md']);
  expect(book.sections.some(({ content }) => content.includes('\0'))).toBe(false);
});

test('rejects a page larger than 10 MB', async () => {
  const book = await temporaryBook({ ...config, 'docs/a.md': 'A.', 'docs/b.md': 'word '.repeat(2_000_001) });
  expect(book.unreadable).toEqual([{ source: 'docs/b.md', reason: expect.stringContaining('10 MB') }]);
});

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
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

test('line ends of Windows and a byte order mark change nothing', async () => {
  const text =
    '---\ntitle: T\n---\n\n# H\n\n## A {#own-id}\n\nOne line\nand the next.\n\n:::note Mind\n\nthe gap\n\n:::\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```js\nlet x = 1;\n\nlet y = 2;\n```\n';
  const book = await temporaryBook({
    ...config,
    'docs/a.md': text,
    'docs/b.md': `\uFEFF${text.replaceAll('\n', '\r\n')}`,
  });
  const [one, other] = book.pages;
  expect(one?.anchors).toEqual(['own-id']);
  expect(other).toMatchObject({ title: 'T', anchors: ['own-id'] });
  const contents = (source: string) =>
    book.sections
      .filter((section) => section.source === source)
      .map(({ content, lines }) => [content, lines]);
  expect(contents('docs/b.md')).toEqual(contents('docs/a.md'));
});

test('what is no UTF-8 is said: UTF-16 is not read, single bytes are shown as a browser shows them', async () => {
  const dir = await temporaryFolder({ ...config, 'docs/good.md': 'A sign of its own: \uFFFD.' });
  await writeFile(join(dir, 'docs/utf16.md'), Buffer.from('\uFEFF# Hello\n\ntext\n', 'utf16le'));
  await writeFile(join(dir, 'docs/latin.md'), Buffer.from('# Caf\u00e9\n\ntext\n', 'latin1'));
  await writeFile(join(dir, 'docs/nul.md'), '# Nul\n\none \0 two\n');
  const book = await bookIn(dir);
  expect(urlsOf(book)).toEqual(['/docs/good', '/docs/latin', '/docs/nul']);
  expect(book.unreadable).toEqual([{ source: 'docs/utf16.md', reason: expect.stringContaining('UTF-16') }]);
  expect(book.warnings.map(({ source }) => source).sort()).toEqual(['docs/latin.md', 'docs/nul.md']);
  expect(book.sections.some(({ content }) => content.includes('\0'))).toBe(false);
});

test('a page of more than ten megabytes is named and not read', async () => {
  const book = await temporaryBook({ ...config, 'docs/a.md': 'A.', 'docs/b.md': 'word '.repeat(2_000_001) });
  expect(book.unreadable).toEqual([{ source: 'docs/b.md', reason: expect.stringContaining('10 MB') }]);
});

test('links are followed within the repository, and those that lead elsewhere are named', async () => {
  const outside = await temporaryFolder({ 'private.md': 'Nobody else reads this.' });
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
  // Two folders that lead into each other.
  await symlink('../../site/docs', join(dir, 'parts/more/back'));
  const book = await bookIn(join(dir, 'site'));
  expect(urlsOf(book)).toEqual(['/docs/a', '/docs/changes', '/docs/page', '/docs/parts/one']);
  expect(book.sections.some(({ content }) => /Nobody else|A key/.test(content))).toBe(false);
  const left = new Map(book.skipped.map(({ source, reason }) => [source.replace('docs/', ''), reason]));
  expect([...left.keys()].sort()).toEqual(
    ['gone.md', 'hidden.md', 'loop', 'parts/more/back', 'private', 'private.md'].sort(),
  );
  expect(left.get('private.md')).toContain('out of the repository');
  expect(book.warnings).toEqual([
    { source: 'docs/page.mdx', message: expect.stringContaining('outside the repository') },
  ]);
});

test('partials that import each other many times are read once each', { timeout: 20_000 }, async () => {
  const depth = 18;
  const parts = Array.from({ length: depth }, (_, at): [string, string] => [
    `docs/_p${at}.mdx`,
    `import A from './_p${at + 1}.mdx';\nimport B from './_p${at + 1}.mdx';\n\nText ${at}.\n`,
  ]);
  const book = await temporaryBook({
    ...config,
    ...Object.fromEntries(parts),
    [`docs/_p${depth}.mdx`]: 'The end.',
    'docs/a.mdx': "import A from './_p0.mdx';\n\nIts own.\n\n<A />\n",
  });
  expect(book.sections[0]?.content).toBe('Its own.\n\nText 0.');
  expect(book.warnings).toEqual([]);
});

test('a docs folder that is not there is said', async () => {
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

test('docs beside the site are read, and named from it', async () => {
  const dir = await temporaryFolder({
    'site/docusaurus.config.js':
      "export default { title: 'T', presets: [['classic', { docs: { path: '../site-docs' } }]] };",
    'site-docs/a.md': 'A.',
  });
  await writeFile(join(dir, 'site-docs/b.md'), Buffer.from('\uFEFFB.', 'utf16le'));
  const book = await bookIn(join(dir, 'site'));
  expect(book.sections.map(({ source, url }) => [source, url])).toEqual([['../site-docs/a.md', '/docs/a']]);
  expect(book.unreadable.map(({ source }) => source)).toEqual(['../site-docs/b.md']);
});

test('a translation of a page that is not there is no page', async () => {
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

test('emoji in names, two pages at one address, front matter of every kind', async () => {
  const book = await temporaryBook({
    ...config,
    'docs/\u{1F600} one.md': '# \u{1F600}\n\n## \u{1F680}\n\nText.\n',
    'docs/b.md': '---\nslug: /same\n---\n\nOne.\n',
    'docs/c.md': '---\nslug: /same\n---\n\nTwo.\n',
    'docs/d.md': '---\ntitle: Foo: bar\n---\n\nThree.\n',
    'docs/e.md': '---\n- a\n---\n\nFour.\n',
    'docs/f.md': '---\nslug: 42\ntitle: [a, b]\n---\n\nFive.\n',
    'docs/g.md': '',
    'docs/h.md': '---\ntitle: H\n---\n',
  });
  expect(urlsOf(book)).toEqual([
    '/docs/42',
    '/docs/d',
    '/docs/e',
    '/docs/same',
    '/docs/same',
    '/docs/\u{1F600} one',
  ]);
  expect(book.warnings.map(({ source, message }) => `${source} ${message}`)).toEqual([
    expect.stringMatching(/c\.md has the same address as docs\/b\.md/),
    expect.stringMatching(/d\.md has front matter that is not valid YAML/),
  ]);
  expect(book.skipped.map(({ source }) => source).sort()).toEqual(['docs/g.md', 'docs/h.md']);
});

test('front matter in quotes means what it means without: a draft stays out of the index', async () => {
  const book = await temporaryBook({
    ...config,
    'docs/a.md': '---\ndraft: "true"\n---\nA.',
    'docs/b.md': '---\nunlisted: "True"\n---\nB.',
    'docs/03-n/04-c.md': '---\nparse_number_prefixes: "false"\nsidebar_position: "1"\n---\nC.',
    'docs/03-n/d.md': '---\nsidebar_position: 2\n---\nD.',
  });
  expect(book.skipped.map(({ source }) => source).sort()).toEqual(['docs/a.md', 'docs/b.md']);
  expect(book.pages.map(({ url }) => url)).toEqual(['/docs/03-n/04-c', '/docs/n/d']);
});

test('how a page is read is said in its front matter, in any style, and not in an example further down', async () => {
  const book = await temporaryBook({
    ...config,
    'docs/a.md': '---\nmdx: { format: md }\n---\n\n## Part <!-- note -->\n\nText in <b>bold.</b> {braces}',
    'docs/b.md':
      '---\ntitle: B\n---\n\n```yaml\n---\nmdx:\n  format: md\n---\n```\n\n## Part {/* #own */}\n\nText.',
  });
  expect(book.pages.map(({ anchors }) => anchors)).toEqual([['part-'], ['own']]);
  expect(book.sections[0]?.content).toContain('{braces}');
});

test('the default language may have translations of its own; a language that is not translated shows none', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': `export default { title: 'T', i18n: { defaultLocale: 'en', locales: ['en', 'fr', 'de'],
      localeConfigs: { de: { translate: false } } } };`,
    'docs/a.md': 'The original.',
    'docs/b.md': 'Another page.',
    'i18n/en/docusaurus-plugin-content-docs/current/a.md': 'What is shown.',
    'i18n/fr/docusaurus-plugin-content-docs/current/a.md': 'En fran\u00e7ais.',
    'i18n/de/docusaurus-plugin-content-docs/current/a.md': 'Auf Deutsch.',
  });
  expect(book.sections.map(({ url, content }) => [url, content])).toEqual([
    ['/docs/a', 'What is shown.'],
    ['/docs/b', 'Another page.'],
    ['/fr/docs/a', 'En fran\u00e7ais.'],
  ]);
  expect(book.pages[0]?.source).toBe('i18n/en/docusaurus-plugin-content-docs/current/a.md');
});

test('a file that two docs plugins show is indexed once, and the other address is said', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': `export default { title: 'T', presets: [['classic', {}]],
      plugins: [['@docusaurus/plugin-content-docs', { id: 'api', path: 'docs/api', routeBasePath: 'api' }]] };`,
    'docs/a.md': 'A.',
    'docs/api/b.md': 'B.',
  });
  expect(book.pages.map(({ url }) => url)).toEqual(['/docs/a', '/docs/api/b']);
  expect(new Set(book.sections.map(({ id }) => id)).size).toBe(book.sections.length);
  expect(book.skipped).toEqual([
    { source: 'docs/api/b.md', reason: 'shown at /api/b as well: indexed once, at /docs/api/b' },
  ]);
});

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { expandBook } from '../expand-book.ts';
import { temporaryBook } from '../temporary-book.ts';

const { signal } = new AbortController();
const site = await findBook({ dir: 'sandbox/book', signal });
if (site === null) throw new Error('no sample book');
const book = expandBook(await readBook({ site, signal }));
const urls = new Set(book.sections.map(({ url }) => url));

describe('the sample book', () => {
  test('is found from a folder inside its docs', async () => {
    const inner = await findBook({ dir: 'sandbox/book/docs/02-hardware', signal });
    expect(inner).toMatchObject({
      title: 'The Backyard Weather Station',
      baseUrl: '/',
      folders: [{ routeBase: '/docs/' }],
    });
    expect(inner?.configWarnings.join()).toContain('SITE_URL');
  });

  test('has every section that the questions name', async () => {
    const { answerable } = JSON.parse(await readFile('eval/sample-book.questions.json', 'utf8')) as {
      answerable: { answeredBy: string[] }[];
    };
    for (const { answeredBy } of answerable) expect(answeredBy.some((url) => urls.has(url))).toBe(true);
  });

  test('lists the pages that are left out', () => {
    expect(book.skipped.map(({ source }) => source)).toEqual([
      'docs/06-lightning.md',
      'docs/07-workbench-notes.md',
    ]);
    expect(book.warnings).toEqual([]);
  });

  test('has a partial under its own anchor, at the line of its element', () => {
    const section = book.sections.find(({ anchor }) => anchor === 'before-you-connect-anything');
    expect(section).toMatchObject({
      url: '/docs/hardware/wiring#before-you-connect-anything',
      lines: [12, 12],
    });
  });

  test('is in the order of its sidebar, each section linked to the next', () => {
    expect(book.pages[0]?.url).toBe('/docs/');
    expect(book.pages.at(-1)?.url).toBe('/docs/words');
    for (const [index, section] of book.sections.entries()) {
      expect(section.position).toBeGreaterThan(book.sections[index - 1]?.position ?? -1);
      expect(section.next).toBe(book.sections[index + 1]?.id ?? null);
    }
    expect(new Set(book.sections.map(({ id }) => id)).size).toBe(book.sections.length);
  });
});

test('lists blog posts and pages outside the docs as not indexed', async () => {
  const { skipped } = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/a.md': 'Text.',
    'blog/2026/one.mdx': 'Post.',
    'blog/two.md': 'Post.',
    'src/pages/index.tsx': 'export default () => null;',
    'src/pages/_part.tsx': '',
  });
  expect(skipped).toEqual([
    { source: 'blog', reason: '2 blog posts: only docs are indexed' },
    { source: 'src/pages', reason: '1 pages outside the docs: only docs are indexed' },
  ]);
});

test('indexes a file of two docs plugins once, and lists its other URL', async () => {
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

test('indexes of two files for one address the one that a build shows, and names the other', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/guide/README.md': '# Notes for authors\n\nText.\n',
    'docs/guide/index.md': '# Guide\n\nText.\n',
  });
  expect(book.pages.map(({ source }) => source)).toEqual(['docs/guide/index.md']);
  expect(book.skipped).toEqual([
    {
      source: 'docs/guide/README.md',
      reason: 'the site shows docs/guide/index.md at its address, /docs/guide/',
    },
  ]);
});

test('indexes the pages that Docusaurus generates for categories, before what is in them', async () => {
  const category = {
    label: 'First Steps',
    link: { type: 'generated-index', description: 'What to do first.' },
  };
  const generated = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/01-start/_category_.json': JSON.stringify(category),
    'docs/01-start/a.md': '---\ndescription: Opens the box.\n---\n\n# Unpack\n\nText.\n',
    'docs/01-start/more/_category_.yml': 'label: More\nlink:\n  type: generated-index\n  slug: /more\n',
    'docs/01-start/more/b.md': '# B\n\nText.\n',
  });
  expect(generated.pages.map(({ url, title }) => [url, title])).toEqual([
    ['/docs/category/first-steps', 'First Steps'],
    ['/docs/start/a', 'Unpack'],
    ['/docs/more', 'More'],
    ['/docs/start/more/b', 'B'],
  ]);
  expect(generated.sections[0]?.content).toBe(
    'What to do first.\n\n- Unpack: Opens the box.\n- More: 1 item',
  );
  const written = await temporaryBook({
    'docusaurus.config.js':
      "export default { title: 'T', presets: [['classic', { docs: { sidebarPath: './sidebars.js' } }]] };",
    'sidebars.js':
      "export default { docs: [{ type: 'category', label: 'Guide', link: { type: 'generated-index', title: 'The guide', slug: '/guide' }, items: ['a', { type: 'category', label: 'Deep', items: ['b'] }] }] };",
    'docs/a.md': '# A\n\nText.\n',
    'docs/b.md': '# B\n\nText.\n',
  });
  expect(written.pages.map(({ url, title }) => [url, title])).toEqual([
    ['/docs/guide', 'The guide'],
    ['/docs/a', 'A'],
    ['/docs/b', 'B'],
  ]);
  expect(written.sections[0]?.content).toBe('- A: Text.\n- Deep: 1 item');
});

test('a card says what its page says first, under the label of the sidebar', async () => {
  const { pages, sections } = await temporaryBook({
    'docusaurus.config.js':
      "export default { title: 'T', presets: [['classic', { docs: { sidebarPath: './sidebars.js' } }]] };",
    'sidebars.js': `export default { docs: [
      { type: 'category', label: 'All', description: 'Everything.', link: { type: 'generated-index' }, items: [
        { type: 'doc', id: 'a', label: 'Alpha' },
        { type: 'autogenerated', dirName: 'deep' },
        { type: 'link', label: 'Elsewhere', href: 'https://example.com/' },
        { Short: ['e'] },
        { type: 'category', label: 'Inner', link: { type: 'generated-index', slug: '/inner' }, items: [
          { type: 'autogenerated', dirName: 'inner' }
        ] },
      ] },
    ] };`,
    'docs/a.md':
      "import X from './x';\n\n# A\n\n```\ncode\n```\n\nFirst **bold** [line](./b.md)\nand another.\n",
    'docs/deep/b.md': '---\nsidebar_label: Bee\n---\n\n# B\n\n:::note Title\n\nIn a note.\n\n:::\n',
    'docs/deep/c.md': '---\ndraft: true\n---\n\nA draft.\n',
    'docs/deep/more/_category_.json': '{"label": "More", "description": "Much more."}',
    'docs/deep/more/d.md': '# D\n\nText.\n',
    'docs/e.md': '## Part\n\nText.\n',
    'docs/inner/f.md': '# F\n\nText.\n',
  });
  expect(pages.map(({ url }) => url)).toEqual([
    '/docs/category/all',
    '/docs/a',
    '/docs/deep/b',
    '/docs/deep/more/d',
    '/docs/e',
    '/docs/inner',
    '/docs/inner/f',
  ]);
  expect(sections[0]?.content.split('\n')).toEqual([
    '- Alpha: First bold line',
    '- Bee: In a note.',
    '- More: Much more.',
    '- Elsewhere',
    '- Short: 1 item',
    '- Inner: 1 item',
  ]);
});

test('<DocCardList /> shows the cards of the category that the page belongs to', async () => {
  const list = "import DocCardList from '@theme/DocCardList';\n\n# Guide\n\nStart here.\n\n<DocCardList />\n";
  const { sections, warnings } = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/guide/index.mdx': list,
    'docs/guide/a.md': '# A\n\nOf a.\n',
    'docs/guide/more/b.md': '# B\n\nOf b.\n',
    'docs/only/index.mdx': "import DocCardList from '@theme/DocCardList';\n\n<DocCardList />\n",
    'docs/only/c.md': '# C\n\nOf c.\n',
  });
  expect(sections.map(({ source, content }) => [source, content])).toEqual([
    ['docs/guide/index.mdx', 'Start here.\n\n- A: Of a.\n- more: 1 item'],
    ['docs/guide/a.md', 'Of a.'],
    ['docs/guide/more/b.md', 'Of b.'],
    ['docs/only/index.mdx', '- C: Of c.'],
    ['docs/only/c.md', 'Of c.'],
  ]);
  expect(warnings).toEqual([]);
});

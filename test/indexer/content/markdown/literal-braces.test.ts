import { expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

/** What each page shows by the rules of Docusaurus 2, whose MDX is version 1. */
async function readByMdx1(page: string): Promise<{ title: string; text: string }> {
  const { sections, pages } = await temporaryBook({
    'package.json': '{"dependencies": {"@docusaurus/core": "2.4.3"}}',
    'docusaurus.config.js': "module.exports = { title: 'T' };",
    'docs/page.mdx': page,
  });
  return {
    title: pages[0]?.title ?? '',
    text: sections.map(({ headings, content }) => [...headings, content].join('\n')).join('\n'),
  };
}

/** Each as `@mdx-js/mdx` 1.6.22 compiles it. */
test.each([
  ['a paragraph', 'The version is {version}.', 'The version is {version}.'],
  ['a paragraph of its own', '{version}', '{version}'],
  ['a list', 'A list:\n\n- item {version}', '- item {version}'],
  ['a heading', '## Part {version}\n\nText.', 'Part {version}'],
  ['an element inside a sentence', 'It is <b>{version}</b> now.', 'It is {version} now.'],
  ['Markdown inside an element', '<div>\n\nIt is {version} now.\n\n</div>', 'It is {version} now.'],
  ['a brace that is not closed', 'An object { a: b } and a lone { brace.', '{ a: b } and a lone { brace'],
  ['a block of JSX', '<div>It is {version} now.</div>', 'It is 1.2.3 now.'],
  ['a block of JSX on several lines', '<div>\n<p>\nIt is {version} now.\n</p>\n</div>', 'It is 1.2.3 now.'],
  ['a block of JSX in a list', '- <b>It is {version} now.</b>', 'It is 1.2.3 now.'],
  ['a block of JSX in a quote', '> <b>It is {version} now.</b>', 'It is 1.2.3 now.'],
  ['a tag after a line of text', 'Before it\n<b>It is {version} now.</b>', 'It is 1.2.3 now.'],
])('MDX 1 reads braces in %s', async (_place, markdown, shown) => {
  const { text } = await readByMdx1(`# Page\n\nexport const version = '1.2.3';\n\n${markdown}\n`);
  expect(text).toContain(shown);
});

test('Docusaurus 2 takes a heading below an export for no title', async () => {
  const page = "import X from './x';\n\nexport const version = '1.2.3';\n\n# Heading\n\nThe text.\n";
  expect((await readByMdx1(page)).title).toBe('page');
  expect((await readByMdx1(page.replace(/export.*\n\n/, ''))).title).toBe('Heading');
});

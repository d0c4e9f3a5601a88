import { expect, test } from 'vitest';
import { temporaryBook } from '../temporary-book.ts';

const config = { 'docusaurus.config.js': "export default { title: 'T' };" };

test('reads emoji in names, two pages with one URL, and front matter of every kind', async () => {
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
  expect(book.pages.map(({ url }) => url).sort()).toEqual([
    '/docs/42',
    '/docs/d',
    '/docs/e',
    '/docs/same',
    '/docs/\u{1F600} one',
  ]);
  expect(book.warnings.map(({ source, message }) => `${source} ${message}`)).toEqual([
    expect.stringMatching(/d\.md has front matter that is not valid YAML/),
  ]);
  expect(book.skipped.map(({ source }) => source).sort()).toEqual(['docs/c.md', 'docs/g.md', 'docs/h.md']);
});

test('reads quoted booleans in front matter: a draft stays out of the index', async () => {
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

test('takes the format from the front matter, in any YAML style, but not from an example in the text', async () => {
  const book = await temporaryBook({
    ...config,
    'docs/a.md': '---\nmdx: { format: md }\n---\n\n## Part <!-- note -->\n\nText in <b>bold.</b> {braces}',
    'docs/b.md':
      '---\ntitle: B\n---\n\n```yaml\n---\nmdx:\n  format: md\n---\n```\n\n## Part {/* #own */}\n\nText.',
  });
  expect(book.pages.map(({ anchors }) => anchors)).toEqual([['part-'], ['own']]);
  expect(book.sections[0]?.content).toContain('{braces}');
});

test('reads the text of a component that the page exports, where it shows it', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/page.mdx':
      'export const Own = () => <p>Words.</p>;\n\nexport const Unused = () => <p>Nowhere.</p>;\n\nexport const Mark = ({ children }) => <b>{children}</b>;\n\n<Own />\n\n<Mark>Text.</Mark>',
  });
  expect(book.sections.map(({ content }) => content)).toEqual(['Words.\n\nText.']);
  expect(book.warnings).toEqual([]);
});

test('warns about a computed attribute', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/page.mdx': '<Card title={title} />\n\nText.',
  });
  expect(book.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('<Card>')]);
});

test('warns about a missing partial and a computed expression, and skips an empty page', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/a.mdx': "import P from './_p.mdx';\n\nText {props.x} <P />\n",
    'docs/b.md': '# Only a title\n',
  });
  expect(book.warnings.map(({ message }) => message).join()).toMatch(/_p\.mdx.*\{props\.x\}/s);
  expect(book.skipped).toEqual([{ source: 'docs/b.md', reason: 'it has no text' }]);
});

test.each([
  ['<Quiz />', /the code of <Quiz>/],
  ['{compute()}', /expressions.*\{compute\(\)\}/],
  ['', /^it has no text$/],
])('says why a page of “%s” has no text', async (content, reason) => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/a.mdx': `# Title\n\n${content}\n`,
    'docs/b.md': 'Text.\n',
  });
  expect(book.skipped).toEqual([{ source: 'docs/a.mdx', reason: expect.stringMatching(reason) }]);
});

test('reads the titles of the site’s own admonitions', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js':
      "export default { presets: [['classic', { docs: { admonitions: { keywords: ['recipe'] } } }]] };",
    'docs/page.md': ':::recipe Soup of the day\n\nStir.\n\n:::\n\n:::note Mind it\n\nHot.\n\n:::\n',
  });
  expect(book.sections[0]?.content).toBe('Soup of the day. Stir.\n\nNote: Mind it. Hot.');
});

import { expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

test('decodes numeric character references, and keeps invalid ones', async () => {
  const { sections } = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/page.mdx': '---\nmdx:\n  format: md\n---\n<p>&#x27;a&#39; &#1114112; &#0;</p>',
  });
  expect(sections[0]?.content).toBe("'a' &#1114112; &#0;");
});

test('skips a head and its styles, and keeps the text after a stray end tag', async () => {
  const head = '<head><title>No</title><style>.no{}</style><title>Nor this</title></head>';
  const book = await temporaryBook({
    'docusaurus.config.js': "module.exports = { markdown: { format: 'md' } };\n",
    'docs/a.md': `${head}\n\nBefore.\n\n<div></style>\nInside the element.</div>\n`,
  });
  expect(book.sections.map(({ content }) => content.replaceAll(/\s+/g, ' ').trim())).toEqual([
    'Before. Inside the element.',
  ]);
});

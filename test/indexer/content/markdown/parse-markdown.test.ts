import { expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

test('reads a page with MDX errors as Markdown, without its imports', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/page.mdx':
      "import X from './x';\n\n# P\n\nA {broken page.\n\n## Part\n\nText that is long enough to stand for itself <X/>.\n",
  });
  expect(book.warnings[0]?.message).toContain('does not parse as MDX');
  expect(book.sections.map(({ content }) => content)).toEqual([
    'A {broken page.',
    'Text that is long enough to stand for itself .',
  ]);
  expect(book.sections[1]?.url).toBe('/docs/page#part');
});

import { expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

const config = { 'docusaurus.config.js': "export default { title: 'T' };" };

test('reads partials that import each other many times once each', async () => {
  const depth = 18;
  const parts = Array.from({ length: depth }, (_, index): [string, string] => [
    `docs/_p${index}.mdx`,
    `import A from './_p${index + 1}.mdx';\nimport B from './_p${index + 1}.mdx';\n\nText ${index}.\n`,
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

test('puts the text of a partial into a line or a table', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/_part.mdx': 'Mind **this**.',
    'docs/page.mdx': "import Part from './_part.mdx';\n\nSee: <Part /> Here.\n\n| a |\n| - |\n| <Part /> |",
  });
  expect(book.sections[0]?.content).toBe('See: Mind this. Here.\n\n| a |\n| --- |\n| Mind this. |');
});

test.each([400, 2000, 6000])('leaves out only the text of a partial nested %i deep', async (depth) => {
  const book = await temporaryBook({
    'docs/a.mdx': "import Deep from './_deep.mdx';\n\n# A\n\nIts own text.\n\n<Deep />\n",
    'docs/_deep.mdx': `${'> '.repeat(depth)}x\n`,
    'docusaurus.config.js': "export default { title: 'T' };",
  });
  expect(book.unreadable).toEqual([]);
  expect(book.sections.map(({ content }) => content)).toEqual(['Its own text.']);
  expect(book.warnings).toEqual([
    { source: 'docs/a.mdx', message: expect.stringMatching(/_deep\.mdx, whose text is missing: it .*nest/) },
  ]);
});

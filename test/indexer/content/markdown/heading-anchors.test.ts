import { expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

test('reads headings as they are displayed', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/page.mdx':
      "## Set {'{x}'} in npm:react 18\n\nText that is long enough to stand for itself.\n\n## For version {version}\n\nText that is long enough to stand for itself.",
  });
  expect(book.sections.map(({ headings }) => headings)).toEqual([
    ['Set {x} in npm:react 18'],
    ['For version {version}'],
  ]);
  expect(book.pages[0]?.anchors).toEqual(['set-x-in-npm-18', 'for-version-version']);
  expect(book.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('{version}')]);
});

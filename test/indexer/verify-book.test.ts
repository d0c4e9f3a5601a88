import { expect, test } from 'vitest';
import { verifyBook } from '../../indexer/verify-book.ts';
import { temporaryBook, temporaryFolder } from './temporary-book.ts';

test('checks every link of the book against a build, and lists those that lead nowhere', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T', baseUrl: '/repo/' };",
    'docs/a.md': '# A\n\nText.\n\n## Here & there\n\nText.\n\n## Gone\n\nText.\n',
    'docs/b.md': '# B\n\nText.\n',
  });
  const buildDir = await temporaryFolder({
    'docs/a.html':
      '<h2 class=x id="here--there">Here &amp; there</h2><pre>&lt;h2 id=gone></pre><!-- <h2 id="gone"> -->',
  });
  const result = await verifyBook({ book, buildDir, signal: new AbortController().signal });
  expect(result).toEqual({
    pages: 2,
    anchors: 2,
    missing: [
      { source: 'docs/a.md', url: '/repo/docs/a#gone', reason: 'no such anchor' },
      { source: 'docs/b.md', url: '/repo/docs/b', reason: 'no such page' },
    ],
  });
});

import { expect, test } from 'vitest';
import { buildFolder } from '../../../indexer/verify/built-site.ts';
import { verifyBook } from '../../../indexer/verify/verify-book.ts';
import { temporaryBook, temporaryFolder } from '../temporary-book.ts';

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
  const built = buildFolder(buildDir, book.site.baseUrl);
  const result = await verifyBook({ book, built, signal: new AbortController().signal });
  expect(result).toMatchObject({
    pages: 2,
    anchors: 2,
    missing: [
      { source: 'docs/a.md', url: '/repo/docs/a#gone', reason: 'no such anchor' },
      { source: 'docs/b.md', url: '/repo/docs/b', reason: 'no such page' },
    ],
  });
});

test('compares the words of each page, and lists pages that only the build has', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/a.md': '# A\n\nThe *mast* is up\\-right: `a.b()`.\n\n<Quiz />\n',
  });
  const page = (article: string): string =>
    `<html lang="en" class="docs-doc-page"><head><meta name="docusaurus_locale" content="en"></head><body><article><div class="theme-doc-markdown">${article}</div></article></body></html>`;
  const buildDir = await temporaryFolder({
    'docs/a/index.html': page(
      '<h1>A<a class="hash-link">link</a></h1><p>The <b>mast</b> is up-right: <code>a.b()</code>.</p><div>Which one? <button>The mast</button></div><svg><text>no</text></svg>',
    ),
    'en/docs/a.html': page('<h1>A</h1>'),
    'docs/b/index.html': page('<h1>B</h1><p>Text.</p>'),
    'docs/c.html': page('<h1>C</h1><p>Text.</p>').replace(
      '<head>',
      '<head><meta name="robots" content="noindex">',
    ),
  });
  const built = buildFolder(buildDir, '/');
  const { words, extra } = await verifyBook({ book, built, signal: new AbortController().signal });
  expect(words).toEqual([
    {
      source: 'docs/a.md',
      url: '/docs/a',
      count: 12,
      missing: ['which', 'one', 'the', 'mast'],
      components: ['Quiz'],
    },
  ]);
  expect(extra).toEqual(['/docs/b/']);
});

test('lists no page of a version that is not indexed, although another docs plugin has one of that name', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': `export default { title: 'T', presets: [['classic', { blog: false }]],
      plugins: [['@docusaurus/plugin-content-docs', { id: 'community', path: 'community', routeBasePath: 'community' }]] };`,
    'versions.json': '["1.0"]',
    'docs/a.md': '# A\n\nUnreleased.\n',
    'versioned_docs/version-1.0/a.md': '# A\n\nText.\n',
    'community/meetings.md': '# Meetings\n\nText.\n',
  });
  const page = (tag: string, article: string): string =>
    `<html lang="en" class="docs-doc-page"><head><meta name="docusaurus_locale" content="en"><meta name="docusaurus_version" content="${tag.split('-').at(-1)}"><meta name="docusaurus_tag" content="docs-${tag}"></head><body><article><div class="theme-doc-markdown">${article}</div></article></body></html>`;
  const banner = '<div class="theme-doc-version-banner">This is unreleased documentation.</div>';
  const buildDir = await temporaryFolder({
    'docs/a/index.html': page('default-1.0', '<h1>A</h1><p>Text.</p>'),
    'docs/next/a/index.html': page('default-current', `${banner}<h1>A</h1><p>Unreleased.</p>`),
    'community/meetings/index.html': page('community-current', '<h1>Meetings</h1><p>Text.</p>'),
    'community/new/index.html': page('community-current', '<h1>New</h1><p>Text.</p>'),
  });
  const built = buildFolder(buildDir, '/');
  const { extra } = await verifyBook({ book, built, signal: new AbortController().signal });
  expect(extra).toEqual(['/community/new/']);
});

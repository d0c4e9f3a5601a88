import { expect, test } from 'vitest';
import { defaultExclude } from '../../../indexer/docusaurus/config/docs-plugins.ts';
import { globMatcher } from '../../../indexer/docusaurus/glob-matcher.ts';

test.each([
  ['**/*.{md,mdx}', ['a.md', 'x/y/b.mdx'], ['a.txt', '.hidden/a.md', 'x/.a.md']],
  ['guides/*.md', ['guides/a.md'], ['guides/x/a.md', 'a.md']],
  ['drafts/**', ['drafts/a.md', 'drafts/x/y.md'], ['a/drafts.md']],
  ['**/[ab]?.md', ['a1.md', 'x/b2.md'], ['c1.md', 'a.md']],
  ['{guides,notes/{a,b}}/*.md', ['guides/x.md', 'notes/b/x.md'], ['notes/x.md', 'notes/c/x.md']],
  ['**/!(draft)*.md', ['a.md', 'x/b.md'], ['draft-1.md', 'x/draft.md']],
  ['[z-a].md', [], ['z.md', 'a.md']],
])('%s', (glob, yes, no) => {
  const isMatch = globMatcher([glob]);
  expect(yes.filter((path) => !isMatch(path))).toEqual([]);
  expect(no.filter(isMatch)).toEqual([]);
});

test('a pattern with a leading ! excludes', () => {
  const isMatch = globMatcher(['**/*.md', '!drafts/**']);
  expect(['a.md', 'drafts/a.md', 'x/drafts/a.md'].filter(isMatch)).toEqual(['a.md', 'x/drafts/a.md']);
});

test('the files that Docusaurus excludes by default', () => {
  const isExcluded = globMatcher(defaultExclude);
  const excluded = ['_a.md', 'x/_b.mdx', '_x/y/c.md', 'x/__tests__/d.md'];
  expect(excluded.filter((path) => !isExcluded(path))).toEqual([]);
  expect(['a_.md', 'x/y.md', 'a.test.md'].filter(isExcluded)).toEqual([]);
});

import { expect, it } from 'vitest';
import { groupReports } from '../../../../wizard/deployment/book/group-reports.ts';

it('groups reports by kind and pattern of files, the most frequent first, with three examples', () => {
  const page = (n: number) => ({
    source: `docs/week-1/p${n}.mdx`,
    text: `does not parse as MDX, read as plain Markdown (Unexpected character at ${n})`,
  });
  const lines = groupReports([
    { source: '', text: '`url` is computed (process.env.URL); its default is used' },
    { source: '', text: '`title` is computed (process.env.TITLE); its default is used' },
    { source: 'docs/a.md', text: 'shows <Quiz>, whose text is in code' },
    ...Array.from({ length: 32 }, (_, n) => page(n)),
    { source: 'docs/b.md', text: 'shows <Quiz>, whose text is in code' },
    { source: 'docs/b.md', text: 'shows <Map>, whose text is in code' },
  ]);
  expect(lines).toEqual([
    '32 pages docs/week-1/*.mdx, such as docs/week-1/p0.mdx, docs/week-1/p1.mdx, docs/week-1/p2.mdx: does not parse as MDX, read as plain Markdown (Unexpected character at 0)',
    'docs/a.md, docs/b.md: shows <Quiz>, whose text is in code',
    '`url` is computed (process.env.URL); its default is used',
    '`title` is computed (process.env.TITLE); its default is used',
    'docs/b.md: shows <Map>, whose text is in code',
  ]);
});

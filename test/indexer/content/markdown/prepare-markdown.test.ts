import { expect, test } from 'vitest';
import { prepareMarkdown } from '../../../../indexer/content/markdown/prepare-markdown.ts';

test.each([
  ['three backticks', ['```mdx-code-block', '<A />', '```', 'After.'], ['', '<A />', '', 'After.']],
  [
    'four around three',
    ['````mdx-code-block', '```bash', 'ls', '```', '````', 'After.'],
    ['', '```bash', 'ls', '```', '', 'After.'],
  ],
  [
    'one after the other',
    ['```mdx-code-block', '<A>', '```', '', '```', 'ls', '```', '', '```mdx-code-block', '</A>', '```'],
    ['', '<A>', '', '', '```', 'ls', '```', '', '', '</A>', ''],
  ],
  ['an opening alone', ['```mdx-code-block', '<A />'], ['```mdx-code-block', '<A />']],
])('removes the fences of a mdx-code-block: %s', (_, lines, expected) => {
  const { text } = prepareMarkdown({ text: lines.join('\n'), admonitionTitles: true });
  expect(text.split('\n')).toEqual(expected);
});

import { expect, test } from 'vitest';
import { createSnippet } from '../../../server/book/snippet.ts';

const marked = (content: string, query: string): string[] => {
  const { text, marks } = createSnippet(content, query);
  return marks.map(([start, end]) => text.slice(start, end));
};

test('a short text is shown whole, with its words marked in any of their forms', () => {
  const { text } = createSnippet('Charge the batteries slowly.', 'charging a battery');
  expect(text).toBe('Charge the batteries slowly.');
  expect(marked('Charge the batteries slowly.', 'charging a battery')).toEqual(['Charge', 'batteries']);
});

test('of a long text, the part with most of the words is shown, and marks stand where the words do', () => {
  const filler = 'Every sentence here is about motors and nothing else. '.repeat(20);
  const content = `${filler}The lidar has a range of twelve metres. ${filler}`;
  const { text } = createSnippet(content, 'lidar range');
  expect(text.length).toBeLessThan(260);
  expect(text).toMatch(/^… The lidar .* …$/s);
  expect(marked(content, 'lidar range')).toEqual(['lidar', 'range']);
});

test('words of a script without spaces are marked too', () => {
  expect(marked('激光雷达测量距离。', '激光雷达').join('')).toBe('激光雷达');
});

test('text that looks like markup stays text, and a query without words marks nothing', () => {
  expect(createSnippet('Use <script>alert(1)</script> here.', '???')).toEqual({
    text: 'Use <script>alert(1)</script> here.',
    marks: [],
  });
});

test('the end never cuts a character in two', () => {
  const { text } = createSnippet('😀'.repeat(500), 'x');
  expect(text).toBe(Buffer.from(text).toString());
});

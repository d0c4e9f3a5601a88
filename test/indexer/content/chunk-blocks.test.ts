import { expect, test } from 'vitest';
import { temporaryBook } from '../temporary-book.ts';

test('joins small sections to the one above, under its anchor, but not large ones', async () => {
  const long = 'Words and words. '.repeat(30);
  const book = await temporaryBook({
    'a.md': `# A\n\n${long}\n\n## B\n\n### Cause\n\nThis.\n\n### Cure\n\nThat.\n\n## C\n\n${long}\n\n### D\n\n${long}\n`,
  });
  expect(book.sections.map(({ anchor, headings }) => [anchor, headings.join('/')])).toEqual([
    [null, ''],
    ['b', 'B'],
    ['c', 'C'],
    ['d', 'C/D'],
  ]);
  expect(book.sections[1]?.content).toBe('Cause\n\nThis.\n\nCure\n\nThat.');
});

test('splits a long section evenly, with different ids under one anchor', async () => {
  const book = await temporaryBook({
    'a.md':
      `# A\n\n## B\n\n${'One paragraph of some length. '.repeat(10)}\n\n`.padEnd(100) +
      `${'Another paragraph, longer. '.repeat(20)}\n\n`.repeat(6),
  });
  expect(book.sections.length).toBeGreaterThan(1);
  expect(new Set(book.sections.map(({ id }) => id)).size).toBe(book.sections.length);
  for (const { content, url } of book.sections) {
    expect(url).toBe('/a#b');
    expect(content.length).toBeGreaterThan(500);
    expect(content.length).toBeLessThanOrEqual(1600);
  }
});

test('keeps a heading with nothing below it as text', async () => {
  const book = await temporaryBook({
    'a.md':
      '# A\n\nText.\n\n## Not written yet, but asked for often by readers of this book, sadly, so it must be found by its words\n',
  });
  expect(book.sections.at(-1)?.content).toContain('Not written yet');
});

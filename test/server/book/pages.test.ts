import { expect, test } from 'vitest';
import { llmsFull, llmsIndex } from '../../../server/book/llms-text.ts';
import { listPages } from '../../../server/book/page-list.ts';
import { pageMarkdown } from '../../../server/book/page-markdown.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import type { Section } from '../../../server/collection/section.ts';

const section = (position: number, fields: Partial<Section>): Section => ({
  kind: 'section',
  id: `id-${position}`,
  content: `Text ${position}.`,
  title: 'Intro',
  headings: [],
  url: '/docs/intro',
  anchor: null,
  source: 'intro.md',
  lines: [1, 2],
  position,
  previous: null,
  next: null,
  hash: `hash-${position}`,
  locale: 'en',
  version: 'current',
  ...fields,
});

const sections = [
  section(5, { title: 'Arms [1]', url: '/docs/arms/', content: '- a list\n- of things' }),
  section(3, { headings: ['Install', 'Linux'], url: '/docs/intro#linux', anchor: 'linux' }),
  section(1, { content: 'The first sentence. It says\nwhat this is.' }),
  section(2, { headings: ['Install'], url: '/docs/intro#install', anchor: 'install' }),
  section(4, { headings: ['Install', 'Linux'], url: '/docs/intro#linux', anchor: 'linux' }),
];
const listed = runAtOnce(listPages(sections));
const book = {
  bookTitle: 'Robots',
  pages: listed.pages.values(),
  addressOf: (path: string) => `https://book.example${path}`,
};

test('pages are listed in reading order, with their sections in reading order', () => {
  expect([...listed.pages.keys()]).toEqual(['/docs/intro', '/docs/arms']);
  const positions = listed.pages.get('/docs/intro')?.sections.map(({ position }) => position);
  expect(positions).toEqual([1, 2, 3, 4]);
});

test('the digest changes with a text and not with the order in which sections arrive', () => {
  const digestOf = (list: Section[]): string => runAtOnce(listPages(list)).digest;
  expect(digestOf(sections.toReversed())).toBe(listed.digest);
  expect(digestOf([...sections.slice(1), section(5, { hash: 'other' })])).not.toBe(listed.digest);
});

test('a page becomes Markdown with each heading once', () => {
  const page = listed.pages.get('/docs/intro');
  expect(page && pageMarkdown(page, 'https://book.example/docs/intro')).toBe(
    [
      '# Intro',
      '<https://book.example/docs/intro>',
      'The first sentence. It says\nwhat this is.',
      '## Install',
      'Text 2.',
      '### Linux',
      'Text 3.',
      'Text 4.\n',
    ].join('\n\n'),
  );
});

test('the index names each page with its address and its first sentences', () => {
  const [head = '', ...lines] = [...llmsIndex({ ...book, pages: listed.pages.values() })];
  expect(head).toMatch(/^# Robots\n\n> .+\n\n## Pages\n\n$/);
  expect(lines).toEqual([
    '- [Intro](https://book.example/docs/intro): The first sentence. It says what this is.\n',
    '- [Arms \\[1\\]](https://book.example/docs/arms)\n',
  ]);
});

test('the full text holds every page', () => {
  const text = [...llmsFull({ ...book, pages: listed.pages.values() })].join('');
  for (const { content } of sections) expect(text).toContain(content);
});

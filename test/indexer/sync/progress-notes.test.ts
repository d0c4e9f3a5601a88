import { expect, test } from 'vitest';
import { createProgressNotes } from '../../../indexer/sync/progress-notes.ts';
import type { Section } from '../../../server/collection/section.ts';

/** Four sections of a hundred tokens over two pages. */
const sections = ['a', 'a', 'b', 'b'].map((source): Section => ({
  id: source,
  kind: 'section',
  content: 'x'.repeat(396),
  title: 'Page',
  headings: [],
  url: '/',
  anchor: null,
  source,
  lines: [1, 1],
  position: 0,
  previous: null,
  next: null,
  hash: '',
  locale: 'en',
  version: 'current',
}));

test('describes completed pages, tokens and the remaining time after each batch', () => {
  let time = 0;
  const notes = createProgressNotes({ sections, now: () => time });
  time = 20_000;
  expect(notes.after(sections.slice(0, 1))).toBe(
    'sections; 0 of 2 pages, 100 of 400 tokens, about 60 s left',
  );
  time = 400_000;
  expect(notes.after(sections.slice(1, 2))).toBe(
    'sections; 1 of 2 pages, 200 of 400 tokens, about 7 min left',
  );
  expect(notes.after(sections.slice(2))).toBe('sections; 2 of 2 pages, 400 of 400 tokens');
});

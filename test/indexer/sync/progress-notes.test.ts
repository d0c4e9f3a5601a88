import { expect, test } from 'vitest';
import { createProgressNotes } from '../../../indexer/sync/progress-notes.ts';
import { embeddingCost, estimateTokens } from '../../../indexer/sync/embedding-cost.ts';
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

test('after each batch: whole pages, tokens, and the time that the rest takes at this pace', () => {
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

test('what is embedded is the heading path and the text', () => {
  expect(estimateTokens([{ title: 'Page', headings: ['Page', 'Part'], content: 'x'.repeat(29) }])).toBe(10);
});

test.each([
  ['gemini-embedding-2', 24_123, 'about 24,000 tokens to embed, less than $0.01 with a paid key'],
  ['gemini-embedding-2-preview', 1_260_000, 'about 1,300,000 tokens to embed, about $0.25 with a paid key'],
  ['gemini-embedding-001', 1_260_000, 'about 1,300,000 tokens to embed, about $0.19 with a paid key'],
  ['gemini-embedding-9', 24_123, 'about 24,000 tokens to embed'],
])('%s: %i tokens', (model, tokens, told) => expect(embeddingCost({ tokens, model })).toBe(told));

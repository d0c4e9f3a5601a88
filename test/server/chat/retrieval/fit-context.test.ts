import { expect, test } from 'vitest';
import { fitContext } from '../../../../server/chat/retrieval/fit-context.ts';
import type { Section } from '../../../../server/collection/section.ts';
import { sampleSections } from '../../sample-sections.ts';

/** A page of five sections with ten characters each, and a section of another page. */
const page: Section[] = ['a', 'b', 'c', 'd', 'e'].map((id, at, ids) => ({
  ...sampleSections[0]!,
  id,
  content: id.repeat(10),
  previous: ids[at - 1] ?? null,
  next: ids[at + 1] ?? 'elsewhere',
}));
const sections = [...page, { ...page[0]!, id: 'elsewhere', source: 'other.md' }];
const hit = (id: string, score: number) => ({
  section: sections.find((section) => section.id === id)!,
  score,
  similarity: score,
});

function fitted(ranked: ReturnType<typeof hit>[], limits: { budget?: number; limit?: number } = {}): string {
  const adjacent = (id: string) => sections.find((section) => section.id === id);
  const passages = fitContext({ ranked, budget: 1_000, limit: 8, minScoreShare: 0.25, adjacent, ...limits });
  return passages.map(({ section }) => section.id).join(' ');
}

test.each([
  ['the sections after and before a hit follow the hits', [hit('c', 1), hit('a', 0.5)], {}, 'c a d b'],
  ['no section of another page', [hit('e', 1)], {}, 'e d'],
  ['only as far as the budget allows', [hit('c', 1), hit('a', 0.5)], { budget: 30 }, 'c a d'],
  ['the best hit even when it is too long', [hit('c', 1), hit('a', 0.5)], { budget: 5 }, 'c'],
  ['hits far below the best are left out', [hit('c', 1), hit('a', 0.2)], {}, 'c d b'],
  ['no more than the limit', [hit('a', 1), hit('c', 0.9), hit('e', 0.8)], { limit: 3 }, 'a b'],
])('%s', (_name, ranked, limits, expected) => {
  expect(fitted(ranked, limits)).toBe(expected);
});

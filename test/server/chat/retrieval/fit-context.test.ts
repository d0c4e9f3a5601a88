import { expect, test } from 'vitest';
import { fitContext } from '../../../../server/chat/retrieval/fit-context.ts';
import type { Section } from '../../../../server/collection/section.ts';
import { sampleSections } from '../../sample-sections.ts';

/** A page of five sections of ten characters each, and one section of another page. */
const page: Section[] = ['a', 'b', 'c', 'd', 'e'].map((id, at, ids) => ({
  ...sampleSections[0]!,
  id,
  content: id.repeat(10),
  previous: ids[at - 1] ?? null,
  next: ids[at + 1] ?? 'elsewhere',
}));
const sections = [...page, { ...page[0]!, id: 'elsewhere', source: 'other.md' }];
const hit = (id: string, score: number) => ({
  section: sections.find((one) => one.id === id)!,
  score,
  similarity: score,
});

function packed(ranked: ReturnType<typeof hit>[], limits: { budget?: number; limit?: number } = {}): string {
  const neighbour = (id: string) => sections.find((one) => one.id === id);
  const passages = fitContext({ ranked, budget: 1_000, limit: 8, share: 0.25, neighbour, ...limits });
  return passages.map(({ section }) => section.id).join(' ');
}

test.each([
  ['what stands after and before a hit follows the hits', [hit('c', 1), hit('a', 0.5)], {}, 'c a d b'],
  ['nothing of another page', [hit('e', 1)], {}, 'e d'],
  ['only while the budget allows', [hit('c', 1), hit('a', 0.5)], { budget: 30 }, 'c a d'],
  ['the best one also when it is too long', [hit('c', 1), hit('a', 0.5)], { budget: 5 }, 'c'],
  ['what falls far behind the best is left out', [hit('c', 1), hit('a', 0.2)], {}, 'c d b'],
  ['no more than the limit', [hit('a', 1), hit('c', 0.9), hit('e', 0.8)], { limit: 3 }, 'a b'],
])('%s', (_name, ranked, limits, expected) => {
  expect(packed(ranked, limits)).toBe(expected);
});

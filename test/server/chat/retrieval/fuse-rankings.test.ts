import { expect, test } from 'vitest';
import { fuseRankings } from '../../../../server/chat/retrieval/fuse-rankings.ts';
import { sampleSections as sections } from '../../sample-sections.ts';

const hit = (index: number, score: number) => ({ section: sections[index]!, score });
const weights = { dense: 0.6, lexical: 0.4 };

test('a section that both retrievers find ranks above the best of one', () => {
  const dense = [hit(0, 0.8), hit(1, 0.79), hit(2, 0.4)];
  const lexical = [hit(3, 9), hit(1, 8), hit(4, 1)];
  const ranked = fuseRankings({ dense, lexical, weights });
  expect(ranked[0]?.section).toBe(sections[1]);
  expect(ranked[0]?.similarity).toBe(0.79);
  expect(ranked.every(({ score }) => score > 0 && score <= 1)).toBe(true);
});

test('a single ranking keeps its order at full scale', () => {
  const ranked = fuseRankings({ dense: [], lexical: [hit(2, 5), hit(0, 3)], weights });
  expect(ranked.map(({ section }) => section)).toEqual([sections[2], sections[0]]);
  expect(ranked[0]?.score).toBe(1);
});

test('the same text under two ids counts once', () => {
  const twin = { section: { ...sections[0]!, id: 'another' }, score: 0.8 };
  expect(fuseRankings({ dense: [hit(0, 0.8), twin], lexical: [], weights })).toHaveLength(1);
});

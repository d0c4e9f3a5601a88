import { expect, test } from 'vitest';
import { fuseRankings } from '../../../../server/chat/retrieval/fuse-rankings.ts';
import { sampleSections as sections } from '../../sample-sections.ts';

const hit = (index: number, score: number) => ({ section: sections[index]!, score });
const fusion = { denseWeight: 0.5, cosineDeviation: 0.1 };
const noWords = { hits: [], deviation: 0 };
const order = (ranked: { section: unknown }[]) =>
  ranked.map(({ section }) => sections.indexOf(section as never));

test('a section that both retrievers find ranks above the best of one', () => {
  const dense = [hit(0, 0.8), hit(1, 0.79), hit(2, 0.4)];
  const lexical = { hits: [hit(3, 9), hit(1, 8), hit(4, 1)], deviation: 2 };
  const ranked = fuseRankings({ dense, lexical, fusion });
  expect(ranked[0]?.section).toBe(sections[1]);
  expect(ranked[0]?.similarity).toBe(0.79);
  expect(ranked.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
});

test('a retriever that tells little apart has little to say', () => {
  const lexical = { hits: [hit(0, 9), hit(1, 3)], deviation: 1 };
  const vague = [hit(1, 0.62), hit(0, 0.6)];
  const sure = [hit(1, 0.9), hit(0, 0.1)];
  expect(order(fuseRankings({ dense: vague, lexical, fusion }))).toEqual([0, 1]);
  expect(order(fuseRankings({ dense: sure, lexical, fusion }))).toEqual([1, 0]);
  const narrow = { ...fusion, cosineDeviation: 0.002 };
  expect(order(fuseRankings({ dense: vague, lexical, fusion: narrow }))).toEqual([1, 0]);
});

test('without a known deviation, that of the hits is estimated', () => {
  const dense = [hit(1, 0.62), hit(0, 0.6)];
  const lexical = { hits: [hit(0, 9), hit(1, 8)], deviation: 3 };
  const unknown = { denseWeight: 0.5, cosineDeviation: null };
  expect(order(fuseRankings({ dense, lexical, fusion: unknown }))).toEqual([1, 0]);
});

test('a single ranking keeps its order at full scale', () => {
  const lexical = { hits: [hit(2, 5), hit(0, 3)], deviation: 1 };
  const ranked = fuseRankings({ dense: [], lexical, fusion });
  expect(order(ranked)).toEqual([2, 0]);
  expect(ranked[0]?.score).toBe(1);
  expect(order(fuseRankings({ dense: [hit(2, 0.5), hit(0, 0.3)], lexical: noWords, fusion }))).toEqual([
    2, 0,
  ]);
});

test.each([true, false])(
  'a section on the best page ranks above one that matches alone (vectors: %s)',
  (dense) => {
    const onPage = (index: number, source: string, score: number) => ({
      section: { ...sections[index]!, source },
      score,
    });
    const hits = [
      onPage(0, 'best.md', 0.5),
      onPage(2, 'other.md', 0.3),
      onPage(1, 'best.md', 0.28),
      onPage(3, 'third.md', 0.1),
    ];
    const ranked = fuseRankings({
      dense: dense ? hits : [],
      lexical: dense ? noWords : { hits, deviation: 0.1 },
      fusion,
    });
    expect(ranked.slice(0, 3).map(({ section }) => section.id)).toEqual(
      [0, 1, 2].map((index) => sections[index]!.id),
    );
  },
);

test('the same text under two ids counts once', () => {
  const twin = { section: { ...sections[0]!, id: 'another' }, score: 0.8 };
  expect(fuseRankings({ dense: [hit(0, 0.8), twin], lexical: noWords, fusion })).toHaveLength(1);
});

import { expect, it } from 'vitest';
import { rankByProximity } from '../../../../server/chat/retrieval/rank-by-proximity.ts';
import { sampleSections } from '../../sample-sections.ts';

const filler = 'Nothing of interest is written here at all by anybody in this paragraph today. '.repeat(3);

function hitsOf(...contents: string[]) {
  return contents.map((content, position) => ({
    section: { ...sampleSections[0]!, id: String(position), title: '', headings: [], position, content },
    score: 10 - position,
  }));
}

it('prefers a section in which the words of the question are near each other', () => {
  const apart = `The battery is charged. ${filler} A gale may come.`;
  const near = 'Charge the battery before a gale.';
  const ranked = rankByProximity('How do I charge the battery before a gale?', hitsOf(apart, near));
  expect(ranked.map(({ section }) => section.content)).toEqual([near, apart]);
});

it('keeps order and scores for a single word, for a text that is no question, and without hits', () => {
  const hits = hitsOf('battery', 'battery battery');
  expect(rankByProximity('battery', hits)).toEqual(hits);
  const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  expect(rankByProximity(`battery ${long}`, hits)).toEqual(hits);
  expect(rankByProximity('charge the battery', [])).toEqual([]);
});

it('takes little time for the longest sections and a question of many words', () => {
  const words = Array.from({ length: 24 }, (_, index) => `word${index}`);
  const content = `${words.join(' ')} `.repeat(4_000);
  const hits = hitsOf(...Array.from({ length: 20 }, () => content));
  const began = process.cpuUsage();
  rankByProximity(words.join(' '), hits);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(400);
});

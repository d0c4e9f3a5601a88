import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { memoryBook } from '../../../../server/chat/book-index/memory-book.ts';
import type { Section } from '../../../../server/collection/section.ts';
import { sampleSections } from '../../sample-sections.ts';

/** Sections of 30 words; every one brings words that no other has. */
function manySections(count: number): Section[] {
  const [sample] = sampleSections;
  return Array.from({ length: count }, (_section, position) => ({
    ...sample!,
    id: `section-${position}`,
    url: `/docs/page-${position % 5_000}#part`,
    headings: [`Chapter ${position}`],
    content: Array.from({ length: 30 }, (_word, at) =>
      at < 4 ? `part${position}x${at}` : `word${(position * at) % 9_000}`,
    ).join(' '),
    position,
  }));
}

/** The longest slice's share of the whole, in processor time of this process: other programs do not count. */
async function longestStandstill(sections: readonly Section[]): Promise<number> {
  const began = process.cpuUsage();
  let longest = 0;
  let before = process.cpuUsage();
  const spent = (since: NodeJS.CpuUsage): number => {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1000;
  };
  await memoryBook({ sections, writtenAt: null }, async () => {
    longest = Math.max(longest, spent(before));
    await nextTurn();
    before = process.cpuUsage();
  });
  return Math.max(longest, spent(before)) / spent(began);
}

test('a book of 50,000 sections is indexed while everything else goes on', { timeout: 120_000 }, async () => {
  const share = await longestStandstill(manySections(50_000));
  // A synchronous pass over all sections, or over all words, takes far more of the whole.
  expect(share).toBeLessThan(0.02);
});

test('a book that was indexed in slices finds its first, its middle and its last section', async () => {
  const book = await memoryBook({ sections: manySections(4_000), writtenAt: null });
  for (const position of [0, 1_999, 3_999]) {
    const { hits, coverage } = book.bm25.search({ text: `part${position}x3`, limit: 3 });
    expect(hits.map(({ section }) => section.id)).toEqual([`section-${position}`]);
    expect(coverage).toBeGreaterThan(0.5);
  }
  expect([book.sections.size, book.pages.size]).toEqual([4_000, 4_000]);
});

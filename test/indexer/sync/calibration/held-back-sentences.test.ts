import { expect, test } from 'vitest';
import { heldBackSentences } from '../../../../indexer/sync/calibration/held-back-sentences.ts';

const section = (id: number, content: string) => ({ id: String(id), content });

test('sentences come from evenly spread sections, from half of them at most', () => {
  const sections = Array.from({ length: 20 }, (_, id) =>
    section(id, `Section ${id} tells how to mount it. More.`),
  );
  expect(heldBackSentences(sections, 5).map(({ section: { id } }) => id)).toEqual([
    '0',
    '4',
    '8',
    '12',
    '16',
  ]);
  expect(heldBackSentences(sections, 40)).toHaveLength(10);
  expect(heldBackSentences(sections, 5)[1]?.sentence).toBe('Section 4 tells how to mount it.');
});

test('a section without a sentence gives none, a language without spaces does', () => {
  const sections = [section(0, 'Short.'), section(1, ''), section(2, '風速計はマストの上に取り付けます。')];
  expect(heldBackSentences(sections, 5).map(({ sentence }) => sentence)).toEqual([
    '風速計はマストの上に取り付けます。',
  ]);
});

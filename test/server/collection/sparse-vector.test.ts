import { expect, test } from 'vitest';
import { sparseVector } from '../../../server/collection/sparse-vector.ts';
import { sampleSections } from '../sample-sections.ts';

test('a sparse vector has unique unsigned indices, and a question shares them with its section', () => {
  const section = sparseVector(sampleSections[0]!);
  expect(new Set(section.indices).size).toBe(section.indices.length);
  expect(
    section.indices.every((index) => Number.isInteger(index) && index >= 0 && index <= 0xff_ff_ff_ff),
  ).toBe(true);
  expect(section.values).toHaveLength(section.indices.length);
  const question = sparseVector('lidar range');
  expect(question.values).toEqual([1, 1]);
  expect(section.indices).toEqual(expect.arrayContaining(question.indices));
});

// Collections store these numbers: another hash would find nothing in them.
test('a term has the FNV-1a hash of its UTF-8 bytes', () => {
  expect(sparseVector('lidar').indices).toEqual([0x57_4d_df_75]);
  expect(sparseVector('Москва').indices).toEqual([0xcc_58_f5_11]);
});

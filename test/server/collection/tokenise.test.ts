import { expect, test } from 'vitest';
import { sparseVector, tokenise } from '../../../server/collection/tokenise.ts';
import { sampleSections } from '../sample-sections.ts';

test.each([
  ['Publishing topics', 'publish a topic'],
  ['tuned controllers', 'tune the controller'],
  ['batteries charged', 'battery charging'],
  ['The Café, ﬁne', 'cafe fine'],
  ['useEffect', 'useeffect use Effect'],
  ['C++ and C#', 'c++ c#'],
])('"%s" and "%s" give the same terms', (one, other) => {
  expect(new Set(tokenise(one))).toEqual(new Set(tokenise(other)));
});

test('scripts without blanks are cut into words', () => {
  expect(tokenise('激光雷达测量距离').length).toBeGreaterThan(2);
  expect(tokenise('لیڈار فاصلہ ناپتا ہے')).toHaveLength(4);
});

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

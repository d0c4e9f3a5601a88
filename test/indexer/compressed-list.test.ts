import { expect, test } from 'vitest';
import { CompressedList } from '../../indexer/compressed-list.ts';

test.each([0, 1, 3, 4, 5, 9])('returns %i values in order and by index', (count) => {
  const values = Array.from({ length: count }, (_, index) => ({
    index,
    text: `\u{1F600} ${index}`,
    none: null,
  }));
  const list = new CompressedList<(typeof values)[number]>(4);
  for (const value of values) list.push(value);
  expect(list.length).toBe(count);
  expect([...list]).toEqual(values);
  expect([...list]).toEqual(values);
  for (const index of [8, 0, 5, 3, 4, 1]) expect(list.at(index)).toEqual(values[index]);
  expect(list.at(count)).toBeUndefined();
});

test('frees what was taken, and nothing else', () => {
  const list = new CompressedList<number>(1);
  for (const value of [1, 2, 3]) list.push(value);
  expect([list.take(2), list.take(0)]).toEqual([3, 1]);
  expect(() => list.at(0)).toThrow();
  expect([list.length, list.at(1), list.take(3)]).toEqual([3, 2, undefined]);
});

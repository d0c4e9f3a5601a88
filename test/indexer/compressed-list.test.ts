import { expect, test } from 'vitest';
import { CompressedList } from '../../indexer/compressed-list.ts';

test.each([0, 1, 3, 4, 5, 9])('%i values come back in order, by place, and as copies', (count) => {
  const values = Array.from({ length: count }, (_, at) => ({ at, text: `\u{1F600} ${at}`, none: null }));
  const shelf = new CompressedList<(typeof values)[number]>(4);
  for (const value of values) shelf.push(value);
  expect(shelf.length).toBe(count);
  expect([...shelf]).toEqual(values);
  expect([...shelf]).toEqual(values);
  for (const at of [8, 0, 5, 3, 4, 1]) expect(shelf.at(at)).toEqual(values[at]);
  expect(shelf.at(count)).toBeUndefined();
});

test('what was taken is given up, and nothing else', () => {
  const shelf = new CompressedList<number>(1);
  for (const value of [1, 2, 3]) shelf.push(value);
  expect([shelf.take(2), shelf.take(0)]).toEqual([3, 1]);
  expect(() => shelf.at(0)).toThrow();
  expect([shelf.length, shelf.at(1), shelf.take(3)]).toEqual([3, 2, undefined]);
});

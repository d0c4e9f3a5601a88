import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { likenessOf, textSample } from '../../../../indexer/sync/calibration/text-sample.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const book = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => hashOf(`${name} ${index}`));

it('estimates how much of two books is the same text, whatever its order', () => {
  const old = book('old', 1_000);
  const half = [...book('new', 500), ...old.slice(500)];
  expect(likenessOf(textSample(old), textSample(old.toReversed()))).toBe(1);
  expect(likenessOf(textSample(old), textSample(book('new', 1_000)))).toBe(0);
  const likeness = likenessOf(textSample(old), textSample(half));
  expect(Math.abs(likeness - 1 / 3)).toBeLessThan(0.15);
  expect(likenessOf(textSample([]), textSample([]))).toBe(0);
});

it('keeps the same size for the largest book', () => {
  expect(textSample(book('old', 5_000))).toHaveLength(64);
  expect(textSample(book('old', 3))).toHaveLength(3);
});

import { expect, test } from 'vitest';
import { TokenBuckets } from '../../../../server/http/limits/token-buckets.ts';

test('a bucket empties, returns how long to wait, and refills', () => {
  let now = 0;
  const limit = new TokenBuckets({ rate: 2, windowMs: 60_000, now: () => now });
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 30_000]);
  expect(limit.take('b')).toBe(0);
  now = 30_000;
  expect(limit.take('a')).toBe(0);
});

test('a clock that is set back makes no client wait longer', () => {
  let now = 10 * 3_600_000;
  const limit = new TokenBuckets({ rate: 2, windowMs: 60_000, now: () => now });
  expect(limit.take('a')).toBe(0);
  now -= 3_600_000;
  expect([limit.take('a'), limit.take('a')]).toEqual([0, 30_000]);
  now += 30_000;
  expect(limit.take('a')).toBe(0);
});

import { expect, test } from 'vitest';
import { createRateLimits, defaultRateLimits, TokenBuckets } from '../../../server/http/rate-limits.ts';

test('a bucket empties, returns how long to wait, and refills', () => {
  let now = 0;
  const limit = new TokenBuckets({ rate: 2, windowMs: 60_000, now: () => now });
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 30_000]);
  expect(limit.take('b')).toBe(0);
  now = 30_000;
  expect(limit.take('a')).toBe(0);
});

test('an address, a conversation and a day have separate limits', () => {
  const rateLimits = createRateLimits(
    { ...defaultRateLimits, perAddress: 2, perConversation: 1, perDay: 4 },
    () => 0,
  );
  const ask = (address: string, conversationId: string | null) => () =>
    rateLimits.checkQuestion({ address, conversationId });
  ask('203.0.113.1', 'c1')();
  expect(ask('203.0.113.2', 'c1')).toThrow(/faster/);
  ask('203.0.113.1', null)();
  expect(ask('203.0.113.1', null)).toThrow(expect.objectContaining({ status: 429 }));
  ask('203.0.113.2', null)();
  ask('203.0.113.3', null)();
  expect(ask('203.0.113.4', null)).toThrow(/today/);
  for (let count = 0; count < 50; count += 1) ask('127.0.0.1', null)();
});

test('a day allows its budget and no more, however it is spread, and the next day starts again', () => {
  const hour = 3_600_000;
  let now = 20_000 * 24 * hour;
  const rateLimits = createRateLimits({ ...defaultRateLimits, perDay: 10 }, () => now);
  let passed = 0;
  let waits: unknown;
  for (let at = 0; at < 24; at += 1, now += hour)
    for (let reader = 0; reader < 3; reader += 1)
      try {
        rateLimits.checkQuestion({ address: `203.0.113.${reader}`, conversationId: null });
        passed += 1;
      } catch (error) {
        waits = error;
      }
  expect(passed).toBe(10);
  expect(waits).toMatchObject({ status: 429, retryAfter: 3_600 });
  rateLimits.checkQuestion({ address: '203.0.113.1', conversationId: null });
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:0:0:9', true],
  ['2001:db8::1', '2001:db8:0:0:7::', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['::ffff:203.0.113.1', '::ffff:203.0.113.2', false],
  ['203.0.113.1', '203.0.113.2', false],
])('%s and %s are the same client: %s', (first, second, isSame) => {
  const rateLimits = createRateLimits({ ...defaultRateLimits, perAddress: 1 }, () => 0);
  const ask = (address: string) => () => rateLimits.checkQuestion({ address, conversationId: null });
  ask(first)();
  if (isSame) expect(ask(second)).toThrow(expect.objectContaining({ status: 429 }));
  else ask(second)();
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

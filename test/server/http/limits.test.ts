import { expect, test } from 'vitest';
import { createGates, defaultLimits, RateLimit } from '../../../server/http/limits.ts';

test('a bucket empties, says how long to wait, and fills again', () => {
  let now = 0;
  const limit = new RateLimit({ rate: 2, windowMs: 60_000, now: () => now });
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 30_000]);
  expect(limit.take('b')).toBe(0);
  now = 30_000;
  expect(limit.take('a')).toBe(0);
});

test('one address, one conversation and one day have limits of their own', () => {
  const gates = createGates({ ...defaultLimits, perAddress: 2, perConversation: 1, perDay: 4 }, () => 0);
  const ask = (address: string, conversationId: string | null) => () =>
    gates.question({ address, conversationId });
  ask('203.0.113.1', 'c1')();
  expect(ask('203.0.113.2', 'c1')).toThrow(/faster/);
  ask('203.0.113.1', null)();
  expect(ask('203.0.113.1', null)).toThrow(expect.objectContaining({ status: 429 }));
  ask('203.0.113.2', null)();
  ask('203.0.113.3', null)();
  expect(ask('203.0.113.4', null)).toThrow(/today/);
  for (let count = 0; count < 50; count += 1) ask('127.0.0.1', null)();
});

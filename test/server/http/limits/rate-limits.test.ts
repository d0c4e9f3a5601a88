import { expect, test } from 'vitest';
import type { ClientAddress } from '../../../../server/http/limits/client-address.ts';
import { createRateLimits, defaultRateLimits } from '../../../../server/http/limits/rate-limits.ts';

const from = (network: string, options: Partial<ClientAddress> = {}): ClientAddress => ({
  network,
  provider: network.split('.').slice(0, 3).join('.'),
  isLocal: false,
  ...options,
});
const repeat = (count: number, ask: () => boolean): number =>
  Array.from({ length: count }, ask).filter(Boolean).length;

test('above its rate an address is answered without the model, and refused only at ten times that rate', () => {
  const limits = createRateLimits({ ...defaultRateLimits, perAddress: 3 }, () => 0);
  const ask = () => limits.allowsQuestion(from('203.0.113.1'));
  expect(repeat(30, ask)).toBe(3);
  expect(ask).toThrow(expect.objectContaining({ status: 429, code: 'rate-limited', retryAfter: 2 }));
  expect(limits.allowsQuestion(from('203.0.113.2'))).toBe(true);
});

test('a provider’s addresses together have a wider rate, above which none of them is refused', () => {
  const limits = createRateLimits({ ...defaultRateLimits, perAddress: 2 }, () => 0);
  let host = 0;
  expect(repeat(250, () => limits.allowsQuestion(from(`203.0.113.${(host += 1)}`)))).toBe(40);
});

test('a conversation has its own rate', () => {
  const limits = createRateLimits({ ...defaultRateLimits, perConversation: 2 }, () => 0);
  expect(repeat(20, () => limits.allowsInConversation('c1', from('203.0.113.1')))).toBe(2);
  expect(() => limits.allowsInConversation('c1', from('203.0.113.9'))).toThrow(/faster/);
  expect(limits.allowsInConversation('c2', from('203.0.113.1'))).toBe(true);
});

test('programs on this machine are not limited, and 0 means no limit', () => {
  const limits = createRateLimits({ perAddress: 1, perConversation: 1, readsPerAddress: 1 }, () => 0);
  const local = from('127.0.0.1', { isLocal: true });
  expect(repeat(50, () => limits.allowsQuestion(local) && limits.allowsInConversation('c', local))).toBe(50);
  const none = createRateLimits({ perAddress: 0, perConversation: 0, readsPerAddress: 0 }, () => 0);
  expect(repeat(500, () => none.allowsQuestion(from('203.0.113.1')))).toBe(500);
});

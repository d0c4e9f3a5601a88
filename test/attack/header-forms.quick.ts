/** Headers that a client can write: none of them gives it more than its address has. */
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddressOf } from '../../server/http/limits/client-address.ts';
import { createRateLimits, defaultRateLimits } from '../../server/http/limits/rate-limits.ts';

const reader = '203.0.113.7';
const rate = 30;

/** What the platform's proxy makes of a header that the client sent: it appends the client's own address. */
const behindProxy = (claim: string, own = reader) => ({
  'x-forwarded-for': claim === '' ? own : `${claim}, ${own}`,
});

const claims: readonly [string, (index: number) => Record<string, string>][] = [
  ['nothing', () => behindProxy('')],
  ['loopback', () => behindProxy('127.0.0.1')],
  ['another address each time', (index) => behindProxy(`198.51.${index % 250}.${index >> 8}`)],
  ['another private address each time', (index) => behindProxy(`10.0.${index % 250}.1`)],
  ['a port of its own each time', (index) => behindProxy('', `${reader}:${1_024 + index}`)],
  ['what is no address', (index) => behindProxy(`<script>${index}`)],
  [
    'a chain of a thousand',
    (index) => behindProxy(Array.from({ length: 1_000 }, () => `1.1.1.${index % 250}`).join(',')),
  ],
  ['empty entries', () => behindProxy(',,, ,')],
  ['a mapped address', () => behindProxy('::1', `::ffff:${reader}`)],
  ['a mapped address in hexadecimal', () => behindProxy('', '[::ffff:cb00:7107]:443')],
  [
    'other headers',
    (index) => ({
      ...behindProxy(''),
      'x-real-ip': `1.2.3.${index % 250}`,
      forwarded: 'for=127.0.0.1',
      'cf-connecting-ip': '::1',
      'true-client-ip': `9.9.9.${index % 250}`,
    }),
  ],
  [
    'a /48 of its own',
    (index) => behindProxy('', `2001:db8:7:${(index * 7).toString(16)}::${index.toString(16)}`),
  ],
  [
    'spellings of one address',
    (index) =>
      behindProxy(
        '',
        [
          '2001:db8:8::1',
          '2001:DB8:8::1',
          '[2001:db8:8::1]',
          '[2001:db8:8::1]:443',
          '2001:0db8:0008::0001',
          '2001:db8:8:0:0:0:0:1',
          '2001:db8:8::0.0.0.1',
        ][index % 7]!,
      ),
  ],
];

test.each(claims)('%s is counted as one reader', (_name, headersOf) => {
  const limits = createRateLimits({ ...defaultRateLimits, perAddress: rate }, () => 0);
  let answered = 0;
  let refused = 0;
  for (let index = 0; index < 20 * rate; index += 1) {
    const request = { socket: { remoteAddress: '10.12.0.3' }, headers: headersOf(index) };
    const client = clientAddressOf(request as unknown as IncomingMessage, { isProxied: true });
    expect(client.isLocal).toBe(false);
    try {
      if (limits.allowsQuestion(client)) answered += 1;
    } catch {
      refused += 1;
    }
  }
  expect([answered, refused]).toEqual([rate, 10 * rate]);
});

test('a /32 of ten thousand /48 is answered by the model twenty times as often as one address', () => {
  const limits = createRateLimits({ ...defaultRateLimits, perAddress: rate }, () => 0);
  let answered = 0;
  for (let index = 0; index < 10_000; index += 1) {
    const request = {
      socket: { remoteAddress: '10.12.0.3' },
      headers: behindProxy('', `2001:db8:${index.toString(16)}::1`),
    };
    const client = clientAddressOf(request as unknown as IncomingMessage, { isProxied: true });
    if (limits.allowsQuestion(client)) answered += 1;
  }
  expect(answered).toBe(20 * rate);
});

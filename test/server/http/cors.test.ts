import { expect, test } from 'vitest';
import { parseOrigins } from '../../../server/http/cors.ts';

test.each([
  ['https://a.vercel.app/', 'https://a.vercel.app'],
  [' https://me.github.io/book/ ', 'https://me.github.io'],
  ['"https://c.vercel.app"', 'https://c.vercel.app'],
  ['["https://x.example", "https://y.example"]', 'https://y.example'],
  ['[https://x.example]', 'https://x.example'],
  ['HTTPS://A.Example', 'https://a.example'],
  ['https://a.example:443', 'https://a.example'],
  ['book.example', 'https://book.example'],
  ['https://*.vercel.app', 'https://book-git-main-me.vercel.app'],
  ['*', 'https://anything.example'],
])('%s allows %s', (value, origin) => {
  expect(parseOrigins(value).rule(origin)).toBe(true);
});

test.each([
  ['https://a.example', 'http://a.example'],
  ['https://a.example', 'https://a.example.evil.com'],
  ['https://*.vercel.app', 'https://a.b.vercel.app'],
  ['https://*.vercel.app', 'https://evil.com/.vercel.app'],
  ['https://*.vercel.app', 'https://vercel.app'],
  ['', 'https://a.example'],
])('%s does not allow %s', (value, origin) => {
  expect(parseOrigins(value).rule(origin)).toBe(false);
});

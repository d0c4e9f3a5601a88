import { expect, it } from 'vitest';
import { Secret } from '../../../../wizard/model/secret.ts';
import { loginExpiry, tokenRemedy } from '../../../../wizard/probes/huggingface/login-expiry.ts';

const payload = Buffer.from('{"exp":1900000000}').toString('base64url');

it.each([
  [`hf_oauth_eyJhbGciOiJFZERTQSJ9.${payload}.c2lnbmF0dXJl`, '2030-03-17'],
  ['hf_oauth_eyJhbGciOiJFZERTQSJ9.bm8ganNvbg.c2lnbmF0dXJl', undefined],
  ['hf_abcdefghijklmnopqrstuvwxyzABCDEFGH', undefined],
])('%s', (token, day) => {
  expect(loginExpiry(new Secret(token))?.toISOString().slice(0, 10)).toBe(day);
  const remedy = tokenRemedy(new Secret(token), 'https://huggingface.co/settings/tokens');
  expect(remedy.includes('hf auth whoami')).toBe(token.includes('oauth'));
});

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { containsSecret } from '../../../wizard/model/leak-check.ts';
import { hideSecrets, Secret, withoutSecrets } from '../../../wizard/model/secret.ts';

const value = 'postgresql://ana:p%40ss%2Fw"rd1@db.example/neondb';
const secret = new Secret(value);

it('prints as [secret] wherever it is printed', () => {
  expect([String(secret), JSON.stringify({ secret }), inspect(secret), `${secret}`].join(' ')).not.toContain(
    'ss',
  );
  expect(secret.reveal()).toBe(value);
});

it.each([
  ['raw', value],
  ['URL-encoded', encodeURIComponent(value)],
  ['JSON-escaped', JSON.stringify(value)],
  ['base64', Buffer.from(value).toString('base64')],
  ['its password alone', 'p@ss/w"rd1'],
  ['in hex', Buffer.from(value).toString('hex')],
  ['in capital hex with colons', Buffer.from(value).toString('hex').toUpperCase().match(/../g)!.join(':')],
  ['URL-encoded fully', [...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['as decimal entities', [...value].map((letter) => `&#${letter.charCodeAt(0)};`).join('')],
  ['as hex entities', [...value].map((letter) => `&#x00${letter.charCodeAt(0).toString(16)};`).join('')],
  ['with named entities', value.replaceAll('"', '&quot;')],
  ['as escapes', [...value].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')],
  ['broken over lines', value.replaceAll(/.{12}/g, '$&\n  ')],
  ['broken over lines in JSON', value.replaceAll('"', '\\"').replaceAll(/.{14}(?!")/g, '$&\\n')],
  ['as base64 broken over lines', Buffer.from(value).toString('base64').replaceAll(/.{20}/g, '$&\r\n')],
  ['with blanks of no width', value.replaceAll(/.{5}/g, '$&\u200b')],
])('is taken out of a text that holds it %s', (_, form) => {
  expect(hideSecrets(`connecting to ${form} failed`)).toMatch(/^connecting to "?\[secret\]"?=* failed$/);
});

it('is taken out of an event’s sentences, never out of its names', () => {
  const word = new Secret('postgres');
  expect(withoutSecrets({ service: 'postgres', message: `password ${word.reveal()} refused` })).toEqual({
    service: 'postgres',
    message: 'password [secret] refused',
  });
});

it.each(['{"a":"', 'x', 'xy', ''])('is taken out of base64 that holds it after %j', (before) => {
  const clean = hideSecrets(Buffer.from(`${before}${value}"}`).toString('base64'));
  expect(clean).toContain('[secret]');
  expect(containsSecret(clean)).toBe(false);
});

describe('the second look at what is to be shown', () => {
  const token = new Secret('hf_theOneThatMustNotBeSaid').reveal();
  it.each([
    ['raw', token],
    ['in small letters', token.toLowerCase()],
    ['broken over lines', `${token.slice(0, 9)}\n  ${token.slice(9)}`],
    ['with a blank of no width', `${token.slice(0, 9)}\u200B${token.slice(9)}`],
    ['URL-encoded', [...token].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')],
    ['JSON-escaped', [...token].map((letter) => `\\u00${letter.charCodeAt(0).toString(16)}`).join('')],
    ['base64', Buffer.from(`Bearer ${token}`).toString('base64')],
    ['base64 for URLs', Buffer.from(`{"t":"${token}"}`).toString('base64url')],
  ])('finds a secret %s', (_, form) => {
    expect(containsSecret(`before ${form} after`)).toBe(true);
  });
  it('finds none where there is none', () => {
    expect(containsSecret('version 0.1.0, Node v20, [secret], deployment 0123456789abcdef %zz \\u12')).toBe(
      false,
    );
  });
});

it('is taken out whole where one secret is part of another, and each time', () => {
  const key = new Secret('sk-first-0123456789');
  const longer = new Secret(`${key.reveal()}-and-more`);
  expect(hideSecrets(`${longer.reveal()} ${key.reveal()} ${key.reveal()}.`)).toBe(
    '[secret] [secret] [secret].',
  );
});

it('leaves what only resembles an escape as it is', () => {
  const text = 'İ 100 %, %zz, %E0%A4, &#99999999;, \\u12, a & b, C:\\new, 00:11:22:33:44:55 – café\n  end';
  expect(hideSecrets(text)).toBe(text);
});

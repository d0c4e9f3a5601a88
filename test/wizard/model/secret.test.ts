import { inspect } from 'node:util';
import { expect, it } from 'vitest';
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

import { expect, it } from 'vitest';
import { formatProblem } from '../../../wizard/model/formats/credential-formats.ts';
import { hideSecrets } from '../../../wizard/model/secret.ts';
import { parsePaste } from '../../../wizard/paste/parse-paste.ts';

const login = `hf_oauth_eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl-_${'x'.repeat(20)}`;

it('the token of `hf auth login`, a JWT with dots, is a Hugging Face token', () => {
  expect(formatProblem({ name: 'HF_TOKEN', value: login })).toBeNull();
  expect(parsePaste({ raw: login, expected: 'QDRANT_API_KEY' }).values).toHaveProperty('HF_TOKEN');
});

it.each([login, login.replace('oauth', 'jwt')])('is hidden whole, wherever it is quoted', (token) => {
  const text = hideSecrets(`the Hub answered: "${token}", and ${token}.`);
  expect(text).toBe('the Hub answered: "[secret]", and [secret].');
});

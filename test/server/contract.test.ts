import { expect, test } from 'vitest';
import { serverEnvironment } from '../../server/contract.ts';

const needed = { GEMINI_API_KEY: 'g', QDRANT_URL: 'q', DATABASE_URL: 'd' };

test('names of similar servers are accepted, ours takes precedence, and an empty value is absent', () => {
  const others = {
    GOOGLE_API_KEY: 'g',
    QDRANT_URL: 'q',
    NEON_DATABASE_URL: 'd',
    CORS_ORIGINS: 'https://a.b',
  };
  expect(serverEnvironment.parse({ ...others, COLLECTION_NAME: 'book' })).toMatchObject({
    ...needed,
    ALLOWED_ORIGINS: 'https://a.b',
    QDRANT_COLLECTION: 'book',
  });
  expect(serverEnvironment.parse({ ...needed, NEON_DB_URL: 'other' }).DATABASE_URL).toBe('d');
  expect(serverEnvironment.parse({ ...needed, DATABASE_URL: ' ', NEON_DB_URL: 'e' }).DATABASE_URL).toBe('e');
});

test.each([
  [{}, { CHAT_RESPONSE_MODE: 'auto', CHAT_PER_MINUTE: 30, CHAT_DAILY_BUDGET: 0 }],
  [
    { CHAT_RESPONSE_MODE: 'JSON', CHAT_PER_MINUTE: '5', CHAT_DAILY_BUDGET: '200' },
    { CHAT_RESPONSE_MODE: 'json', CHAT_PER_MINUTE: 5, CHAT_DAILY_BUDGET: 200 },
  ],
])('%o', (values, expected) => {
  expect(serverEnvironment.parse({ ...needed, ...values })).toMatchObject(expected);
});

test.each([{ CHAT_PER_MINUTE: '-1' }, { CHAT_RESPONSE_MODE: 'xml' }])('%o is refused', (values) => {
  expect(serverEnvironment.safeParse({ ...needed, ...values }).success).toBe(false);
});

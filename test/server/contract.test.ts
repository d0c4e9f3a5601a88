import { expect, test } from 'vitest';
import { readSettings } from '../../server/contract.ts';

const settingsOf = (environment: object) => readSettings(environment).settings;
const needed = { GEMINI_API_KEY: 'g', QDRANT_URL: 'q', DATABASE_URL: 'd' };

test('names of similar servers are accepted, ours takes precedence, and an empty value is absent', () => {
  const others = {
    GOOGLE_API_KEY: 'g',
    QDRANT_URL: 'q',
    NEON_DATABASE_URL: 'd',
    CORS_ORIGINS: 'https://a.b',
  };
  expect(settingsOf({ ...others, COLLECTION_NAME: 'book' })).toMatchObject({
    ...needed,
    ALLOWED_ORIGINS: 'https://a.b',
    QDRANT_COLLECTION: 'book',
  });
  expect(settingsOf({ ...needed, NEON_DB_URL: 'other' }).DATABASE_URL).toBe('d');
  expect(settingsOf({ ...needed, DATABASE_URL: ' ', NEON_DB_URL: 'e' }).DATABASE_URL).toBe('e');
});

test.each([
  [{}, { CHAT_RESPONSE_MODE: 'auto', CHAT_PER_MINUTE: 30, CHAT_DAILY_BUDGET: 0 }],
  [
    { CHAT_RESPONSE_MODE: 'JSON', CHAT_PER_MINUTE: '5', CHAT_DAILY_BUDGET: '200' },
    { CHAT_RESPONSE_MODE: 'json', CHAT_PER_MINUTE: 5, CHAT_DAILY_BUDGET: 200 },
  ],
])('%o', (values, expected) => {
  expect(settingsOf({ ...needed, ...values })).toMatchObject(expected);
});

test.each([{ CHAT_PER_MINUTE: '-1' }, { CHAT_RESPONSE_MODE: 'xml' }])(
  '%o is named, and replaced by its default',
  (values) => {
    const { settings, invalid } = readSettings({ ...needed, ...values });
    expect(invalid).toEqual([{ name: Object.keys(values)[0], isMissing: false }]);
    expect(settings).toMatchObject(settingsOf(needed));
  },
);

import { expect, test } from 'vitest';
import { parsePostgresUrl } from '../../../../server/adapters/postgres/postgres-url.ts';

test.each([
  [
    "psql 'postgres://u:p@ep-x.neon.tech/db?sslmode=require&channel_binding=require'",
    'postgresql://u:p@ep-x.neon.tech/db?sslmode=verify-full',
  ],
  ['postgresql+asyncpg://u:p%40w@h:5433/db', 'postgresql://u:p%40w@h:5433/db'],
  ['postgresql://u:p@127.0.0.1/db?sslmode=disable', 'postgresql://u:p@127.0.0.1/db?sslmode=disable'],
])('%s means %s', (value, expected) => {
  expect(parsePostgresUrl(value).connectionString).toBe(expected);
});

test('an invalid URL is rejected without repeating it', () => {
  const parse = () => parsePostgresUrl('s3cret');
  expect(parse).toThrow(/is not an address/);
  expect(parse).not.toThrow(/s3cret/);
});

import { expect, test } from 'vitest';
import { parsePostgresUrl } from '../../../server/adapters/postgres/postgres-url.ts';
import { parseQdrantUrl } from '../../../server/adapters/qdrant/qdrant-url.ts';

test.each([
  ['https://x.cloud.qdrant.io', 'https://x.cloud.qdrant.io:6333'],
  ['https://x.cloud.qdrant.io:6333/', 'https://x.cloud.qdrant.io:6333'],
  ['https://x.cloud.qdrant.io:443', 'https://x.cloud.qdrant.io:443'],
  ['x.cloud.qdrant.io', 'https://x.cloud.qdrant.io:6333'],
  ['https://x.cloud.qdrant.io:6333/dashboard', 'https://x.cloud.qdrant.io:6333'],
  ['http://127.0.0.1:18333', 'http://127.0.0.1:18333'],
  ['https://proxy.example:443/qdrant/', 'https://proxy.example:443/qdrant'],
])('QDRANT_URL %s means %s', (value, url) => {
  expect(parseQdrantUrl(value).url).toBe(url);
});

test.each([
  [
    "psql 'postgres://u:p@ep-x.neon.tech/db?sslmode=require&channel_binding=require'",
    'postgresql://u:p@ep-x.neon.tech/db?sslmode=verify-full',
  ],
  ['postgresql+asyncpg://u:p%40w@h:5433/db', 'postgresql://u:p%40w@h:5433/db'],
  ['postgresql://u:p@127.0.0.1/db?sslmode=disable', 'postgresql://u:p@127.0.0.1/db?sslmode=disable'],
])('DATABASE_URL %s is understood', (value, expected) => {
  expect(parsePostgresUrl(value).connectionString).toBe(expected);
});

test('an invalid URL is rejected without repeating it', () => {
  for (const work of [() => parsePostgresUrl('s3cret'), () => parseQdrantUrl('ftp://s3cret')]) {
    expect(work).toThrow(/is not an address/);
    expect(work).not.toThrow(/s3cret/);
  }
});

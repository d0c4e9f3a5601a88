import { expect, test } from 'vitest';
import { parseQdrantUrl } from '../../../../server/adapters/qdrant/qdrant-url.ts';

test.each([
  ['https://x.cloud.qdrant.io', 'https://x.cloud.qdrant.io:6333'],
  ['https://x.cloud.qdrant.io:6333/', 'https://x.cloud.qdrant.io:6333'],
  ['https://x.cloud.qdrant.io:443', 'https://x.cloud.qdrant.io:443'],
  ['x.cloud.qdrant.io', 'https://x.cloud.qdrant.io:6333'],
  ['https://x.cloud.qdrant.io:6333/dashboard', 'https://x.cloud.qdrant.io:6333'],
  ['http://127.0.0.1:18333', 'http://127.0.0.1:18333'],
  ['https://proxy.example:443/qdrant/', 'https://proxy.example:443/qdrant'],
])('%s means %s', (value, url) => {
  expect(parseQdrantUrl(value).url).toBe(url);
});

test('an invalid URL is rejected without repeating it', () => {
  const parse = () => parseQdrantUrl('ftp://s3cret');
  expect(parse).toThrow(/is not an address/);
  expect(parse).not.toThrow(/s3cret/);
});

import { expect, test } from 'vitest';
import { sectionFromPoint } from '../../../../server/adapters/qdrant/qdrant-payload.ts';

test.each([
  ['https://book.example/docs/a#b', '/docs/a#b'],
  ['/docs/a', '/docs/a'],
  ['//evil.example/a', '/evil.example/a'],
  ['/\\evil.example/a', '/evil.example/a'],
  ['https://book.example//evil.example/a', '/evil.example/a'],
  ['https://', '/docs/a'],
  ['http://[half/docs/a', '/docs/a'],
  ['https://book example/docs/a', '/docs/a'],
])('the URL "%s" of a legacy point becomes "%s"', (url, path) => {
  const payload = { content: 'A lidar measures distance.', source: 'docs/a.md', url };
  expect(sectionFromPoint({ id: 1, payload, position: 0 })).toMatchObject({ url: path });
});

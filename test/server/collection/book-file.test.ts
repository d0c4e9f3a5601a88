import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bm25IndexOf, buildBm25Index } from '../../../server/collection/bm25-index.ts';
import { packWords, unpackWords, wordsVersion } from '../../../server/collection/book-file.ts';
import { buildWordIndex } from '../../../server/collection/postings.ts';
import { runAtOnce } from '../../../server/collection/run-in-slices.ts';
import { sampleSections } from '../sample-sections.ts';

const packed = packWords(runAtOnce(buildWordIndex(sampleSections)));

test('a packed index finds what the index that is built at the start finds', () => {
  const words = unpackWords(packed);
  if (words === null) throw new Error('not readable');
  const built = runAtOnce(buildBm25Index(sampleSections));
  for (const text of ['How far does a lidar see?', 'tune the gain', 'useEffect', 'no such word'])
    expect(bm25IndexOf(sampleSections, words).search({ text, limit: 5 })).toEqual(
      built.search({ text, limit: 5 }),
    );
});

test('an index of other terms or weights is not used: raise `wordsVersion` with this digest', () => {
  expect(unpackWords({ ...packed, version: wordsVersion + 1 })).toBeNull();
  const digest = createHash('sha256').update(JSON.stringify(packed)).digest('hex').slice(0, 16);
  expect([wordsVersion, digest]).toEqual([1, 'aacf9d470bb8263e']);
});

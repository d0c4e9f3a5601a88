import { describe, expect, it } from 'vitest';
import type { CollectionState } from '../../../server/collection/ports.ts';
import { stampSchema } from '../../../server/collection/stamp.ts';
import { diagnoseCollection } from '../../../wizard/diagnosis/diagnose-collection.ts';

const stamp = stampSchema.parse({
  kind: 'stamp',
  embedding_model: 'gemini-embedding-2',
  dimensions: 768,
  text_format: 'plain',
  chunker: 1,
  sections: 10,
  digest: 'd',
  written_at: '2026-01-01T00:00:00.000Z',
});
const complete = {
  exists: true,
  points: 11,
  dimensions: 768,
  vectorName: 'dense',
  hasSparse: true,
  stamp,
} as const satisfies CollectionState;
const server = {
  collection: 'book',
  variables: { GEMINI_EMBEDDING_MODEL: { value: 'gemini-embedding-2' } },
  isServed: false,
};
const codes = (state: CollectionState, changes: Partial<typeof server> = {}) =>
  diagnoseCollection(state, { ...server, ...changes }).map(({ code }) => code);

describe('a collection', () => {
  it('that is complete has no finding, also while another run writes to it', () => {
    expect(codes(complete)).toEqual([]);
    expect(codes({ ...complete, points: 12 })).toEqual([]);
  });

  it.each<[string, CollectionState]>([
    ['collection-missing', { exists: false }],
    ['collection-empty', { ...complete, points: 0 }],
    ['collection-empty', { ...complete, stamp: { ...stamp, sections: 0 } }],
    ['collection-unstamped', { ...complete, stamp: null }],
    ['stamp-differs', { ...complete, stamp: { ...stamp, embedding_model: 'text-embedding-004' } }],
    ['stamp-differs', { ...complete, dimensions: 1024 }],
    ['sections-without-vector', { ...complete, stamp: { ...stamp, without_vector: 2 } }],
  ])('%s', (code, state) => expect(codes(state)).toEqual([code]));

  it('of another tool that the server searches is no finding', () =>
    expect(codes({ ...complete, stamp: null }, { isServed: true })).toEqual([]));

  it('whose sections were deleted is reported with their number', () => {
    const findings = diagnoseCollection({ ...complete, points: 8 }, { ...server, isServed: true });
    expect(findings).toMatchObject([
      { code: 'collection-incomplete', message: '3 of 10 sections are missing in book.' },
    ]);
  });
});

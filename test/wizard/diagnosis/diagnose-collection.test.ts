import { expect, it } from 'vitest';
import { stampSchema } from '../../../server/collection/stamp.ts';
import { diagnoseCollection } from '../../../wizard/diagnosis/diagnose-collection.ts';
import type { CollectionState } from '../../../server/collection/ports.ts';

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
const whole: CollectionState = {
  exists: true,
  points: 11,
  dimensions: 768,
  vectorName: 'dense',
  hasSparse: true,
  stamp,
};
const found = (state: CollectionState) =>
  diagnoseCollection(state, {
    collection: 'book',
    variables: null,
    isServed: true,
  }).map(({ code, message }) => [code, message]);

it('has nothing to say of a whole collection, also while another run writes into it', () => {
  expect(found(whole)).toEqual([]);
  expect(found({ ...whole, points: 12 })).toEqual([]);
});

it('counts the sections that are gone', () =>
  expect(found({ ...whole, points: 8 })).toEqual([
    ['collection-incomplete', '3 of 10 sections are missing in book.'],
  ]));

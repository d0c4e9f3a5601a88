import { expect, test } from 'vitest';
import { describeCollection } from '../../../../server/adapters/qdrant/qdrant-collection.ts';
import type { QdrantRest } from '../../../../server/adapters/qdrant/qdrant-rest.ts';

const { signal } = new AbortController();

/** Answers as Qdrant does, with these settings of the collection. */
function restWith(config: object): QdrantRest {
  const results = new Map<string, unknown>([
    ['', { config: { params: { vectors: { size: 3, distance: 'Cosine' } }, ...config } }],
    ['/points/count', { count: 2 }],
    ['/points', []],
  ]);
  return ({ path, schema }) => Promise.resolve(schema.parse({ result: results.get(path) }));
}

// Its document lists the key among those that may be absent.
test.each([
  ['absent', {}, false],
  ['null', { quantization_config: null }, false],
  ['set', { quantization_config: { scalar: { type: 'int8' } } }, true],
])('a collection whose quantisation is %s is read', async (_, config, isQuantised) => {
  const collection = await describeCollection({ rest: restWith(config), signal });
  expect(collection).toMatchObject({ exists: true, points: 2, dimensions: 3, isQuantised });
});

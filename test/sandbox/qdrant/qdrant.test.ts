import { QdrantClient } from '@qdrant/js-client-rest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const record = new ExchangeRecord();
let qdrant: QdrantStandIn;
let client: QdrantClient;

beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record });
  const headers = { 'api-key': qdrant.apiKey };
  client = new QdrantClient({ url: qdrant.url, headers, checkCompatibility: false });
});
afterAll(() => qdrant.close());

async function raw(path: string, init: { method?: string; body?: unknown; key?: string | null } = {}) {
  const key = init.key === undefined ? qdrant.apiKey : init.key;
  const response = await fetch(qdrant.url + path, {
    method: init.method ?? (init.body === undefined ? 'GET' : 'POST'),
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'api-key': key }) },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type') ?? '', text };
}
const errorOf = ({ text }: { text: string }): string =>
  (JSON.parse(text) as { status: { error: string } }).status.error;

describe('who is let in', () => {
  it('refuses a missing and a wrong key in plain text, outside its JSON envelope', async () => {
    const missing = await raw('/collections', { key: null });
    expect(missing).toMatchObject({
      status: 401,
      text: 'Must provide an API key or an Authorization bearer token',
    });
    expect(missing.type).toContain('text/plain');
    expect(await raw('/collections', { key: 'wrong' })).toMatchObject({
      status: 401,
      text: 'Invalid API key or JWT',
    });
  });

  it('takes the key as a bearer token too', async () => {
    const headers = { authorization: `Bearer ${qdrant.apiKey}` };
    expect((await fetch(`${qdrant.url}/collections`, { headers })).status).toBe(200);
  });

  it.for(['/', '/healthz', '/readyz', '/livez'])(
    'answers %s to anybody, which proves nothing about the key',
    async (path) => {
      expect((await raw(path, { key: 'wrong' })).status).toBe(200);
    },
  );

  it('is not ready before its shards are', async () => {
    qdrant.controls['ready']?.(false);
    expect((await raw('/readyz')).status).toBe(503);
    expect((await raw('/livez')).status).toBe(200);
    qdrant.controls['ready']?.(true);
  });
});

describe('a suspended cluster', () => {
  it('answers 404 in plain text to everything, even to its probes', async () => {
    qdrant.controls['suspended']?.(true);
    expect(await raw('/collections')).toMatchObject({ status: 404, text: '404 page not found\n' });
    expect((await raw('/healthz')).status).toBe(404);
    qdrant.controls['suspended']?.(false);
  });
});

describe('what does not fit is refused in the words of the vendor', () => {
  beforeAll(() => client.createCollection('named', { vectors: { dense: { size: 2, distance: 'Cosine' } } }));
  const points = (vector: unknown, id: unknown = 1) =>
    raw('/collections/named/points?wait=true', { method: 'PUT', body: { points: [{ id, vector }] } });

  it('names a collection that is missing (404) and one that is there already (409)', async () => {
    const missing = await raw('/collections/nowhere');
    expect(missing.status).toBe(404);
    expect(errorOf(missing)).toBe("Not found: Collection `nowhere` doesn't exist!");
    const twice = await raw('/collections/named', {
      method: 'PUT',
      body: { vectors: { size: 2, distance: 'Dot' } },
    });
    expect(twice.status).toBe(409);
  });

  it('counts dimensions, and writes none of the points when one does not fit', async () => {
    const body = {
      points: [
        { id: 1, vector: { dense: [1, 0] } },
        { id: 2, vector: { dense: [1, 0, 0] } },
      ],
    };
    const refused = await raw('/collections/named/points?wait=true', { method: 'PUT', body });
    expect(refused.status).toBe(400);
    expect(errorOf(refused)).toContain('Vector dimension error: expected dim: 2, got 3');
    expect(await client.count('named')).toEqual({ count: 0 });
  });

  it('knows its vectors by name', async () => {
    expect(errorOf(await points({ other: [1, 0] }))).toContain('Not existing vector name error: other');
    const search = await raw('/collections/named/points/query', { body: { query: [1, 0] } });
    expect(errorOf(search)).toContain(
      'Collection requires specified vector name in the request, available names: dense',
    );
  });

  it('takes whole numbers and UUIDs as ids and nothing else', async () => {
    expect(errorOf(await points({}, 'chapter-1'))).toContain('is not a valid point ID');
    expect((await points({}, 'AB0E8400E29B41D4A716446655440000')).status).toBe(200);
    expect(await client.retrieve('named', { ids: ['ab0e8400-e29b-41d4-a716-446655440000'] })).toHaveLength(1);
  });

  it('wants the indices of a sparse vector unique', async () => {
    await client.createCollection('sparse', { sparse_vectors: { bm25: {} } });
    const body = { points: [{ id: 1, vector: { bm25: { indices: [1, 1], values: [1, 2] } } }] };
    const refused = await raw('/collections/sparse/points', { method: 'PUT', body });
    expect(refused.status).toBe(422);
    expect(errorOf(refused)).toContain('must be unique');
  });

  it('only acknowledges a write that does not wait', async () => {
    const body = { points: [{ id: 9, vector: {} }] };
    const { status, text } = await raw('/collections/named/points', { method: 'PUT', body });
    expect(status).toBe(200);
    expect(text).toContain('"status":"acknowledged"');
  });
});

describe('strict mode, as Qdrant Cloud gives it to new collections', () => {
  const filter = { must: [{ key: 'kind', match: { value: 'section' } }] };

  it('refuses to filter on a field without an index, for reading and for deleting', async () => {
    await client.createCollection('strict', { vectors: { size: 2, distance: 'Cosine' } });
    const text = 'Index required but not found for "kind" of one of the following types: [keyword]';
    expect(errorOf(await raw('/collections/strict/points/scroll', { body: { filter } }))).toContain(text);
    expect(errorOf(await raw('/collections/strict/points/delete', { body: { filter } }))).toContain(text);
    await client.createPayloadIndex('strict', { wait: true, field_name: 'kind', field_schema: 'keyword' });
    expect(await client.count('strict', { filter })).toEqual({ count: 0 });
  });

  it('is not there on a server of one’s own', async () => {
    qdrant.controls['strict']?.(false);
    await client.createCollection('lenient', { vectors: { size: 2, distance: 'Cosine' } });
    expect(await client.count('lenient', { filter })).toEqual({ count: 0 });
    qdrant.controls['strict']?.(true);
  });
});

describe('a collection of the original: one unnamed vector', () => {
  beforeAll(async () => {
    await client.createCollection('legacy', { vectors: { size: 2, distance: 'Cosine' } });
    await client.upsert('legacy', {
      wait: true,
      batch: {
        ids: [1, 2],
        vectors: [
          [3, 0],
          [0, 1],
        ],
        payloads: [{ tags: ['a', 'b'] }, { tags: [] }],
      },
    });
  });

  it('is described by its size alone and gives vectors back as plain lists', async () => {
    const { config } = await client.getCollection('legacy');
    expect(config.params.vectors).toMatchObject({ size: 2, distance: 'Cosine' });
    expect(await client.retrieve('legacy', { ids: [1], with_vector: true })).toMatchObject([
      { vector: [1, 0] },
    ]);
  });

  it('still answers the old search, which left the 1.19 document', async () => {
    const body = { vector: [1, 0], limit: 1, with_payload: false };
    const { text } = await raw('/collections/legacy/points/search', { body });
    expect((JSON.parse(text) as { result: object }).result).toEqual([{ id: 1, version: 0, score: 1 }]);
  });

  it('finds what is like a stored point, without that point', async () => {
    const { points } = await client.query('legacy', { query: 1 });
    expect(points.map((point) => point.id)).toEqual([2]);
  });

  it.for([
    ['any', { must: [{ key: 'tags', match: { any: ['b', 'z'] } }] }, [1]],
    ['empty', { must: [{ is_empty: { key: 'tags' } }] }, [2]],
    ['has_id', { must_not: [{ has_id: [2] }] }, [1]],
    ['should', { should: [{ has_id: [1] }, { has_id: [2] }] }, [1, 2]],
    ['nested', { must: [{ should: [{ has_id: [2] }] }] }, [2]],
  ] as const)('filters by %s', async ([, filter, ids]) => {
    await client.createPayloadIndex('legacy', { field_name: 'tags', field_schema: 'keyword', wait: true });
    const page = await client.scroll('legacy', { filter: filter as object });
    expect(page.points.map((point) => point.id)).toEqual(ids);
  });
});

describe('versions and aliases', () => {
  beforeAll(async () => {
    await client.createCollection('first', {
      vectors: { size: 1, distance: 'Dot' },
      sparse_vectors: { s: {} },
    });
    await client.upsert('first', {
      wait: true,
      points: [
        { id: 1, vector: { '': [2], s: { indices: [1], values: [1] } } },
        { id: 2, vector: { '': [1], s: { indices: [1], values: [9] } } },
      ],
    });
  });
  beforeEach(() => qdrant.controls['version']?.('1.19.0'));

  it('weighs the legs of a fusion from 1.17 on; before, the weights mean nothing', async () => {
    const body = {
      prefetch: [
        { query: [1], limit: 2 },
        { query: { indices: [1], values: [1] }, using: 's', limit: 2 },
      ],
      query: { rrf: { k: 2, weights: [0.2, 1] } },
    };
    const first = async () =>
      (await client.query('first', body as object)).points.map(({ id, score }) => [id, score]);
    expect((await first())[0]?.[0]).toBe(2);
    qdrant.controls['version']?.('1.16.0');
    const even = await first();
    expect(even[0]?.[1]).toBe(even[1]?.[1]);
    expect(await client.versionInfo()).toMatchObject({ version: '1.16.0' });
  });

  it('follows an alias in reading and writing, but not in deleting', async () => {
    await client.updateCollectionAliases({
      actions: [{ create_alias: { alias_name: 'book', collection_name: 'first' } }],
    });
    expect(await client.count('book')).toEqual({ count: 2 });
    expect(await client.collectionExists('book')).toEqual({ exists: true });
    expect(await client.deleteCollection('book')).toBe(false);
    expect(await client.getCollectionAliases('first')).toEqual({
      aliases: [{ alias_name: 'book', collection_name: 'first' }],
    });
  });

  it('gives no alias the name of a collection, no collection the name of an alias', async () => {
    const actions = [{ create_alias: { alias_name: 'named', collection_name: 'first' } }];
    expect((await raw('/collections/aliases', { body: { actions } })).status).toBe(409);
    expect((await raw('/collections/book', { method: 'PUT', body: {} })).status).toBe(409);
    await client.deleteCollection('first');
    expect(await client.getAliases()).toEqual({ aliases: [] });
  });
});

describe("the vendor's own document", () => {
  it.for(['qdrant-openapi-v1.16.x.json', 'qdrant-openapi-v1.19.x.json'])(
    'describes every exchange of this file: %s',
    (file, { skip }) => {
      const contract = readContract(file) ?? skip('../shared/contracts is not here');
      const json = record
        .list()
        .filter((one) => one.responseHeaders['content-type']?.startsWith('application/json'));
      expect(json.flatMap((exchange) => problemsOf(contract, exchange) ?? [])).toEqual([]);
    },
  );
});

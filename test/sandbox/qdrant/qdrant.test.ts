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

describe('authentication', () => {
  it('refuses a missing and a wrong key in plain text, outside its JSON envelope', async () => {
    const missing = await raw('/collections', { key: null });
    expect(missing).toMatchObject({
      status: 401,
      text: 'Must provide an API key or an Authorization bearer token',
    });
    expect(missing.type).toBe('');
    expect(await raw('/collections', { key: 'wrong' })).toMatchObject({
      status: 401,
      text: 'Invalid API key or JWT',
    });
  });

  it('takes the key as a bearer token too', async () => {
    const headers = { authorization: `Bearer ${qdrant.apiKey}` };
    expect((await fetch(`${qdrant.url}/collections`, { headers })).status).toBe(200);
  });

  it.for(['/', '/healthz', '/readyz', '/livez'])('answers %s without a valid key', async (path) => {
    expect((await raw(path, { key: 'wrong' })).status).toBe(200);
  });

  it('reports not ready until its shards are', async () => {
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

describe('invalid requests get the error messages of Qdrant', () => {
  beforeAll(() => client.createCollection('named', { vectors: { dense: { size: 2, distance: 'Cosine' } } }));
  const points = (vector: unknown, id: unknown = 1) =>
    raw('/collections/named/points?wait=true', { method: 'PUT', body: { points: [{ id, vector }] } });

  it('for a missing collection (404) and one that exists already (409)', async () => {
    const missing = await raw('/collections/nowhere');
    expect(missing.status).toBe(404);
    expect(errorOf(missing)).toBe("Not found: Collection `nowhere` doesn't exist!");
    const twice = await raw('/collections/named', {
      method: 'PUT',
      body: { vectors: { size: 2, distance: 'Dot' } },
    });
    expect(twice.status).toBe(409);
  });

  it('for wrong dimensions, and no point of the request is written', async () => {
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

  it('for an unknown or missing vector name', async () => {
    expect(errorOf(await points({ other: [1, 0] }))).toContain('Not existing vector name error: other');
    const search = await raw('/collections/named/points/query', { body: { query: [1, 0] } });
    expect(errorOf(search)).toBe('Wrong input: Not existing vector name error: ');
  });

  it('for ids other than whole numbers and UUIDs', async () => {
    expect(errorOf(await points({}, 'chapter-1'))).toContain('is not a valid point ID');
    expect((await points({}, 'AB0E8400E29B41D4A716446655440000')).status).toBe(200);
    expect(await client.retrieve('named', { ids: ['ab0e8400-e29b-41d4-a716-446655440000'] })).toHaveLength(1);
  });

  it('for a sparse vector with repeated indices', async () => {
    await client.createCollection('sparse', { sparse_vectors: { bm25: {} } });
    const body = { points: [{ id: 1, vector: { bm25: { indices: [1, 1], values: [1, 2] } } }] };
    const refused = await raw('/collections/sparse/points', { method: 'PUT', body });
    expect(refused.status).toBe(422);
    expect(errorOf(refused)).toContain('must be unique');
  });

  it('acknowledges a write without wait=true', async () => {
    const body = { points: [{ id: 9, vector: {} }] };
    const { status, text } = await raw('/collections/named/points', { method: 'PUT', body });
    expect(status).toBe(200);
    expect(text).toContain('"status":"acknowledged"');
  });
});

describe('strict mode, the default of Qdrant Cloud for new collections', () => {
  const filter = { must: [{ key: 'kind', match: { value: 'section' } }] };

  it('refuses to filter by a field without an index, when reading and when deleting', async () => {
    await client.createCollection('strict', { vectors: { size: 2, distance: 'Cosine' } });
    const text = 'Index required but not found for "kind" of one of the following types: [keyword]';
    expect(errorOf(await raw('/collections/strict/points/scroll', { body: { filter } }))).toContain(text);
    expect(errorOf(await raw('/collections/strict/points/delete', { body: { filter } }))).toContain(text);
    await client.createPayloadIndex('strict', { wait: true, field_name: 'kind', field_schema: 'keyword' });
    expect(await client.count('strict', { filter })).toEqual({ count: 0 });
  });

  it('is off on a self-hosted server', async () => {
    qdrant.controls['strict']?.(false);
    await client.createCollection('lenient', { vectors: { size: 2, distance: 'Cosine' } });
    expect(await client.count('lenient', { filter })).toEqual({ count: 0 });
    qdrant.controls['strict']?.(true);
  });
});

describe('a collection of the FastAPI server: one unnamed vector', () => {
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

  it('is described by its size and distance, and returns vectors as plain lists', async () => {
    const { config } = await client.getCollection('legacy');
    expect(config.params.vectors).toMatchObject({ size: 2, distance: 'Cosine' });
    expect(await client.retrieve('legacy', { ids: [1], with_vector: true })).toMatchObject([
      { vector: [1, 0] },
    ]);
  });

  it('still answers the old search endpoint, which is no longer in the 1.19 document', async () => {
    const body = { vector: [1, 0], limit: 1, with_payload: false };
    const { text } = await raw('/collections/legacy/points/search', { body });
    expect((JSON.parse(text) as { result: object }).result).toEqual([{ id: 1, version: 1, score: 1 }]);
  });

  it('finds points similar to a stored one, excluding it', async () => {
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

  it('apply the weights of a fusion from 1.17 on and ignore them before', async () => {
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

  it('resolve an alias for reading and writing, but not for deleting', async () => {
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

  it('reject an alias named like a collection, and a collection named like an alias', async () => {
    const actions = [{ create_alias: { alias_name: 'named', collection_name: 'first' } }];
    expect((await raw('/collections/aliases', { body: { actions } })).status).toBe(409);
    expect((await raw('/collections/book', { method: 'PUT', body: {} })).status).toBe(400);
    await client.deleteCollection('first');
    expect(await client.getAliases()).toEqual({ aliases: [] });
  });
});

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function createBook(name: string): Promise<void> {
  await client.createCollection(name, {
    vectors: { dense: { size: 3, distance: 'Cosine' } },
    sparse_vectors: { bm25: { modifier: 'idf' } },
  });
  await client.createPayloadIndex(name, { field_name: 'kind', field_schema: 'keyword', wait: true });
  await client.upsert(name, {
    wait: true,
    points: [
      {
        id: id(1),
        vector: { dense: [2, 0, 0], bm25: { indices: [7, 1], values: [1, 1] } },
        payload: { kind: 'section', n: 1 },
      },
      {
        id: id(2),
        vector: { dense: [0, 1, 0], bm25: { indices: [1], values: [3] } },
        payload: { kind: 'section', n: 2 },
      },
      { id: id(3), vector: { bm25: { indices: [1], values: [1] } }, payload: { kind: 'section', n: 3 } },
      { id: id(4), vector: {}, payload: { kind: 'stamp' } },
    ],
  });
}

describe("Qdrant's own client against the stand-in", () => {
  beforeAll(() => createBook('book'));

  it('searches by the named dense vector, and never finds a point without one', async () => {
    const { points } = await client.query('book', {
      query: [1, 0.1, 0],
      using: 'dense',
      limit: 10,
      with_payload: true,
    });
    expect(points.map((point) => point.id)).toEqual([id(1), id(2)]);
    expect(points[0]?.score).toBeCloseTo(1 / Math.hypot(1, 0.1), 5);
    expect(points[0]?.payload).toEqual({ kind: 'section', n: 1 });
  });

  it('weights sparse terms by inverse document frequency (modifier idf)', async () => {
    const { points } = await client.query('book', {
      query: { indices: [7, 1], values: [1, 1] },
      using: 'bm25',
    });
    expect(points.map((point) => point.id)).toEqual([id(1), id(2), id(3)]);
    expect(points[2]?.score).toBeCloseTo(Math.log(1 + 0.5 / 3.5), 5);
  });

  it('fuses two prefetches by reciprocal rank, with k from 1.16 on', async () => {
    const prefetch = [
      { query: [0, 1, 0], using: 'dense', limit: 2 },
      { query: { indices: [1], values: [1] }, using: 'bm25', limit: 3 },
    ];
    const plain = await client.query('book', { prefetch, query: { fusion: 'rrf' }, limit: 2 });
    expect(plain.points[0]).toMatchObject({ id: id(2), score: 1 });
    const flat = await client.query('book', { prefetch, query: { rrf: { k: 60 } }, limit: 1 });
    expect(flat.points[0]?.score).toBeCloseTo(2 / 60, 6);
  });

  it('runs several queries in one call and keeps their order', async () => {
    const searches = [
      { query: [0, 1, 0], using: 'dense', limit: 1 },
      { query: { indices: [7], values: [1] }, using: 'bm25', limit: 1 },
    ];
    const answers = await client.queryBatch('book', { searches });
    const single = await Promise.all(searches.map((search) => client.query('book', search)));
    expect(answers.map(({ points }) => points)).toEqual(single.map(({ points }) => points));
  });

  it('scrolls in id order in pages, and returns vectors as stored: unit length', async () => {
    const first = await client.scroll('book', { limit: 3, with_vector: true, with_payload: ['n'] });
    expect(first.points[0]).toMatchObject({ id: id(1), payload: { n: 1 }, vector: { dense: [1, 0, 0] } });
    expect(first.next_page_offset).toBe(id(4));
    const rest = await client.scroll('book', { limit: 3, offset: id(4) });
    expect(rest).toMatchObject({ points: [{ id: id(4) }], next_page_offset: null });
  });

  it('counts, retrieves, deletes by filter and by id', async () => {
    await createBook('short-lived');
    const stamp = { must: [{ key: 'kind', match: { value: 'stamp' } }] };
    expect(await client.count('short-lived', { filter: stamp })).toEqual({ count: 1 });
    await client.delete('short-lived', { wait: true, filter: stamp });
    await client.delete('short-lived', { wait: true, points: [id(3)] });
    expect(await client.retrieve('short-lived', { ids: [id(1), id(4)] })).toHaveLength(1);
    expect((await client.getCollection('short-lived')).points_count).toBe(2);
    expect(await client.deleteCollection('short-lived')).toBe(true);
    expect(await client.collectionExists('short-lived')).toEqual({ exists: false });
  });
});

describe.skipIf(readContract('qdrant-openapi-v1.19.x.json') === null)("the vendor's own document", () => {
  it.each(['qdrant-openapi-v1.16.x.json', 'qdrant-openapi-v1.19.x.json'])(
    'matches every exchange of this file: %s',
    (file) => {
      const contract = readContract(file);
      const json = record
        .list()
        .filter(({ responseHeaders }) => responseHeaders['content-type']?.startsWith('application/json'));
      const results = json.map((exchange) => problemsOf(contract!, exchange));
      expect(results.filter((problems) => problems !== null).length).toBeGreaterThan(3);
      expect(results.flatMap((problems) => problems ?? [])).toEqual([]);
    },
  );
});

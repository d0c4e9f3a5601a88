import { QdrantClient } from '@qdrant/js-client-rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { problemsOf, readContract } from '../../contracts/contract.ts';

const record = new ExchangeRecord();
let qdrant: QdrantStandIn;
let client: QdrantClient;

beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record });
  client = new QdrantClient({ url: qdrant.url, apiKey: qdrant.apiKey, checkCompatibility: false });
});
afterAll(() => qdrant.close());

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function book(name: string): Promise<void> {
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
  beforeAll(() => book('book'));

  it('finds by the named dense vector, and never a point that has none', async () => {
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

  it('weighs sparse words by how rare they are (modifier idf)', async () => {
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

  it('answers several queries in one call, each in its place', async () => {
    const searches = [
      { query: [0, 1, 0], using: 'dense', limit: 1 },
      { query: { indices: [7], values: [1] }, using: 'bm25', limit: 1 },
    ];
    const answers = await client.queryBatch('book', { searches });
    const alone = await Promise.all(searches.map((one) => client.query('book', one)));
    expect(answers.map(({ points }) => points)).toEqual(alone.map(({ points }) => points));
  });

  it('scrolls in id order, page by page, and takes vectors as stored: of unit length', async () => {
    const first = await client.scroll('book', { limit: 3, with_vector: true, with_payload: ['n'] });
    expect(first.points[0]).toMatchObject({ id: id(1), payload: { n: 1 }, vector: { dense: [1, 0, 0] } });
    expect(first.next_page_offset).toBe(id(4));
    const rest = await client.scroll('book', { limit: 3, offset: id(4) });
    expect(rest).toMatchObject({ points: [{ id: id(4) }], next_page_offset: null });
  });

  it('counts, retrieves, deletes by filter and by id', async () => {
    await book('short-lived');
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

describe("the vendor's own document", () => {
  it.for(['qdrant-openapi-v1.16.x.json', 'qdrant-openapi-v1.19.x.json'])(
    'describes every exchange of this file: %s',
    (file, { skip }) => {
      const contract = readContract(file) ?? skip('../shared/contracts is not here');
      const judged = record.list().map((exchange) => problemsOf(contract, exchange));
      expect(judged.filter((problems) => problems !== null).length).toBeGreaterThan(3);
      expect(judged.flatMap((problems) => problems ?? [])).toEqual([]);
    },
  );
});

/** The store against a cluster whose strict mode allows less than it asks for (rules of 1.19.0). */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../../../sandbox/qdrant/qdrant.ts';
import { createQdrantStore } from '../../../../server/adapters/qdrant/qdrant-store.ts';
import { sparseVector } from '../../../../server/collection/sparse-vector.ts';
import { sampleSections } from '../../sample-sections.ts';

let qdrant: QdrantStandIn;
const { signal } = new AbortController();
beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());

const storeWith = (apiKey = qdrant.apiKey) =>
  createQdrantStore({ url: qdrant.url, apiKey, collection: 'book' });
const sections = sampleSections.slice(0, 4);
const points = () =>
  sections.map((section) => ({ section, dense: [1, 0, 0], sparse: sparseVector(section) }));

async function send(method: string, path: string, body?: object): Promise<void> {
  const headers = { 'api-key': qdrant.apiKey, 'content-type': 'application/json' };
  const response = await fetch(`${qdrant.url}/collections/book${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, await response.text()).toBe(true);
}
const limit = (config: object) => send('PATCH', '', { strict_mode_config: config });

beforeEach(async () => {
  await send('DELETE', '');
  await storeWith().create({ dimensions: 3, signal });
});

async function idsOf(store = storeWith()): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.hashes({ signal })) ids.push(id);
  return ids;
}

it('writes, scrolls and searches in smaller parts where limits are smaller', async () => {
  await limit({ upsert_max_batchsize: 3, max_query_limit: 1 });
  const store = storeWith();
  await store.upsert({ points: points(), signal });
  expect((await idsOf(store)).sort()).toEqual(sections.map(({ id }) => id).sort());
  expect(await store.searchDense({ vector: [1, 0, 0], limit: 4, signal })).toHaveLength(1);
});

it(
  'waits as long as the rate of reads asks for, and goes on with the next page',
  { timeout: 20_000 },
  async () => {
    await storeWith().upsert({ points: points(), signal });
    await limit({ max_query_limit: 2, read_rate_limit: 30 });
    for (let n = 0; n < 29; n += 1) await send('POST', '/points/count', {});
    expect(await idsOf()).toHaveLength(4);
  },
);

it.each([
  [{ max_points_count: 1 }, 'Max points count limit of 1 reached!'],
  [{ upsert_max_batchsize: 0 }, 'Limit exceeded 4 > 0 for "upsert limit"'],
])('quotes the limit that it cannot obey, and what sets it: %j', async (config, words) => {
  const store = storeWith();
  await store.upsert({ points: points(), signal });
  await limit(config);
  // The engine counts the points of a collection again at every 32nd write.
  const writes = async (): Promise<void> => {
    for (let n = 0; n < 33; n += 1) await store.upsert({ points: points(), signal });
  };
  await expect(writes()).rejects.toMatchObject({
    code: 'qdrant-request-refused',
    message: expect.stringContaining(words),
    remedy: expect.stringContaining('strict mode'),
  });
});

it('says that the disk is full, and that a point is gone', async () => {
  const store = storeWith();
  qdrant.controls['diskFull']?.(true);
  const full = store.upsert({ points: points(), signal });
  await expect(full).rejects.toMatchObject({
    code: 'qdrant-full',
    message: expect.stringContaining('97% of total capacity'),
  });
  qdrant.controls['diskFull']?.(false);
  await expect(store.updatePayloads?.({ sections, signal })).rejects.toMatchObject({
    code: 'qdrant-point-missing',
    message: expect.stringContaining('No point with id'),
  });
});

it('counts exactly while the engine’s own count is behind', async () => {
  await storeWith().upsert({ points: points(), signal });
  qdrant.controls['uncounted']?.(3);
  const state = await storeWith().describe({ signal });
  qdrant.controls['uncounted']?.(0);
  expect(state).toMatchObject({ points: 4 });
});

it('leaves out a point whose vector is no number, which the engine scores null', async () => {
  await storeWith().upsert({ points: points(), signal });
  await send('PUT', '/points?wait=true', { points: [{ id: 1, vector: { dense: [1e39, 0, 0] } }] });
  const hits = await storeWith().searchDense({ vector: [1, 0, 0], limit: 5, signal });
  expect(hits.map(({ section }) => section.id).sort()).toEqual(sections.map(({ id }) => id).sort());
});

it('writes with a token for the points of this collection alone, and says what a reading one may not', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (access: string): string => {
    const claims = { access: [{ collection: 'book', access }] };
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', qdrant.apiKey).update(signed).digest('base64url')}`;
  };
  const store = storeWith(token('prw'));
  await store.create({ dimensions: 3, signal });
  await store.upsert({ points: points(), signal });
  const reader = storeWith(token('r'));
  expect(await reader.describe({ signal })).toMatchObject({ points: 4 });
  await expect(reader.upsert({ points: points(), signal })).rejects.toMatchObject({
    code: 'qdrant-unauthorized',
    message: expect.stringContaining('Write access to collection book is required'),
  });
});

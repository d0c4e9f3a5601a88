/** Rules of the engine that the recorded exchanges do not show, from its source (qdrant@74f3e85b, 1.19.0). */
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';

let qdrant: QdrantStandIn;
beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());

type Answer = { status: number; error: string; result: unknown; retryAfter: string | null };

async function ask(method: string, path: string, body?: unknown, key = qdrant.apiKey): Promise<Answer> {
  const response = await fetch(`${qdrant.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'api-key': key },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = (text.startsWith('{') ? JSON.parse(text) : { status: { error: text } }) as {
    result?: unknown;
    status: { error?: string };
  };
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, error: json.status.error ?? '', result: json.result, retryAfter };
}

const points = '/collections/rules/points';
const payloads = async (): Promise<unknown> =>
  ((await ask('POST', points, { ids: [1, 2, 3], with_payload: true })).result as { payload: unknown }[]).map(
    ({ payload }) => payload,
  );

beforeEach(async () => {
  await ask('DELETE', '/collections/rules');
  await ask('PUT', '/collections/rules', { vectors: { dense: { size: 2, distance: 'Dot' } } });
  await ask('PUT', '/collections/rules/index?wait=true', { field_name: 'n', field_schema: 'integer' });
  const initial = [1, 2].map((id) => ({
    id,
    vector: { dense: [id, 1] },
    payload: { n: id, list: [{ a: id }] },
  }));
  await ask('PUT', `${points}?wait=true`, { points: initial });
});

const other = [1, 3].map((id) => ({ id, vector: {}, payload: { n: 9 } }));

it.each([
  ['insert_only', [1, 2, 9]],
  ['update_only', [9, 2]],
  ['upsert', [9, 2, 9]],
])('obeys the update mode %s', async (update_mode, expected) => {
  await ask('PUT', `${points}?wait=true`, { points: other, update_mode });
  expect(((await payloads()) as { n: number }[]).map(({ n }) => n)).toEqual(expected);
});

it('updates only points that pass the update filter, and inserts the others', async () => {
  const update_filter = { must: [{ key: 'n', range: { gt: 1 } }] };
  await ask('PUT', `${points}?wait=true`, { points: other, update_filter });
  expect(((await payloads()) as { n: number }[]).map(({ n }) => n)).toEqual([1, 2, 9]);
});

it('sets, deletes and shows payloads by path', async () => {
  await ask('POST', `${points}/payload?wait=true`, { payload: { b: 1 }, key: 'list[].deep', points: [1] });
  await ask('POST', `${points}/payload/delete?wait=true`, { keys: ['list[].a'], points: [2] });
  expect(await payloads()).toEqual([
    { n: 1, list: [{ a: 1, deep: { b: 1 } }] },
    { n: 2, list: [{}] },
  ]);
  const shown = await ask('POST', `${points}/scroll`, { with_payload: { include: ['list[].a'] } });
  expect(shown.result).toMatchObject({
    points: [{ payload: { list: [{ a: 1 }] } }, { payload: { list: [{}] } }],
  });
});

it('scrolls in order from a value, and refuses an offset beside it', async () => {
  const order_by = { key: 'n', direction: 'desc', start_from: 1 };
  const scrolled = await ask('POST', `${points}/scroll`, { order_by, with_payload: false });
  expect(scrolled.result).toEqual({ points: [{ id: 1 }], next_page_offset: null });
  const refused = await ask('POST', `${points}/scroll`, { order_by, offset: 1 });
  expect(refused).toMatchObject({ status: 400, error: expect.stringContaining('order_by.start_from') });
});

it.each([
  ['scroll', { shard_key: 'a' }],
  ['query', { query: [1, 0], using: 'dense', lookup_from: { collection: 'x' } }],
  ['query', { query: [1, 0], using: 'dense', params: { indexed_only: true } }],
  ['count', { filter: { must: [{ key: 'n', geo_radius: { center: { lon: 1, lat: 1 }, radius: 1 } }] } }],
])('refuses a field of %s that it lacks', async (call, body) => {
  expect((await ask('POST', `${points}/${call}`, body)).status).toBe(400);
});

it('reports what fails in the background only to those who wait', async () => {
  const missing = { payload: { n: 1 }, points: [77] };
  expect((await ask('POST', `${points}/payload?wait=true`, missing)).status).toBe(404);
  expect(await ask('POST', `${points}/payload`, missing)).toMatchObject({
    status: 200,
    result: { status: 'acknowledged' },
  });
  // Dimensions are looked at before.
  const wrong = { points: [{ id: 1, vector: { dense: [1] } }] };
  expect((await ask('PUT', points, wrong)).status).toBe(400);
});

it.each([
  [{ max_query_limit: 5 }, 'POST', 'scroll', { limit: 6 }, '6 > 5 for "limit"'],
  [{ search_max_batchsize: 1 }, 'POST', 'query/batch', { searches: [{}, {}] }, '"search batch size"'],
  [{ upsert_max_batchsize: 1 }, 'PUT', '', { points: other }, '"upsert limit"'],
  [{ search_allow_exact: false }, 'POST', 'query', { params: { exact: true } }, 'Exact search disabled!'],
  [
    { filter_max_conditions: 1 },
    'POST',
    'count',
    { filter: { must: [{ has_id: [1] }, { has_id: [2] }] } },
    '(2 > 1)',
  ],
])('holds requests to strict mode: %j', async (limits, method, path, body, words) => {
  await ask('PATCH', '/collections/rules', { strict_mode_config: limits });
  const refused = await ask(method, `${points}/${path}`, body);
  expect(refused).toMatchObject({ status: 400, error: expect.stringContaining(words) });
  // Switched off, the limits are kept and not applied.
  await ask('PATCH', '/collections/rules', { strict_mode_config: { enabled: false } });
  expect((await ask(method, `${points}/${path}`, body)).status).toBe(200);
});

it('says after how many seconds a rate allows the next request, and when never', async () => {
  await ask('PATCH', '/collections/rules', { strict_mode_config: { read_rate_limit: 20 } });
  const ids = Array.from({ length: 20 }, (_, index) => index);
  expect((await ask('POST', points, { ids })).status).toBe(200);
  expect(await ask('POST', points, { ids: [1] })).toMatchObject({ status: 429, retryAfter: '3' });
  expect(await ask('POST', points, { ids: [...ids, 21] })).toMatchObject({
    status: 429,
    retryAfter: null,
    error: expect.stringContaining('please try to split your request'),
  });
});

it('answers 507 to what needs space on a full disk, and still deletes', async () => {
  qdrant.controls['diskFull']?.(true);
  const write = await ask('PUT', `${points}?wait=true`, { points: other });
  const erase = await ask('POST', `${points}/delete?wait=true`, { points: [1] });
  qdrant.controls['diskFull']?.(false);
  expect(write).toMatchObject({
    status: 507,
    error: expect.stringMatching(/^Insufficient storage: Disk usage/),
  });
  expect(erase.status).toBe(200);
});

it('may count fewer points than there are, and counts them exactly when asked to', async () => {
  qdrant.controls['uncounted']?.(1);
  const described = await ask('GET', '/collections/rules');
  qdrant.controls['uncounted']?.(0);
  expect(described.result).toMatchObject({ points_count: 1 });
  expect((await ask('POST', `${points}/count`, { exact: true })).result).toEqual({ count: 2 });
});

it('reads a token signed with its key, with 30 seconds for clocks that differ', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (claims: object, alg = 'HS256'): string => {
    const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', qdrant.apiKey).update(signed).digest('base64url')}`;
  };
  const now = Math.floor(Date.now() / 1000);
  const status = async (token: string) => (await ask('GET', '/collections', undefined, token)).status;
  expect(await status(sign({ exp: now - 20 }))).toBe(200);
  expect(await status(sign({ exp: now - 40 }))).toBe(403);
  expect(await status(sign({ access: 'everything' }))).toBe(401);
  expect(await status(sign({}, 'none'))).toBe(401);
  const scoped = sign({ access: [{ collection: 'rules', access: 'prw' }] });
  expect(await ask('GET', '/collections/other/exists', undefined, scoped)).toMatchObject({ status: 403 });
  expect(await ask('DELETE', '/collections/rules/index/n', undefined, scoped)).toMatchObject({ status: 403 });
});

it('closes a connection that is idle for five seconds', { timeout: 10_000 }, async () => {
  const { port } = new URL(qdrant.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const started = await new Promise<number>((resolve) => socket.once('data', () => resolve(Date.now())));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(Date.now() - started).toBeGreaterThan(4000);
  expect(Date.now() - started).toBeLessThan(8000);
});

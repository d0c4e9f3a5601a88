import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serveRoutes } from '../../../sandbox/exchange/serve-routes.ts';
import { Faults, type Fault } from '../../../sandbox/exchange/faults.ts';
import { compilePath, matchPath } from '../../../sandbox/exchange/path-pattern.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';

const faults = new Faults();
const record = new ExchangeRecord();
let server: Awaited<ReturnType<typeof serveRoutes>>;

beforeAll(async () => {
  server = await serveRoutes({
    vendor: 'hub',
    faults,
    record,
    routes: [
      {
        method: 'POST',
        path: '/things/:id',
        name: 'put',
        writes: true,
        handle: ({ params }) => ({ json: params }),
      },
      { method: 'GET', path: '/things/*rest', name: 'get', handle: ({ params }) => ({ json: params }) },
      {
        method: 'GET',
        path: '/endless',
        name: 'endless',
        handle: ({ signal }) => ({
          stream: (async function* () {
            while (!signal.aborted) yield await Promise.resolve('x'.repeat(64 * 1024));
          })(),
        }),
      },
    ],
  });
});
afterEach(() => faults.clear());
afterAll(() => server.close());

const put = async (): Promise<{ status: number; body: string }> => {
  const response = await fetch(`${server.url}/things/1`, { method: 'POST', body: '{}' });
  return { status: response.status, body: await response.text() };
};
const addFault = (kind: Fault['kind'], more: Partial<Fault> = {}): void =>
  faults.add({ call: 'hub.put', kind, times: 1, ...more });

describe('a fault', () => {
  it('answers with its status and body, as often as configured', async () => {
    addFault({ type: 'status', status: 429, body: 'slow down' }, { times: 2 });
    expect([await put(), await put(), await put()]).toEqual([
      { status: 429, body: 'slow down' },
      { status: 429, body: 'slow down' },
      { status: 200, body: '{"id":"1"}' },
    ]);
  });

  it('starts after the configured number of calls, and applies to every call of a vendor', async () => {
    addFault({ type: 'status', status: 503 }, { call: 'hub.*', after: 1 });
    expect([(await put()).status, (await put()).status, (await put()).status]).toEqual([200, 503, 200]);
  });

  it('closes the connection without a byte, or in the middle of a body', async () => {
    addFault({ type: 'cut' });
    await expect(put()).rejects.toThrow();
    addFault({ type: 'half' });
    const response = await fetch(`${server.url}/things/1`, { method: 'POST' });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('sends HTML where JSON is expected', async () => {
    addFault({ type: 'rubbish' });
    expect(await put()).toMatchObject({
      status: 200,
      body: expect.stringMatching(/^<!doctype html>/) as string,
    });
  });

  it('delays the call and then runs it', async () => {
    addFault({ type: 'wait', ms: 60 });
    const before = performance.now();
    expect((await put()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(55);
  });

  it('prevents the call from counting as a write', async () => {
    record.clear();
    addFault({ type: 'status', status: 500 });
    await put();
    await put();
    expect(record.writes()).toEqual({ total: 1, byVendor: { hub: 1 }, byName: { 'hub.put': 1 } });
  });
});

it('counts writes that are no longer in the record', () => {
  const many = new ExchangeRecord();
  const request = {
    vendor: 'hub',
    name: 'hub.put',
    method: 'POST',
    path: '/',
    requestHeaders: {},
    requestBody: Buffer.alloc(0),
    writes: true,
  } as const;
  for (let left = 5_100; left > 0; left -= 1)
    many.end(many.begin(request), { status: 200, headers: {}, body: '' });
  expect([many.list().length, many.writes().total]).toEqual([5_000, 5_100]);
});

it('decodes path values, and keeps a broken escape as it is', async () => {
  const get = async (path: string) => (await fetch(`${server.url}/things/${path}`)).json();
  expect(await get('a%2Fb/c')).toEqual({ rest: 'a/b/c' });
  expect(await get('100%')).toEqual({ rest: '100%' });
});

it('treats a colon after a word as a literal', () => {
  const pattern = compilePath('/models/:model:embedContent');
  expect(matchPath(pattern, '/models/gemini-embedding-2:embedContent')).toEqual({
    model: 'gemini-embedding-2',
  });
  expect(matchPath(pattern, '/models/gemini-embedding-2:generateContent')).toBeNull();
});

it('answers 404 for a path that begins with two slashes', async () => {
  expect((await fetch(`${server.url}//things/1`)).status).toBe(404);
});

it('stops a stream when its client disconnects', async () => {
  const response = await fetch(`${server.url}/endless`);
  await response.body?.getReader().cancel();
  const ended = () => record.list({ name: 'hub.endless' }).some(({ status }) => status === 200);
  for (let left = 200; left > 0 && !ended(); left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ended()).toBe(true);
});

it('delays every call of a vendor with latency, and no other vendor’s', async () => {
  faults.setLatency('hub', 60);
  const started = performance.now();
  await put();
  expect(performance.now() - started).toBeGreaterThan(55);
  expect(faults.take('qdrant.query')).toBeNull();
});

it('identifies itself as a stand-in in every answer', async () => {
  const response = await fetch(`${server.url}/things/1`);
  expect(response.headers.get('x-stand-in')).toContain('sandbox');
});

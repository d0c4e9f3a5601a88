import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { stampPointId } from '../../../../server/collection/stamp.ts';
import { startQdrant, type QdrantStandIn } from '../../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { qdrantAddress } from '../../../../wizard/model/formats/qdrant-address.ts';
import type { ClusterAccess } from '../../../../wizard/model/credential.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { probeQdrant } from '../../../../wizard/probes/qdrant/probe-qdrant.ts';

let qdrant: QdrantStandIn;
const faults = new Faults();
const record = new ExchangeRecord();
beforeAll(async () => {
  qdrant = await startQdrant({ faults, record });
});
afterEach(() => faults.clear());
afterAll(() => qdrant.close());

const http = createHttp({ fetch, sleep: async () => undefined });
const { signal } = new AbortController();
const collection = 'docusaurus-book';
const probe = (url = qdrant.url, key: string | null = qdrant.apiKey, use: ClusterAccess = 'write') =>
  probeQdrant({
    url: new Secret(url),
    key: key === null ? null : new Secret(key),
    collection,
    use,
    http,
    signal,
  });
const put = async (path: string, body: unknown): Promise<void> => {
  const headers = { 'content-type': 'application/json', 'api-key': qdrant.apiKey };
  const request = { method: 'PUT', headers, body: JSON.stringify(body) };
  expect((await fetch(`${qdrant.url}${path}`, request)).status).toBe(200);
};
/** As Qdrant Cloud makes them: signed with the cluster's own key. */
function token(claims: object, secret = qdrant.apiKey): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
const scoped = (access: string, name = collection): string =>
  token({ access: [{ collection: name, access }] });

describe('the check of a Qdrant cluster', () => {
  it('accepts the key, from the dashboard’s address too, and changes nothing', async () => {
    const result = await probe(`${qdrant.url}/dashboard#/collections`);
    expect(result).toMatchObject({ verdict: 'accepted', message: expect.stringMatching(/^Qdrant \d/) });
    if (result.verdict === 'accepted') expect(result.credential.url.reveal()).toBe(qdrant.url);
    expect(record.writes().total).toBe(0);
  });

  it('rejects a wrong key and a missing one, which the vendor says in plain text', async () => {
    expect(await probe(qdrant.url, 'wrong-key-canary')).toMatchObject({
      verdict: 'rejected',
      code: 'key-rejected',
    });
    expect(await probe(qdrant.url, null)).toMatchObject({ verdict: 'rejected' });
  });

  // Seen on 1.19.0: a delete in a missing collection is 404 for every key of the whole cluster.
  it('finds out what a key may do, also where there is no collection yet, and changes nothing by it', async () => {
    const before = JSON.stringify(qdrant.state());
    expect(await probe(qdrant.url, qdrant.readOnlyKey)).toMatchObject({ code: 'key-read-only' });
    expect(await probe()).toMatchObject({
      verdict: 'accepted',
      credential: { access: 'manage' },
      rights: {
        has: ['reads and writes the whole cluster, and creates collections'],
        excess: ['deleting any collection'],
      },
    });
    expect(await probe(qdrant.url, token({ access: 'r' }))).toMatchObject({ code: 'key-read-only' });
    expect(await probe(qdrant.url, scoped('rw'))).toMatchObject({ code: 'key-may-not-create' });
    expect(await probe(qdrant.url, scoped('rw', 'another'))).toMatchObject({ code: 'key-too-narrow' });
    expect(JSON.stringify(qdrant.state())).toBe(before);
    expect(record.writes().total).toBe(0);
  });

  it('accepts no key whose rights could not be tried', async () => {
    faults.add({ call: 'qdrant.update-aliases', kind: { type: 'status', status: 500 } });
    expect(await probe()).toMatchObject({ verdict: 'unreachable' });
  });

  it('names the reason for a token that the cluster does not accept', async () => {
    expect(await probe(qdrant.url, token({}, 'another'))).toMatchObject({
      verdict: 'rejected',
      message: expect.stringContaining('InvalidSignature'),
      remedy: expect.stringContaining('another cluster'),
    });
    expect(await probe(qdrant.url, token({ exp: 1 }))).toMatchObject({
      verdict: 'rejected',
      remedy: expect.stringContaining('has expired'),
    });
  });

  it('reports the collection of that name, and what wrote it', async () => {
    expect(await probe()).toMatchObject({
      message: expect.stringContaining(`${collection} is not there yet`),
    });
    await put(`/collections/${collection}`, { vectors: { dense: { size: 4, distance: 'Cosine' } } });
    await put('/collections/foreign', { vectors: { size: 4, distance: 'Dot' } });
    expect(await probe()).toMatchObject({
      message: expect.stringContaining(
        `${collection}: 0 points of 4 dimensions, Cosine, by what model is not noted`,
      ),
      rights: { excess: ['deleting 1 other collection'] },
    });
    const stamp = {
      kind: 'stamp',
      embedding_model: 'gemini-embedding-2',
      dimensions: 4,
      text_format: 't',
      chunker: 1,
      sections: 0,
      digest: '',
      written_at: '',
    };
    const points = [{ id: stampPointId, vector: {}, payload: stamp }];
    await put(`/collections/${collection}/points?wait=true`, { points });
    expect(await probe()).toMatchObject({
      message: expect.stringContaining('written by gemini-embedding-2'),
    });
  });

  it.each([
    ['manage', () => qdrant.apiKey, 'manage', { manage: true, write: true, read: true }],
    ['read-only', () => qdrant.readOnlyKey, 'read', { manage: false, write: false, read: true }],
    ['rw', () => scoped('rw'), 'write', { manage: false, write: true, read: true }],
    ['prw', () => scoped('prw'), 'write', { manage: false, write: true, read: true }],
    ['r', () => scoped('r'), 'read', { manage: false, write: false, read: true }],
    [
      'of another collection',
      () => scoped('rw', 'foreign'),
      null,
      { manage: false, write: false, read: false },
    ],
  ] as const)(
    'a key %s is enough for what it may do on a collection that exists',
    async (_, key, access, uses) => {
      for (const [use, isEnough] of Object.entries(uses)) {
        const result = await probe(qdrant.url, key(), use as ClusterAccess);
        expect([use, result.verdict]).toEqual([use, isEnough ? 'accepted' : 'rejected']);
        if (result.verdict === 'accepted') expect(result.credential.access).toBe(access);
      }
    },
  );

  it('takes a suspended cluster and a closed port for unreachable', async () => {
    faults.add({ call: 'qdrant.*', kind: { type: 'status', status: 404, body: 'not found' } });
    expect(await probe()).toMatchObject({ verdict: 'unreachable', code: 'cluster-suspended' });
    expect(await probe('http://127.0.0.1:9')).toMatchObject({
      verdict: 'unreachable',
      code: 'no-connection',
    });
  });
});

describe('a cluster whose port 6333 the network blocks', () => {
  const host = 'abc.eu-central-1-0.aws.cloud.qdrant.io';
  /** The network refuses the port, or drops every packet; 443 leads to the stand-in. */
  const blocking =
    (block: 'refuses' | 'drops'): typeof fetch =>
    async (input, init) => {
      const { port, pathname } = new URL(String(input));
      if (port === '') return fetch(`${qdrant.url}${pathname}`, init);
      if (block === 'refuses')
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
      return new Promise((_, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      );
    };
  const probeBehind = (url: string, block: 'refuses' | 'drops') =>
    probeQdrant({
      url: new Secret(url),
      key: new Secret(qdrant.apiKey),
      collection,
      use: 'write',
      http: createHttp({ fetch: blocking(block), sleep: async () => undefined }),
      signal,
    });

  it.each(['refuses', 'drops'] as const)(
    'is accepted by 443, as indexer and server reach it (it %s)',
    async (block) => {
      const startedAt = Date.now();
      const result = await probeBehind(`https://${host}:6333`, block);
      expect(result).toMatchObject({ verdict: 'accepted', message: expect.stringContaining(`at ${host},`) });
      // Named as the console writes it, so that the plan is the same on every network.
      if (result.verdict === 'accepted') expect(result.credential.url.reveal()).toBe(`https://${host}:6333`);
      expect(Date.now() - startedAt).toBeLessThan(20_000);
    },
  );

  it('is reached by the port that answers where none was named', async () => {
    const result = await probeBehind(`https://${host}`, 'refuses');
    expect(result.verdict === 'accepted' && result.credential.url.reveal()).toBe(`https://${host}:443`);
  });
});

describe('a cluster’s address', () => {
  it.each([
    [
      'https://a.eu.cloud.qdrant.io',
      ['https://a.eu.cloud.qdrant.io:6333', 'https://a.eu.cloud.qdrant.io:443'],
    ],
    ['a.eu.cloud.qdrant.io:6333', ['https://a.eu.cloud.qdrant.io:6333', 'https://a.eu.cloud.qdrant.io:443']],
    [
      'https://a.eu.cloud.qdrant.io:6334',
      ['https://a.eu.cloud.qdrant.io:6333', 'https://a.eu.cloud.qdrant.io:443'],
    ],
    ['https://A.example.com:443/', ['https://a.example.com:443']],
    ['localhost', ['http://localhost:6333']],
    ['https://a.example.com:8443/qdrant/collections/x', ['https://a.example.com:8443/qdrant']],
  ])('%s', (text, urls) => {
    const kept = /:\d/.test(text) ? urls[0] : null;
    expect(qdrantAddress(text)).toEqual({ ok: true, urls, given: kept });
  });

  it.each([
    ['https://cloud.qdrant.io/accounts/1', 'console-url'],
    ['http://a.example.com:6333', 'insecure-url'],
    ['not a url', 'not-a-url'],
    ['ftp://a.example.com', 'not-a-url'],
  ])('%s is refused: %s', (text, code) => {
    expect(qdrantAddress(text)).toMatchObject({ ok: false, code });
  });
});

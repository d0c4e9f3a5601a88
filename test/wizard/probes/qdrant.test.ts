import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../sandbox/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/record.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import { qdrantAddress } from '../../../wizard/model/qdrant-address.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { probeQdrant } from '../../../wizard/probes/qdrant.ts';

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
const probe = (url = qdrant.url, key: string | null = qdrant.apiKey) =>
  probeQdrant({ url: new Secret(url), key: key === null ? null : new Secret(key), http, signal });

describe('the check of a Qdrant cluster', () => {
  it('accepts the key, from the dashboard’s address too, and changes nothing', async () => {
    const found = await probe(`${qdrant.url}/dashboard#/collections`);
    expect(found).toMatchObject({ verdict: 'accepted', message: expect.stringMatching(/^Qdrant \d/) });
    if (found.verdict === 'accepted') expect(found.credential.url.reveal()).toBe(qdrant.url);
    expect(record.writes().total).toBe(0);
  });

  it('rejects a wrong key and a missing one, which the vendor says in plain text', async () => {
    expect(await probe(qdrant.url, 'wrong-key-canary')).toMatchObject({
      verdict: 'rejected',
      code: 'key-rejected',
    });
    expect(await probe(qdrant.url, null)).toMatchObject({ verdict: 'rejected' });
  });

  it('knows a read-only token before it is sent', async () => {
    const payload = Buffer.from('{"access":"r"}').toString('base64url');
    expect(await probe(qdrant.url, `eyJhbGciOiJIUzI1NiJ9.${payload}.sig`)).toMatchObject({
      code: 'key-read-only',
    });
  });

  it('takes a suspended cluster and a closed port for unreachable', async () => {
    faults.add({ call: 'qdrant.*', kind: { type: 'status', status: 404, body: 'not found' } });
    expect(await probe()).toMatchObject({ verdict: 'unreachable', code: 'cluster-suspended' });
    expect(await probe('http://127.0.0.1:9')).toMatchObject({
      verdict: 'unreachable',
      code: 'no-connection',
    });
  });
});

describe('a cluster’s address', () => {
  it.each([
    [
      'https://a.eu.cloud.qdrant.io',
      ['https://a.eu.cloud.qdrant.io:6333', 'https://a.eu.cloud.qdrant.io:443'],
    ],
    ['a.eu.cloud.qdrant.io:6333', ['https://a.eu.cloud.qdrant.io:6333']],
    ['https://a.eu.cloud.qdrant.io:6334', ['https://a.eu.cloud.qdrant.io:6333']],
    ['https://A.example.com:443/', ['https://a.example.com:443']],
    ['localhost', ['http://localhost:6333']],
    ['https://a.example.com:8443/qdrant/collections/x', ['https://a.example.com:8443/qdrant']],
  ])('%s', (text, urls) => {
    expect(qdrantAddress(text)).toEqual({ ok: true, urls });
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

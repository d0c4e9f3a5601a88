import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import type { TokenName } from '../../../../sandbox/hub/accounts.ts';
import { startHub, type HubServer } from '../../../../sandbox/hub/hub.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { defaultSpaceBehaviour } from '../../../../sandbox/space/space-behaviour.ts';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { probeHub } from '../../../../wizard/probes/huggingface/probe-hub.ts';

let hub: HubServer;
let folder: string;
const faults = new Faults();
const record = new ExchangeRecord();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rag-hub-probe-'));
  hub = await startHub({ folder, behaviour: defaultSpaceBehaviour(), faults, record });
});
afterEach(() => faults.clear());
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const http = createHttp({ fetch, sleep: async () => undefined });
const { signal } = new AbortController();
const probe = (token: TokenName, space: string | null = null) =>
  probeHub({ token: new Secret(hub.tokens[token]), endpoint: hub.url, http, signal, space });

describe('the check of a Hugging Face token', () => {
  it('reads who it is and where Docker Spaces may be made, asking once, writing nothing', async () => {
    record.clear();
    expect(await probe('pro')).toMatchObject({
      verdict: 'accepted',
      credential: {
        account: {
          name: 'ana',
          isPro: true,
          role: 'write',
          owners: [
            { name: 'ana', canCreateDockerSpaces: true },
            { name: 'textbook-lab', canCreateDockerSpaces: true, plan: 'team' },
            { name: 'reading-club', canCreateDockerSpaces: false, plan: null },
          ],
        },
      },
    });
    expect(record.list().filter(({ path }) => path.includes('whoami'))).toHaveLength(1);
    expect(record.writes().total).toBe(0);
  });

  it('accepts the login that `hf auth login` stores, which has no role', async () => {
    expect(await probe('oauth')).toMatchObject({
      verdict: 'accepted',
      credential: { account: { name: 'ana', role: 'oauth' } },
    });
  });

  it.each([
    ['free', null, 'free-plan'],
    ['readOnly', null, 'token-read-only'],
    ['fineGrainedRead', null, 'scope-missing'],
    ['orgOnly', 'ana/new-space', 'owner-not-writable'],
    ['pro', 'reading-club/new-space', 'free-plan'],
    ['fineGrainedOther', 'ana/book-api', 'owner-not-writable'],
  ] as const)('%s token for %s: %s', async (token, space, code) => {
    expect(await probe(token, space)).toMatchObject({ verdict: 'rejected', code });
  });

  it.each([
    ['fineGrained', null],
    ['orgOnly', null],
    ['orgOnly', 'textbook-lab/new-space'],
    ['pro', 'ana/book-api'],
    ['pro', 'ana/static-site'],
  ] as const)('%s token for %s is accepted', async (token, space) => {
    expect(await probe(token, space)).toMatchObject({ verdict: 'accepted' });
  });

  it.each([
    [
      'pro',
      null,
      ['role "write"'],
      [
        'every repository of ana, models and data sets too',
        'writing to textbook-lab',
        'writing to reading-club',
      ],
    ],
    [
      'fineGrained',
      null,
      ['a fine-grained repo.write for ana'],
      ['discussion.write', 'inference.serverless.write'],
    ],
    [
      'orgOnly',
      'textbook-lab/new-space',
      ['a fine-grained repo.write for textbook-lab'],
      ['discussion.write', 'inference.serverless.write'],
    ],
  ] as const)('%s token for %s: what it has, and what is too much', async (token, space, has, excess) => {
    expect(await probe(token, space)).toMatchObject({
      rights: { needed: [`repo.write for ${space === null ? 'ana' : 'textbook-lab'}`], has, excess },
    });
  });

  it('needs no plan for an existing Docker Space, and offers it to a free account', async () => {
    const free = await freeAccountWithSpace();
    expect(free.without).toMatchObject({
      code: 'free-plan',
      remedy: expect.stringContaining('--space ana/book-api'),
    });
    expect(free.with).toMatchObject({ verdict: 'accepted' });
  });

  it('rejects an unknown token, and one of another vendor unsent', async () => {
    const token = new Secret('hf_unknownunknownunknownunknownunkn');
    expect(await probeHub({ token, endpoint: hub.url, http, signal })).toMatchObject({
      code: 'key-rejected',
    });
    record.clear();
    const other = await probeHub({
      token: new Secret('vcp_0123456789abcdef'),
      endpoint: hub.url,
      http,
      signal,
    });
    expect(other).toMatchObject({ verdict: 'rejected', code: 'not-a-token' });
    expect(record.list()).toEqual([]);
  });

  it('does not blame the token when the Hub is down', async () => {
    faults.add({ call: 'hub.*', kind: { type: 'cut' } });
    expect(await probe('pro')).toMatchObject({ verdict: 'unreachable' });
  });
});

/** Ana's account as it is on the day her PRO ends: her Spaces stay. */
async function freeAccountWithSpace() {
  const whoami = JSON.stringify({
    name: 'ana',
    isPro: false,
    orgs: [],
    auth: { accessToken: { role: 'write' } },
  });
  for (let n = 0; n < 2; n++) {
    faults.add({ call: 'hub.whoami', kind: { type: 'status', status: 200, body: whoami }, times: 1 });
  }
  return { without: await probe('pro'), with: await probe('pro', 'ana/book-api') };
}

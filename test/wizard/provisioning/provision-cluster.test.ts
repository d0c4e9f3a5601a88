import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startQdrantCloud, type QdrantCloudStandIn } from '../../../sandbox/qdrant-cloud/qdrant-cloud.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import { fingerprint } from '../../../wizard/hosting/fingerprint.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { readCloudOverview } from '../../../wizard/provisioning/qdrant/cloud-overview.ts';
import { removeReplacedKeys, serverKeyFor } from '../../../wizard/provisioning/qdrant/cluster-keys.ts';
import {
  cloudOf,
  provisionCluster,
  type ClusterTools,
  type ProvisionedCluster,
} from '../../../wizard/provisioning/qdrant/provision-cluster.ts';

let cloud: QdrantCloudStandIn;
let faults: Faults;
let stateDir: string;
let now: number;
beforeEach(async () => {
  now = Date.now();
  faults = new Faults();
  stateDir = mkdtempSync(join(tmpdir(), 'provisioning-'));
  cloud = await startQdrantCloud({ faults, record: new ExchangeRecord(), now: () => now });
});
afterEach(async () => {
  await cloud.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const tools = (changes: Partial<ClusterTools> = {}): ClusterTools => ({
  apiUrl: cloud.url,
  http: createHttp({ fetch, sleep: async () => undefined }),
  signal: new AbortController().signal,
  stateDir,
  folder: '/home/ana/book',
  name: 'book-chat',
  key: new Secret(cloud.managementKey),
  now: () => now,
  sleep: async (ms) => void (now += ms),
  ...changes,
});

async function provision(
  changes: Partial<ClusterTools> = {},
  chosen: string | null = null,
): Promise<ProvisionedCluster> {
  const overview = await readCloudOverview(cloudOf(tools(changes)));
  return provisionCluster(tools(changes), { overview, chosen });
}

/** The status of reading, and of writing, with a key. */
async function statuses({ url }: ProvisionedCluster, key: string): Promise<[number, number]> {
  const headers = { 'api-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ vectors: { size: 2, distance: 'Cosine' } });
  const read = await fetch(`${url.reveal()}/collections`, { headers });
  const write = await fetch(`${url.reveal()}/collections/written`, { method: 'PUT', headers, body });
  return [read.status, write.status];
}

const indexingKeys = () => cloud.state().keys.filter(({ name }) => name.includes('indexing'));

describe('a cluster', () => {
  it('is made once for a folder: free, near the server, and waited for', async () => {
    cloud.controls['createMs']?.(20_000);
    const first = await provision();
    expect(cloud.state().clusters).toEqual([
      { name: 'book-chat', provider: 'aws', region: 'us-east-1', isFree: true, isSuspended: false },
    ]);
    await first.indexing.end();
    const again = await provision();
    expect(again.url.reveal()).toBe(first.url.reveal());
    expect(cloud.state().clusters).toHaveLength(1);
  });

  it('is made once, also where its answer was lost', async () => {
    faults.add({ call: 'qdrant-cloud.create-cluster', kind: { type: 'half' }, times: 1 });
    await expect(provision()).rejects.toMatchObject({ code: 'qdrant-cloud-unreachable' });
    await provision();
    expect(cloud.state().clusters).toHaveLength(1);
  });

  it('is made once, also where the account was read before it was made', async () => {
    cloud.controls['mostFreeClusters']?.(9);
    const overview = await readCloudOverview(cloudOf(tools()));
    const first = await provisionCluster(tools(), { overview, chosen: 'new' });
    await first.indexing.end();
    const again = await provisionCluster(tools(), { overview, chosen: 'new' });
    expect(again).toMatchObject({ isNew: false });
    expect(cloud.state().clusters).toHaveLength(1);
  });

  it('is another one where the folder’s own was shown and not chosen', async () => {
    cloud.controls['mostFreeClusters']?.(9);
    const made: string[] = [];
    await provision({ onCreate: (name) => made.push(name) });
    await provision({ onCreate: (name) => made.push(name) }, 'new');
    expect(made).toEqual(['book-chat', 'book-chat-2']);
    expect(cloud.state().clusters.map(({ name }) => name)).toEqual(made);
  });

  it('that exists is used when it is chosen, and resumed where it is suspended', async () => {
    await cloud.addCluster('earlier');
    cloud.controls['suspended']?.(['earlier']);
    const { clusters } = await readCloudOverview(cloudOf(tools()));
    const { what } = await provision({}, clusters[0]?.id);
    expect(what).toBe('earlier at Qdrant Cloud');
    expect(cloud.state().clusters).toMatchObject([{ name: 'earlier', isSuspended: false }]);
  });

  it('gets a name that none has, and the region that has a free one', async () => {
    cloud.controls['mostFreeClusters']?.(2);
    cloud.controls['freeRegions']?.(['gcp/us-east4', 'aws/eu-central-1']);
    await cloud.addCluster('book-chat');
    await provision();
    expect(cloud.state().clusters[1]).toMatchObject({
      name: 'book-chat-2',
      provider: 'gcp',
      region: 'us-east4',
    });
  });

  it.each([
    ['the free quota is used up', () => cloud.addCluster('earlier'), 'one free cluster already'],
    [
      'no region has a free one',
      async () => cloud.controls['freeRegions']?.([]),
      'no region has a free cluster',
    ],
    [
      'the key may not create clusters',
      async () => cloud.controls['withoutPermissions']?.(['write:clusters']),
      'may not create clusters',
    ],
  ])('is not made where %s, and nothing was asked for', async (_, arrange, why) => {
    await arrange();
    const before = cloud.state().clusters.length;
    await expect(provision()).rejects.toMatchObject({
      code: 'qdrant-cloud-refused',
      message: expect.stringContaining(why),
    });
    expect(cloud.state()).toMatchObject({ keys: [] });
    expect(cloud.state().clusters).toHaveLength(before);
  });

  it('is not made for a management key that may not read keys, is wrong, or does not reach its vendor', async () => {
    cloud.controls['withoutPermissions']?.(['read:api_keys']);
    await expect(provision()).rejects.toMatchObject({ code: 'qdrant-cloud-refused' });
    const wrong = cloudOf(tools({ key: new Secret('5f1e2d3c|wrong-management-key') }));
    await expect(readCloudOverview(wrong)).rejects.toMatchObject({ status: 401 });
    expect(cloud.state().clusters).toEqual([]);
  });
});

describe('the key of a run', () => {
  it('writes, lasts a day, is in no file, and ends with the run', async () => {
    const made = await provision();
    expect(await statuses(made, made.indexing.key.reveal())).toEqual([200, 200]);
    expect(Date.parse(indexingKeys()[0]?.expires ?? '') - now).toBeLessThanOrEqual(86_400_000);
    expect(readFileSync(join(stateDir, 'created.json'), 'utf8')).not.toContain(made.indexing.key.reveal());
    await made.indexing.end();
    expect(indexingKeys()).toEqual([]);
    expect(await statuses(made, made.indexing.key.reveal())).toEqual([401, 401]);
  });

  it('that another run of this machine uses is left alone', async () => {
    const first = await provision();
    const second = await provision();
    expect(indexingKeys()).toHaveLength(2);
    await first.indexing.end();
    expect(await statuses(second, second.indexing.key.reveal())).toEqual([200, 200]);
  });

  it.each(['half', 'cut'] as const)('whose answer was lost (%s) is deleted by the next run', async (type) => {
    faults.add({ call: 'qdrant-cloud.create-key', kind: { type }, times: 1 });
    await expect(provision()).rejects.toMatchObject({ code: 'qdrant-cloud-unreachable' });
    await provision();
    expect(indexingKeys()).toHaveLength(1);
  });

  it('that cannot be deleted is deleted by the next run', async () => {
    const { indexing } = await provision();
    faults.add({ call: 'qdrant-cloud.delete-key', kind: { type: 'status', status: 500 }, times: 9 });
    await indexing.end();
    expect(indexingKeys()).toHaveLength(1);
    faults.clear();
    await provision();
    expect(indexingKeys()).toHaveLength(1);
  });

  it('without the permission for keys names what is missing, and the cluster is used by the next run', async () => {
    cloud.controls['withoutPermissions']?.(['write:api_keys']);
    await expect(provision()).rejects.toMatchObject({
      code: 'qdrant-cloud-refused',
      remedy: expect.stringContaining('api_keys'),
    });
    cloud.controls['withoutPermissions']?.([]);
    await provision();
    expect(cloud.state().clusters).toHaveLength(1);
  });
});

describe('the key of the server', () => {
  const space = 'ana/book-api';
  const serverKeys = () => cloud.state().keys.filter(({ name }) => name.includes('server'));
  const markOf = (key: Secret): string => fingerprint({ space, value: key.reveal() });

  it('only reads, never expires, and is kept where the server has it', async () => {
    const made = await provision();
    const key = await serverKeyFor(made.keyTools, { space, current: null });
    if (!(key instanceof Secret)) throw new Error('no key was made');
    expect(await statuses(made, key.reveal())).toEqual([200, 403]);
    expect(serverKeys()).toMatchObject([{ expires: null }]);
    expect(await serverKeyFor(made.keyTools, { space, current: markOf(key) })).toEqual({
      fingerprint: markOf(key),
    });
    expect(serverKeys()).toHaveLength(1);
  });

  it('is made again where the server has another one, and replaces only those of this machine', async () => {
    const made = await provision();
    const first = await serverKeyFor(made.keyTools, { space, current: null });
    await serverKeyFor(made.keyTools, { space: 'ana/other', current: null });
    // A key that never came to the server is replaced at once; the server's own only after the proof.
    const second = await serverKeyFor(made.keyTools, { space, current: '00000000' });
    if (!(first instanceof Secret) || !(second instanceof Secret)) throw new Error('no key was made');
    expect(await statuses(made, first.reveal())).toEqual([401, 401]);
    const next = await serverKeyFor(made.keyTools, { space, current: markOf(second), isReplaced: true });
    if (!(next instanceof Secret)) throw new Error('no key was made');
    expect(await statuses(made, second.reveal())).toEqual([200, 403]);
    expect(serverKeys()).toHaveLength(3);
    await removeReplacedKeys(made.keyTools, { space, current: markOf(next) });
    expect(serverKeys()).toHaveLength(2);
    expect(await statuses(made, next.reveal())).toEqual([200, 403]);
  });
});

describe('a run that is killed', () => {
  const space = 'ana/book-api';
  async function wholeRun(): Promise<void> {
    const made = await provision();
    const key = await serverKeyFor(made.keyTools, { space, current: null });
    if (!(key instanceof Secret)) throw new Error('no key was made');
    const current = fingerprint({ space, value: key.reveal() });
    await removeReplacedKeys(made.keyTools, { space, current });
    await made.indexing.end();
  }
  /** What a kill leaves: its locks are those of no process. */
  function releaseLocks(): void {
    for (const file of readdirSync(stateDir))
      if (file.endsWith('.lock')) rmSync(join(stateDir, file), { force: true });
  }

  // Each entry of the file is written between two calls: ending at every call, before or after its effect, is a kill
  // after each entry.
  const cells = [
    ...['accounts', 'clusters', 'create-cluster', 'cluster', 'create-key'].map((call) => ({
      call,
      after: 0,
    })),
    { call: 'create-key', after: 1 },
    { call: 'delete-key', after: 0 },
  ].flatMap((cell) => (['cut', 'half'] as const).map((type) => ({ ...cell, type })));

  it.each(cells)('at $call $after ($type) leaves no second cluster or key', async ({ call, after, type }) => {
    faults.add({ call: `qdrant-cloud.${call}`, kind: { type }, times: 3, after });
    await wholeRun().catch(() => undefined);
    faults.clear();
    releaseLocks();
    await wholeRun();
    expect(cloud.state().clusters).toHaveLength(1);
    expect(cloud.state().keys).toMatchObject([{ name: expect.stringContaining('server') }]);
    expect(cloud.state().keys).toHaveLength(1);
  });
});

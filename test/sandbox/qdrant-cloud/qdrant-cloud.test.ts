import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startQdrantCloud, type QdrantCloudStandIn } from '../../../sandbox/qdrant-cloud/qdrant-cloud.ts';

const day = 86_400_000;
let cloud: QdrantCloudStandIn;
let now: number;
let account: string;
beforeEach(async () => {
  now = Date.now();
  cloud = await startQdrantCloud({ faults: new Faults(), record: new ExchangeRecord(), now: () => now });
  const { items } = (await ask('/api/account/v1/accounts')).json as { items: { id: string }[] };
  account = items[0]?.id ?? '';
});
afterEach(() => cloud.close());

type Answer = { status: number; json: unknown };

async function ask(path: string, body?: object, method?: string): Promise<Answer> {
  const response = await fetch(`${cloud.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `apikey ${cloud.managementKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
}

type ClusterAnswer = {
  cluster: { id: string; state: { phase: string; endpoint: { url: string; restPort: number } } };
};

const clusters = (): string => `/api/cluster/v1/accounts/${account}/clusters`;
const keys = (): string => `/api/cluster/auth/v2/accounts/${account}/database-api-keys`;

async function create(changes: object = {}): Promise<Answer> {
  const path = `/api/booking/v1/accounts/${account}/packages`;
  const region = 'cloudProviderId=aws&cloudProviderRegionId=us-east-1';
  const { items } = (await ask(`${path}?${region}`)).json as { items: { id: string; type: string }[] };
  const packageId = items.find(({ type }) => type === 'free')?.id;
  const configuration = { numberOfNodes: 1, packageId };
  const place = { cloudProviderId: 'aws', cloudProviderRegionId: 'us-east-1' };
  return ask(clusters(), { cluster: { name: 'book-chat', ...place, configuration, ...changes } });
}

async function key(cluster: string, changes: object = {}): Promise<{ id: string; key: string }> {
  const databaseApiKey = { clusterId: cluster, name: 'a key', ...changes };
  const { json } = await ask(keys(), { databaseApiKey });
  return (json as { databaseApiKey: { id: string; key: string } }).databaseApiKey;
}

const reads = [{ globalAccess: { accessType: 'GLOBAL_ACCESS_RULE_ACCESS_TYPE_READ_ONLY' } }];

describe('a cluster', () => {
  it('is there at once, healthy later, and answers at its endpoint', async () => {
    const made = (await create()).json as ClusterAnswer;
    expect(made.cluster.state.phase).toBe('CLUSTER_PHASE_CREATING');
    now += 1_000;
    const { cluster } = (await ask(`${clusters()}/${made.cluster.id}`)).json as ClusterAnswer;
    expect(cluster.state.phase).toBe('CLUSTER_PHASE_HEALTHY');
    const { url, restPort } = cluster.state.endpoint;
    expect((await fetch(`${url}:${restPort}/`)).status).toBe(200);
  });

  it('is refused when the free quota is used up, without the permission, in a region without free ones, with a bad name', async () => {
    expect(await create({ name: 'no blanks' })).toMatchObject({ status: 400, json: { code: 3 } });
    expect(await create({ cloudProviderRegionId: 'us-west-1' })).toMatchObject({ status: 400 });
    cloud.controls['withoutPermissions']?.(['write:clusters']);
    expect(await create()).toMatchObject({ status: 403, json: { code: 7 } });
    const quota = await ask(`/api/quota/v1/accounts/${account}/quotas`);
    expect(quota.json).toMatchObject({ maxFreeTierClusters: 0 });
    cloud.controls['withoutPermissions']?.([]);
    expect(await create()).toMatchObject({ status: 200 });
    expect(await create()).toMatchObject({ status: 429, json: { code: 8 } });
  });

  it('that is suspended answers 404 until it is resumed', async () => {
    const { cluster } = (await create()).json as ClusterAnswer;
    const address = `${cluster.state.endpoint.url}:${cluster.state.endpoint.restPort}/`;
    const suspended = (await ask(`${clusters()}/${cluster.id}/suspend`, {})).json as ClusterAnswer;
    expect(suspended.cluster.state.phase).toBe('CLUSTER_PHASE_SUSPENDED');
    expect((await fetch(address)).status).toBe(404);
    await ask(`${clusters()}/${cluster.id}/unsuspend`, {});
    expect((await fetch(address)).status).toBe(200);
  });

  it('is listed in pages, and takes its keys along when it is deleted', async () => {
    cloud.controls['mostFreeClusters']?.(5);
    for (const name of ['one-cluster', 'two-cluster', 'three-cluster']) await create({ name });
    const first = (await ask(`${clusters()}?pageSize=2`)).json as {
      items: { id: string }[];
      nextPageToken: string;
    };
    const last = await ask(`${clusters()}?pageSize=2&pageToken=${first.nextPageToken}`);
    expect(last.json).toMatchObject({ items: [{ name: 'three-cluster' }] });
    expect(last.json).not.toHaveProperty('nextPageToken');
    const id = first.items[0]?.id ?? '';
    await key(id);
    expect(await ask(`${clusters()}/${id}`, undefined, 'DELETE')).toMatchObject({ status: 200 });
    expect(cloud.state()).toMatchObject({
      clusters: [{ name: 'two-cluster' }, { name: 'three-cluster' }],
      keys: [],
    });
  });
});

describe('a key of a database', () => {
  async function statuses(cluster: ClusterAnswer['cluster'], value: string): Promise<[number, number]> {
    const { url, restPort } = cluster.state.endpoint;
    const at = `${url}:${restPort}`;
    const headers = { 'api-key': value, 'content-type': 'application/json' };
    const body = JSON.stringify({ vectors: { size: 2, distance: 'Cosine' } });
    const read = await fetch(`${at}/collections`, { headers });
    const write = await fetch(`${at}/collections/c${now}`, { method: 'PUT', headers, body });
    return [read.status, write.status];
  }

  it('may do what its rules say, until it expires or is deleted', async () => {
    const { cluster } = (await create()).json as ClusterAnswer;
    const reading = await key(cluster.id, { accessRules: reads });
    expect(await statuses(cluster, reading.key)).toEqual([200, 403]);
    const writing = await key(cluster.id, { expiresAt: new Date(now + day).toISOString() });
    expect(await statuses(cluster, writing.key)).toEqual([200, 200]);
    now += day + 60_000;
    expect(await statuses(cluster, writing.key)).toEqual([403, 403]);
    expect(await statuses(cluster, reading.key)).toEqual([200, 403]);
    const path = `${keys()}/${reading.id}?clusterId=${cluster.id}`;
    expect(await ask(path, undefined, 'DELETE')).toMatchObject({ status: 200 });
    expect(await statuses(cluster, reading.key)).toEqual([401, 401]);
  });

  it('is shown once, and needs a permission of its own', async () => {
    const { cluster } = (await create()).json as ClusterAnswer;
    const made = await key(cluster.id, { accessRules: reads });
    const list = await ask(`${keys()}?clusterId=${cluster.id}`);
    expect(JSON.stringify(list.json)).not.toContain(made.key);
    expect(list.json).toMatchObject({ items: [{ id: made.id, postfix: made.key.slice(-5) }] });
    cloud.controls['withoutPermissions']?.(['write:api_keys']);
    const refused = await ask(keys(), { databaseApiKey: { clusterId: cluster.id, name: 'b' } });
    expect(refused).toMatchObject({ status: 403, json: { code: 7 } });
  });
});

it('answers nothing without the account’s own key', async () => {
  const response = await fetch(`${cloud.url}/api/account/v1/accounts`, {
    headers: { authorization: 'apikey wrong' },
  });
  expect(response.status).toBe(401);
  expect(await ask('/api/quota/v1/accounts/another/quotas')).toMatchObject({ status: 403 });
});

it('offers clouds, their regions and their packages', async () => {
  const providers = await ask(`/api/platform/v1/accounts/${account}/cloud-providers`);
  expect(providers.json).toMatchObject({ items: [{ id: 'aws' }, { id: 'gcp' }, { id: 'hybrid' }] });
  const regions = await ask(`/api/platform/v1/accounts/${account}/cloud-providers/gcp/regions`);
  expect(regions.json).toMatchObject({ items: [{ id: 'us-east4', freeTier: true }] });
  const quote = await ask(`/api/booking/v1/accounts/${account}/quote`, {
    packageId: 'free-gcp-us-east4',
    numberOfNodes: 1,
    cloudProviderId: 'gcp',
    cloudProviderRegionId: 'us-east4',
  });
  expect(quote.json).toMatchObject({ discountedPricePerHour: '0' });
});

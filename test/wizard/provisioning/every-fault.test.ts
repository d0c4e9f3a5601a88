/** Calls to Neon and Qdrant Cloud that a first deployment does not make, with every kind of fault. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startNeon, type NeonStandIn } from '../../../sandbox/neon/neon.ts';
import { startQdrantCloud, type QdrantCloudStandIn } from '../../../sandbox/qdrant-cloud/qdrant-cloud.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { newPassword } from '../../../wizard/provisioning/neon/new-password.ts';
import { provisionPostgres } from '../../../wizard/provisioning/neon/provision-postgres.ts';
import { unclaimedDatabases } from '../../../wizard/provisioning/neon/unclaimed-databases.ts';
import { readCloudOverview } from '../../../wizard/provisioning/qdrant/cloud-overview.ts';
import {
  cloudOf,
  cloudRefusal,
  provisionCluster,
  type ClusterTools,
} from '../../../wizard/provisioning/qdrant/provision-cluster.ts';
import { kinds } from '../../faults/matrix.ts';

let neon: NeonStandIn;
let cloud: QdrantCloudStandIn;
let faults: Faults;
let stateDir: string;
beforeEach(async () => {
  faults = new Faults();
  const shared = { faults, record: new ExchangeRecord() };
  let made = 0;
  stateDir = mkdtempSync(join(tmpdir(), 'every-fault-'));
  neon = await startNeon({
    ...shared,
    databases: {
      addDatabase: async () => `postgresql://owner:password-of-${(made += 1)}@host.example/neondb`,
      resetPassword: async (uri) => uri.replace(/password-of-\d+/, `password-of-${(made += 1)}`),
    },
  });
  await neon.addProject('earlier');
  cloud = await startQdrantCloud(shared);
  await cloud.addCluster('earlier');
});
afterEach(async () => {
  await Promise.all([neon.close(), cloud.close()]);
  rmSync(stateDir, { recursive: true, force: true });
});

const common = () => ({
  now: Date.now,
  sleep: (ms: number) => sleep(ms / 100),
  folder: '/home/ana/book',
  stateDir,
  http: createHttp({
    // A vendor that does not answer is given up after a moment.
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(300) }),
    sleep: async () => undefined,
  }),
  signal: new AbortController().signal,
  name: 'book-chat',
});
const neonTools = () => ({
  ...common(),
  apiUrl: `${neon.url}/api/v2`,
  claimUrl: neon.url,
  key: new Secret(neon.apiKey),
});
const cloudTools = (): ClusterTools => ({
  ...common(),
  apiUrl: cloud.url,
  key: new Secret(cloud.managementKey),
});

async function useExisting(): Promise<void> {
  const overview = await readCloudOverview(cloudOf(cloudTools()));
  const chosen = overview.clusters[0]?.id ?? '';
  const { indexing } = await provisionCluster(cloudTools(), { overview, chosen });
  await indexing.end();
}

async function removeExisting(): Promise<void> {
  const cloudAccount = cloudOf(cloudTools());
  const { account, clusters } = await readCloudOverview(cloudAccount);
  const [first] = clusters;
  if (first !== undefined) await cloudAccount.removeCluster(account, first.id);
}

const claimable = () => provisionPostgres(neonTools(), { type: 'claimable' });
const reset = () => newPassword(neonTools(), neon.ids()[0] ?? '');

/** `isSilent` where a vendor that does not answer is not reported: the next run looks again. */
const rows: { call: string; work(): Promise<unknown>; before?(): Promise<unknown>; isSilent?: true }[] = [
  { call: 'neon.create-claimable', work: claimable },
  { call: 'neon.claimable', work: claimable, before: claimable },
  {
    call: 'neon.claimable',
    work: () => unclaimedDatabases(neonTools(), { stateDir }),
    before: claimable,
    isSilent: true,
  },
  { call: 'neon.branches', work: reset },
  { call: 'neon.reset-password', work: reset },
  { call: 'neon.operation', work: reset },
  { call: 'neon.connection-uri', work: reset },
  {
    call: 'qdrant-cloud.unsuspend',
    work: useExisting,
    before: async () => cloud.controls['suspended']?.(['earlier']),
  },
  { call: 'qdrant-cloud.delete-cluster', work: removeExisting },
];
const cells = rows.flatMap((row, index) =>
  Object.entries(kinds).map(([kind, fault]) => ({ ...row, fault, title: `${index} ${row.call} ${kind}` })),
);

it.each(cells)('$title', async ({ call, work, before, fault, isSilent }) => {
  await before?.();
  faults.add({ call, kind: fault });
  const error: unknown = await work().then(
    () => null,
    (reason: unknown) => reason,
  );
  faults.clear();
  if (error === null) {
    // Without it another one is made.
    const isGone = fault.type === 'status' && fault.status === 404;
    if (isGone && ['neon.claimable', 'qdrant-cloud.delete-cluster'].includes(call)) return;
    expect(isSilent, 'it went on').toBe(true);
    return;
  }
  const failure = cloudRefusal(error);
  expect(failure, String(error)).toBeInstanceOf(Failure);
  const { message, remedy, service } = failure as Failure;
  expect(['postgres', 'qdrant']).toContain(service);
  expect(remedy.length).toBeGreaterThan(10);
  for (const secret of [neon.apiKey, cloud.managementKey]) expect(message + remedy).not.toContain(secret);
  await work();
});

/**
 * Qdrant Cloud's control plane (https://api.cloud.qdrant.io, https://qdrant.tech/documentation/cloud-api): an account,
 * what it may choose from, clusters, and keys of databases. Each cluster is a Qdrant stand-in of its own.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Faults } from '../exchange/faults.ts';
import { serveRoutes } from '../exchange/serve-routes.ts';
import { accountRoutes } from './account-routes.ts';
import { cloudError } from './cloud-error.ts';
import { clusterRoutes, createCluster, setSuspended } from './cluster-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { allPermissions, createCloudState, type CloudPermission, type CloudState } from './state.ts';

export type QdrantCloudStandIn = {
  url: string;
  /** Of the account `Ana`, with every permission. */
  managementKey: string;
  /** A cluster of the account that this tool did not make. */
  addCluster(name: string, options?: { isFree?: boolean }): Promise<void>;
  controls: Record<string, (value: unknown) => void>;
  /** Clusters and keys by name; without values. */
  state(): {
    clusters: { name: string; provider: string; region: string; isFree: boolean; isSuspended: boolean }[];
    keys: { cluster: string; name: string; expires: string | null; rules: readonly object[] }[];
  };
  close(): Promise<void>;
};

export async function startQdrantCloud(options: {
  faults: Faults;
  record: ExchangeRecord;
  now?: () => number;
}): Promise<QdrantCloudStandIn> {
  const { faults, record, now = Date.now } = options;
  // The form is the sandbox's own: the vendor documents none.
  const managementKey = `${randomUUID()}|${randomBytes(32).toString('base64url')}`;
  const state = createCloudState({ managementKey, accountId: randomUUID(), now });
  const { url, close } = await serveRoutes({
    faults,
    record,
    vendor: 'qdrant-cloud',
    routes: [...accountRoutes(state), ...clusterRoutes(state, { faults, record }), ...keyRoutes(state)],
    notFound: () => cloudError('not-found', 'Not Found'),
  });
  return {
    url,
    managementKey,
    addCluster: async (name, { isFree = true } = {}) => {
      const place = { provider: 'aws', region: 'eu-central-1' };
      const packageId = `${isFree ? 'free' : 'paid'}-aws-eu-central-1`;
      const made = await createCluster(state, { name, ...place, packageId, options: { faults, record } });
      if (!('server' in made)) throw new Error(`The sandbox refused the cluster ${name}.`);
    },
    controls: cloudControls(state),
    state: () => ({
      clusters: state.clusters.map(({ name, region: { provider, id: region }, isFree, readyAt }) => {
        return { name, provider, region, isFree, isSuspended: readyAt === null };
      }),
      keys: state.keys.map(({ cluster, name, expiresAt, rules }) => {
        const clusterName = state.clusters.find(({ id }) => id === cluster)?.name ?? cluster;
        const expires = expiresAt === null ? null : new Date(expiresAt).toISOString();
        return { cluster: clusterName, name, expires, rules };
      }),
    }),
    close: async () => {
      await Promise.all([close(), ...state.clusters.map(({ server }) => server.close())]);
    },
  };
}

function cloudControls(state: CloudState): QdrantCloudStandIn['controls'] {
  const names = z.array(z.string());
  return {
    /** How many free clusters the account may have. */
    mostFreeClusters: (value) => void (state.mostFreeClusters = z.number().parse(value)),
    /** Milliseconds until a cluster is healthy. */
    createMs: (value) => void (state.createMs = z.number().parse(value)),
    /** What the management key may not do, as `write:api_keys`. */
    withoutPermissions: (value) => {
      const withheld = names.parse(value);
      state.permissions = new Set(allPermissions.filter((name: CloudPermission) => !withheld.includes(name)));
    },
    /** Regions that have free clusters, as `aws/us-east-1`. */
    freeRegions: (value) => {
      const free = names.parse(value);
      for (const region of state.regions) region.freeTier = free.includes(`${region.provider}/${region.id}`);
    },
    /** Names of clusters that were suspended for inactivity; all others run. */
    suspended: (value) => {
      const suspended = names.parse(value);
      for (const cluster of state.clusters) setSuspended(state, cluster, suspended.includes(cluster.name));
    },
  };
}

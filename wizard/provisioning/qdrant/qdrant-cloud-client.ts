import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import { readPages } from '../../clients/read-pages.ts';
import type { Http } from '../../clients/http.ts';
import type { Secret } from '../../model/secret.ts';
import { vendorCalls } from '../vendor-calls.ts';

export type QdrantCloudOptions = {
  /** `https://api.cloud.qdrant.io`. */
  apiUrl: string;
  http: Http;
  signal: AbortSignal;
};

const clusterSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  cloudProviderId: z.string().nullish(),
  cloudProviderRegionId: z.string().nullish(),
  configuration: z.looseObject({ packageId: z.string().nullish() }).nullish(),
  state: z
    .looseObject({
      /** `CLUSTER_PHASE_HEALTHY`, `CLUSTER_PHASE_SUSPENDED` and many more. */
      phase: z.string().nullish(),
      reason: z.string().nullish(),
      /** The address is without its port. */
      endpoint: z.looseObject({ url: z.string().nullish(), restPort: z.number().nullish() }).nullish(),
    })
    .nullish(),
});
export type CloudCluster = z.infer<typeof clusterSchema>;

const packageSchema = z.looseObject({
  id: z.string(),
  /** `free` or `paid`. */
  type: z.string().nullish(),
  resourceConfiguration: z.looseObject({ ram: z.string().nullish(), disk: z.string().nullish() }).nullish(),
});
export type CloudPackage = z.infer<typeof packageSchema>;

const placeSchema = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  freeTier: z.boolean().nullish(),
  available: z.boolean().nullish(),
  countryIsoCode: z.string().nullish(),
  geographicalSubRegion: z.string().nullish(),
});
export type CloudPlace = z.infer<typeof placeSchema>;

const keySchema = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  clusterId: z.string().nullish(),
  expiresAt: z.string().nullish(),
  /** Shown once, in the answer that makes it. */
  key: z.string().nullish(),
});
export type CloudKey = z.infer<typeof keySchema>;

/** The calls of one Qdrant Cloud account. All throw HttpFailure. */
export interface QdrantCloudAccount {
  accounts(): Promise<readonly { id: string; name?: string | null | undefined }[]>;
  quotas(account: string): Promise<{ freeClusters: number; keys: number }>;
  providers(account: string): Promise<readonly CloudPlace[]>;
  regions(account: string, provider: string): Promise<readonly CloudPlace[]>;
  packages(account: string, place: { provider: string; region: string }): Promise<readonly CloudPackage[]>;
  clusters(account: string): Promise<readonly CloudCluster[]>;
  /** Null where there is none of that id. */
  cluster(account: string, id: string): Promise<CloudCluster | null>;
  createCluster(account: string, cluster: NewCluster): Promise<CloudCluster>;
  unsuspend(account: string, id: string): Promise<void>;
  removeCluster(account: string, id: string): Promise<void>;
  keys(account: string, cluster: string): Promise<readonly CloudKey[]>;
  createKey(account: string, key: NewKey): Promise<CloudKey>;
  removeKey(account: string, key: { cluster: string; id: string }): Promise<void>;
}

export type NewCluster = { name: string; provider: string; region: string; packageId: string };
export type NewKey = {
  cluster: string;
  name: string;
  /** Of the whole cluster. */
  access: 'read' | 'manage';
  expiresAt: Date | null;
};

const qdrantCloud = { service: 'qdrant', vendor: 'Qdrant Cloud' } as const;

/** https://qdrant.tech/documentation/cloud-api */
export function createQdrantCloudAccount(options: QdrantCloudOptions, key: Secret): QdrantCloudAccount {
  const authorization = `apikey ${key.reveal()}`;
  const baseUrl = `${options.apiUrl}/api`;
  const call = vendorCalls(options, { ...qdrantCloud, baseUrl, authorization });
  const list = async <T>(item: z.ZodType<T>, path: string, what: string): Promise<readonly T[]> =>
    (await call(z.looseObject({ items: z.array(item).nullish() }), path, what)).items ?? [];
  const at = (room: string, account: string, ...rest: readonly string[]): string =>
    [`/${room}/accounts`, account, ...rest].map((part, n) => (n === 0 ? part : encoded(part))).join('/');
  const clusterAnswer = z.looseObject({ cluster: clusterSchema });
  const keysOf = (account: string, cluster: string): Promise<readonly CloudKey[]> => {
    const query = new URLSearchParams({ clusterId: cluster });
    const path = `${at('cluster/auth/v2', account, 'database-api-keys')}?${query}`;
    return list(keySchema, path, 'listing the keys of the cluster');
  };
  return {
    accounts: () =>
      list(
        z.looseObject({ id: z.string(), name: z.string().nullish() }),
        '/account/v1/accounts',
        'reading the account',
      ),
    quotas: async (account) => {
      const schema = z.looseObject({
        maxFreeTierClusters: z.number().nullish(),
        maxClusterDatabaseApiKeys: z.number().nullish(),
      });
      const quotas = await call(schema, at('quota/v1', account, 'quotas'), 'reading the account’s limits');
      return { freeClusters: quotas.maxFreeTierClusters ?? 0, keys: quotas.maxClusterDatabaseApiKeys ?? 0 };
    },
    providers: (account) =>
      list(placeSchema, at('platform/v1', account, 'cloud-providers'), 'listing the clouds'),
    regions: (account, provider) =>
      list(
        placeSchema,
        at('platform/v1', account, 'cloud-providers', provider, 'regions'),
        'listing the regions',
      ),
    packages: (account, { provider, region }) => {
      const query = new URLSearchParams({ cloudProviderId: provider, cloudProviderRegionId: region });
      return list(
        packageSchema,
        `${at('booking/v1', account, 'packages')}?${query}`,
        'listing the sizes of clusters',
      );
    },
    clusters: (account) => {
      const what = 'listing the clusters';
      const schema = z.looseObject({
        items: z.array(clusterSchema).nullish(),
        nextPageToken: z.string().nullish(),
      });
      return readPages({
        service: 'qdrant',
        what,
        read: async (token) => {
          const query = new URLSearchParams({ pageSize: '100', ...(token !== null && { pageToken: token }) });
          const page = await call(schema, `${at('cluster/v1', account, 'clusters')}?${query}`, what);
          return { items: page.items ?? [], next: page.nextPageToken || null };
        },
      });
    },
    cluster: (account, id) =>
      call(clusterAnswer, at('cluster/v1', account, 'clusters', id), 'looking at the cluster')
        .then(({ cluster }) => cluster)
        .catch(nullIfMissing),
    createCluster: async (account, { name, provider, region, packageId }) => {
      const place = { cloudProviderId: provider, cloudProviderRegionId: region };
      const configuration = { numberOfNodes: 1, packageId };
      const json = { cluster: { name, ...place, configuration } };
      const request = { method: 'POST', json, timeoutMs: 60_000 } as const;
      const path = at('cluster/v1', account, 'clusters');
      return (await call(clusterAnswer, path, 'creating a cluster', request)).cluster;
    },
    unsuspend: async (account, id) => {
      const request = { method: 'POST', json: {} } as const;
      const path = at('cluster/v1', account, 'clusters', id, 'unsuspend');
      await call(z.unknown(), path, 'resuming the cluster', request);
    },
    removeCluster: async (account, id) => {
      const path = at('cluster/v1', account, 'clusters', id);
      await call(z.unknown(), path, 'deleting the cluster', { method: 'DELETE' }).catch(nullIfMissing);
    },
    keys: keysOf,
    createKey: async (account, { cluster, name, access, expiresAt }) => {
      const accessType = `GLOBAL_ACCESS_RULE_ACCESS_TYPE_${access === 'read' ? 'READ_ONLY' : 'MANAGE'}`;
      const databaseApiKey = {
        clusterId: cluster,
        name,
        accessRules: [{ globalAccess: { accessType } }],
        ...(expiresAt !== null && { expiresAt: expiresAt.toISOString() }),
      };
      const path = at('cluster/auth/v2', account, 'database-api-keys');
      const request = { method: 'POST', json: { databaseApiKey } } as const;
      const schema = z.looseObject({ databaseApiKey: keySchema });
      return (await call(schema, path, 'creating a key of the cluster', request)).databaseApiKey;
    },
    removeKey: async (account, { cluster, id }) => {
      const path = `${at('cluster/auth/v2', account, 'database-api-keys', id)}?${new URLSearchParams({ clusterId: cluster })}`;
      try {
        await call(z.unknown(), path, 'deleting a key of the cluster', { method: 'DELETE' });
      } catch (error) {
        nullIfMissing(error);
        // A gateway's 404 deletes nothing.
        if ((await keysOf(account, cluster)).some((key) => key.id === id)) throw error;
      }
    },
  };
}

const encoded = (part: string): string => encodeURIComponent(part);

function nullIfMissing(error: unknown): null {
  if (error instanceof HttpFailure && error.status === 404) return null;
  throw error;
}

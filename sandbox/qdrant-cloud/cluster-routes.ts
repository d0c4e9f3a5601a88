import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Faults } from '../exchange/faults.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Route, RouteCall, RouteReply } from '../exchange/serve-routes.ts';
import { startQdrant } from '../qdrant/qdrant.ts';
import { packagesOf } from './catalogue.ts';
import { cloudError } from './cloud-error.ts';
import { isoTime, keyed, type CloudState, type SandboxCluster } from './state.ts';

const newCluster = z.object({
  cluster: z.looseObject({
    accountId: z.string().optional(),
    name: z.string().regex(/^[\w-]{4,64}$/),
    cloudProviderId: z.string(),
    cloudProviderRegionId: z.string(),
    configuration: z.looseObject({ numberOfNodes: z.number().int().min(1), packageId: z.string() }),
  }),
});

type ClusterOptions = { faults: Faults; record: ExchangeRecord };

/** A new cluster, each one an engine of its own; what refuses it is a reply. */
export async function createCluster(
  state: CloudState,
  { name, provider, region: wanted, packageId, options }: ClusterRequest,
): Promise<SandboxCluster | RouteReply> {
  const region = state.regions.find(({ id, ...other }) => id === wanted && other.provider === provider);
  if (region?.available !== true) return cloudError('invalid-argument', 'unknown cloud_provider_region_id');
  const chosen = packagesOf(region).find(({ id }) => id === packageId);
  if (chosen === undefined) return cloudError('invalid-argument', 'unknown package_id');
  const isFree = chosen.type === 'free';
  const free = state.clusters.filter((cluster) => cluster.isFree);
  // The code for a used-up quota is gRPC's usual one; the vendor's document names none.
  if (isFree && free.length >= state.mostFreeClusters)
    return cloudError('resource-exhausted', 'maximum number of free tier clusters reached');
  const server = await startQdrant({
    ...options,
    apiKey: randomBytes(32).toString('hex'),
    now: state.now,
  });
  const createdAt = state.now();
  const readyAt = createdAt + state.createMs;
  const cluster = { id: randomUUID(), name, region, packageId, isFree, createdAt, readyAt, server };
  state.clusters.push(cluster);
  return cluster;
}

type ClusterRequest = {
  name: string;
  provider: string;
  region: string;
  packageId: string;
  options: ClusterOptions;
};

export function clusterRoutes(state: CloudState, options: ClusterOptions): Route[] {
  const path = '/api/cluster/v1/accounts/:account/clusters';
  const withCluster =
    (handle: (cluster: SandboxCluster) => RouteReply | Promise<RouteReply>) =>
    ({ params }: RouteCall): RouteReply | Promise<RouteReply> => {
      const cluster = state.clusters.find(({ id }) => id === params['cluster']);
      return cluster === undefined ? cloudError('not-found', 'cluster not found') : handle(cluster);
    };
  return [
    {
      method: 'GET',
      path,
      name: 'clusters',
      handle: keyed(state, 'read:clusters', ({ query }) => ({ json: clusterPage(state, query) })),
    },
    {
      method: 'GET',
      path: `${path}/:cluster`,
      name: 'cluster',
      handle: keyed(
        state,
        'read:clusters',
        withCluster((cluster) => ({ json: { cluster: clusterView(state, cluster) } })),
      ),
    },
    {
      method: 'POST',
      path,
      name: 'create-cluster',
      writes: true,
      handle: keyed(state, 'write:clusters', async (call) => {
        const body = newCluster.safeParse(call.json());
        if (!body.success)
          return cloudError('invalid-argument', body.error.issues[0]?.message ?? 'not valid');
        const { name, cloudProviderId, cloudProviderRegionId, configuration } = body.data.cluster;
        const { packageId } = configuration;
        const place = { provider: cloudProviderId, region: cloudProviderRegionId };
        const made = await createCluster(state, { name, ...place, packageId, options });
        return 'server' in made ? { json: { cluster: clusterView(state, made) } } : made;
      }),
    },
    ...(['suspend', 'unsuspend'] as const).map((action): Route => {
      return {
        method: 'POST',
        path: `${path}/:cluster/${action}`,
        name: action,
        writes: true,
        handle: keyed(
          state,
          'write:clusters',
          withCluster((cluster) => {
            setSuspended(state, cluster, action === 'suspend');
            return { json: { cluster: clusterView(state, cluster) } };
          }),
        ),
      };
    }),
    {
      method: 'DELETE',
      path: `${path}/:cluster`,
      name: 'delete-cluster',
      writes: true,
      handle: keyed(
        state,
        'delete:clusters',
        withCluster(async (cluster) => {
          state.clusters.splice(state.clusters.indexOf(cluster), 1);
          state.keys = state.keys.filter((key) => key.cluster !== cluster.id);
          await cluster.server.close();
          return { json: {} };
        }),
      ),
    },
  ];
}

export function setSuspended(state: CloudState, cluster: SandboxCluster, isSuspended: boolean): void {
  cluster.readyAt = isSuspended ? null : state.now() + state.createMs;
  cluster.server.controls['suspended']?.(isSuspended);
}

/** All of them, unless a size of the page is asked for. */
function clusterPage(state: CloudState, query: URLSearchParams): object {
  const size = query.get('pageSize');
  const views = state.clusters.map((cluster) => clusterView(state, cluster));
  if (size === null) return { items: views };
  const from = Number(query.get('pageToken') ?? 0);
  const next = from + Number(size);
  const isLast = next >= views.length;
  return {
    items: views.slice(from, next),
    totalSize: views.length,
    ...(!isLast && { nextPageToken: String(next) }),
  };
}

function clusterView(state: CloudState, cluster: SandboxCluster): object {
  const { id, name, region, packageId, createdAt, readyAt, server } = cluster;
  const { protocol, hostname, port } = new URL(server.url);
  const isReady = readyAt !== null && readyAt <= state.now();
  const phase = readyAt === null ? 'SUSPENDED' : isReady ? 'HEALTHY' : 'CREATING';
  return {
    id,
    createdAt: isoTime(createdAt),
    accountId: state.account.id,
    name,
    cloudProviderId: region.provider,
    cloudProviderRegionId: region.id,
    labels: [],
    configuration: { numberOfNodes: 1, version: 'v1.19.0', packageId },
    state: {
      version: 'v1.19.0',
      nodesUp: isReady ? 1 : 0,
      phase: `CLUSTER_PHASE_${phase}`,
      reason: '',
      // Without the port, which is 6333 at the vendor.
      endpoint: { url: `${protocol}//${hostname}`, restPort: Number(port), grpcPort: 6334 },
      jwtRbac: true,
    },
  };
}

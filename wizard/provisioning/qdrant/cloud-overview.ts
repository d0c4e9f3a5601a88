import { Failure } from '../../model/failure.ts';
import type { CloudCluster, CloudPlace, QdrantCloudAccount } from './qdrant-cloud-client.ts';

/** What a management key reaches: the clusters that exist, and the free one that can be made. */
export type CloudOverview = {
  account: string;
  clusters: readonly CloudCluster[];
  /** Null where none can be made; `why` has the reason. */
  offer: FreeOffer | null;
  why: string | null;
};

/** A free cluster, near the server. */
export type FreeOffer = {
  provider: string;
  region: string;
  packageId: string;
  /** `1GiB of memory, 4GiB of disk, in aws us-east-1`. */
  what: string;
};

/** Reads the account; changes nothing. Throws HttpFailure, or Failure for a key without an account or without rights. */
export async function readCloudOverview(cloud: QdrantCloudAccount): Promise<CloudOverview> {
  const account = (await cloud.accounts())[0]?.id;
  if (account === undefined) throw refusal('This management key belongs to no account.');
  const [quotas, clusters] = await Promise.all([cloud.quotas(account), cloud.clusters(account)]);
  // The vendor answers 0 where the permission is missing.
  if (quotas.keys === 0) throw refusal('This management key may not make keys of clusters.');
  const offer = await freeOffer(cloud, { account, clusters, most: quotas.freeClusters });
  return { account, clusters, ...offer };
}

function refusal(message: string): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'qdrant-cloud-refused',
    service: 'qdrant',
    message,
    remedy:
      'Make one under Access Management at https://cloud.qdrant.io, with read, write and delete for clusters and for api_keys.',
  });
}

async function freeOffer(
  cloud: QdrantCloudAccount,
  options: { account: string; clusters: readonly CloudCluster[]; most: number },
): Promise<Pick<CloudOverview, 'offer' | 'why'>> {
  const { account, clusters, most } = options;
  const none = (why: string): Pick<CloudOverview, 'offer' | 'why'> => ({ offer: null, why });
  if (most === 0) return none('this management key may not create clusters');
  const providers = (await cloud.providers(account)).filter(isFree);
  const places = (
    await Promise.all(
      providers.map(async ({ id: provider }) =>
        (await cloud.regions(account, provider)).map((region) => ({ provider, region })),
      ),
    )
  ).flat();
  const free = places
    .filter(({ region }) => isFree(region))
    .toSorted((a, b) => distanceOf(a.region) - distanceOf(b.region));
  // A region may be listed as free and have no free size left.
  for (const { provider, region } of free) {
    const packages = await cloud.packages(account, { provider, region: region.id });
    const offered = packages.find(({ type }) => type === 'free');
    if (offered === undefined) continue;
    const { ram, disk } = offered.resourceConfiguration ?? {};
    const size = `${ram ?? '1GiB'} of memory, ${disk ?? '4GiB'} of disk`;
    const what = `free, ${size}, in ${provider} ${region.id}`;
    const used = await freeClusters(cloud, { account, clusters });
    if (used >= most)
      return none(`the account has its ${most === 1 ? 'one free cluster' : `${most} free clusters`} already`);
    return { offer: { provider, region: region.id, packageId: offered.id, what }, why: null };
  }
  return none('no region has a free cluster at the moment');
}

const isFree = ({ freeTier, available }: CloudPlace): boolean => freeTier === true && available !== false;

/** Servers run in Virginia: there first, then near it, then on the same continent. */
function distanceOf({ id, countryIsoCode, geographicalSubRegion }: CloudPlace): number {
  const near = ['us-east-1', 'us-east4', 'eastus', 'eastus2', 'us-east-2', 'us-east1'].indexOf(id);
  if (near !== -1) return near;
  if (countryIsoCode === 'US') return 10;
  if (/north america/i.test(geographicalSubRegion ?? '')) return 11;
  return /europe/i.test(geographicalSubRegion ?? '') ? 12 : 13;
}

/** How many of the clusters have a free size: those of a region are known by its packages. */
async function freeClusters(
  cloud: QdrantCloudAccount,
  { account, clusters }: { account: string; clusters: readonly CloudCluster[] },
): Promise<number> {
  const isOfFreeSize = await Promise.all(
    clusters.map(async ({ cloudProviderId: provider, cloudProviderRegionId: region, configuration }) => {
      if (!provider || !region) return false;
      const packages = await cloud.packages(account, { provider, region });
      return packages.some(({ id, type }) => type === 'free' && id === configuration?.packageId);
    }),
  );
  return isOfFreeSize.filter(Boolean).length;
}

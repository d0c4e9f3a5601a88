/** Where clusters can be, and what they can be made of. */

export type SandboxRegion = {
  provider: string;
  id: string;
  name: string;
  country: string;
  part: string;
  freeTier: boolean;
  available: boolean;
};

export const providers = [
  { id: 'aws', name: 'Amazon Web Services', freeTier: true, available: true },
  { id: 'gcp', name: 'Google Cloud', freeTier: true, available: true },
  { id: 'hybrid', name: 'Hybrid Cloud', freeTier: false, available: false },
] as const;

const place = (
  region: Pick<SandboxRegion, 'provider' | 'id' | 'name' | 'country' | 'part' | 'freeTier'>,
) => ({
  ...region,
  available: true,
});

/** Not the vendor's list, which grows: some of each kind. */
export const sandboxRegions = (): SandboxRegion[] => [
  place({
    provider: 'aws',
    id: 'eu-central-1',
    name: 'Frankfurt',
    country: 'DE',
    part: 'Europe',
    freeTier: true,
  }),
  place({
    provider: 'aws',
    id: 'us-west-1',
    name: 'N. California',
    country: 'US',
    part: 'North America',
    freeTier: false,
  }),
  place({
    provider: 'aws',
    id: 'us-east-1',
    name: 'N. Virginia',
    country: 'US',
    part: 'North America',
    freeTier: true,
  }),
  place({
    provider: 'gcp',
    id: 'us-east4',
    name: 'Virginia',
    country: 'US',
    part: 'North America',
    freeTier: true,
  }),
];

export function regionView({
  provider,
  id,
  name,
  country,
  part,
  freeTier,
  available,
}: SandboxRegion): object {
  const capabilities = { volumeSnapshot: true, volumeExpansion: true };
  return {
    id,
    name,
    freeTier,
    available,
    provider,
    countryIsoCode: country,
    geographicalSubRegion: part,
    capabilities,
  };
}

export type SandboxPackage = { id: string; type: 'free' | 'paid' };

/** The packages of a region; their ids differ by region. */
export function packagesOf({ provider, id, freeTier }: SandboxRegion): SandboxPackage[] {
  const paid = { id: `paid-${provider}-${id}`, type: 'paid' } as const;
  return freeTier ? [paid, { id: `free-${provider}-${id}`, type: 'free' }] : [paid];
}

/** https://qdrant.tech/documentation/cloud/create-cluster/: a free cluster has 1 GB of memory and 4 GB of disk. */
export function packageView({ id, type }: SandboxPackage): object {
  const isFree = type === 'free';
  return {
    id,
    name: isFree ? 'free2' : 'mx1',
    type,
    resourceConfiguration: isFree
      ? { ram: '1GiB', cpu: '500m', disk: '4GiB' }
      : { ram: '2GiB', cpu: '500m', disk: '8GiB' },
    currency: 'USD',
    unitIntPricePerHour: isFree ? 0 : 3_425,
    status: 'PACKAGE_STATUS_ACTIVE',
    tier: 'PACKAGE_TIER_STANDARD',
    multiAz: false,
  };
}

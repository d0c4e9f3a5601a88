import type { Route } from '../exchange/serve-routes.ts';
import { packagesOf, packageView, providers, regionView } from './catalogue.ts';
import { cloudError } from './cloud-error.ts';
import { isoTime, keyed, type CloudState } from './state.ts';

/** The account, its quota, and what it can choose from: each needs a key, and no permission. */
export function accountRoutes(state: CloudState): Route[] {
  const { account } = state;
  return [
    {
      method: 'GET',
      path: '/api/account/v1/accounts',
      name: 'accounts',
      handle: keyed(state, null, () => ({
        json: { items: [{ ...account, createdAt: isoTime(state.now()), privileges: [] }] },
      })),
    },
    {
      method: 'GET',
      path: '/api/quota/v1/accounts/:account/quotas',
      name: 'quotas',
      handle: keyed(state, null, () => {
        const mayCreate = state.permissions.has('write:clusters');
        return {
          json: {
            accountId: account.id,
            maxClusters: mayCreate ? 10 : 0,
            maxClusterNodes: mayCreate ? 10 : 0,
            maxClusterDatabaseApiKeys: state.permissions.has('read:api_keys') ? 20 : 0,
            maxFreeTierClusters: mayCreate ? state.mostFreeClusters : 0,
          },
        };
      }),
    },
    {
      method: 'GET',
      path: '/api/platform/v1/accounts/:account/cloud-providers',
      name: 'providers',
      handle: keyed(state, null, () => ({ json: { items: providers } })),
    },
    {
      method: 'GET',
      path: '/api/platform/v1/accounts/:account/cloud-providers/:provider/regions',
      name: 'regions',
      handle: keyed(state, null, ({ params }) => {
        const regions = state.regions.filter(({ provider }) => provider === params['provider']);
        return { json: { items: regions.map(regionView) } };
      }),
    },
    {
      method: 'GET',
      path: '/api/booking/v1/accounts/:account/packages',
      name: 'packages',
      handle: keyed(state, null, ({ query }) => {
        const provider = query.get('cloudProviderId');
        if (provider === null) return cloudError('invalid-argument', 'cloud_provider_id is required');
        const region = state.regions.find(
          ({ id, ...other }) => other.provider === provider && id === query.get('cloudProviderRegionId'),
        );
        if (region === undefined) return cloudError('invalid-argument', 'unknown cloud_provider_region_id');
        return { json: { items: packagesOf(region).map(packageView) } };
      }),
    },
    {
      method: 'POST',
      path: '/api/booking/v1/accounts/:account/quote',
      name: 'quote',
      handle: keyed(state, 'write:clusters', (call) => {
        const { packageId } = call.json() as { packageId?: string };
        const priced = state.regions.flatMap(packagesOf).find(({ id }) => id === packageId);
        if (priced === undefined) return cloudError('invalid-argument', 'unknown package_id');
        const price = priced.type === 'free' ? '0' : '3425';
        return {
          json: {
            currency: 'USD',
            originalPricePerHour: price,
            discountedPricePerHour: price,
            discountPercentage: 0,
          },
        };
      }),
    },
  ];
}

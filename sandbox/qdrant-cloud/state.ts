import type { QdrantStandIn } from '../qdrant/qdrant.ts';
import type { Route, RouteCall, RouteReply } from '../exchange/serve-routes.ts';
import { sandboxRegions, type SandboxRegion } from './catalogue.ts';
import { cloudError } from './cloud-error.ts';

/** What a management key may do. */
export const allPermissions = [
  'read:clusters',
  'write:clusters',
  'delete:clusters',
  'read:api_keys',
  'write:api_keys',
  'delete:api_keys',
] as const;
export type CloudPermission = (typeof allPermissions)[number];

export type SandboxCluster = {
  id: string;
  name: string;
  region: SandboxRegion;
  packageId: string;
  isFree: boolean;
  createdAt: number;
  /** From then on it is healthy; null while it is suspended. */
  readyAt: number | null;
  /** Signs the tokens of its keys. */
  server: QdrantStandIn;
};

export type SandboxDatabaseKey = {
  id: string;
  cluster: string;
  name: string;
  value: string;
  createdAt: number;
  expiresAt: number | null;
  rules: readonly object[];
};

export type CloudState = {
  managementKey: string;
  permissions: Set<CloudPermission>;
  account: { id: string; name: string };
  regions: SandboxRegion[];
  clusters: SandboxCluster[];
  keys: SandboxDatabaseKey[];
  mostFreeClusters: number;
  /** Milliseconds until a cluster that is made, or resumed, is healthy. */
  createMs: number;
  now(): number;
};

export function createCloudState(options: {
  managementKey: string;
  accountId: string;
  now: () => number;
}): CloudState {
  const { managementKey, accountId, now } = options;
  return {
    managementKey,
    permissions: new Set(allPermissions),
    account: { id: accountId, name: 'Ana' },
    regions: sandboxRegions(),
    clusters: [],
    keys: [],
    mostFreeClusters: 1,
    createMs: 50,
    now,
  };
}

/** A route that answers only with the account's management key, and one that may do this. */
export function keyed(
  state: CloudState,
  permission: CloudPermission | null,
  handle: (call: RouteCall) => RouteReply | Promise<RouteReply>,
): Route['handle'] {
  return (call) => {
    if (call.headers.authorization !== `apikey ${state.managementKey}`)
      return cloudError('unauthenticated', 'authentication required');
    const account = call.params['account'];
    const isOther = account !== undefined && account !== state.account.id;
    if (isOther || (permission !== null && !state.permissions.has(permission)))
      return cloudError('permission-denied', `missing permission ${permission ?? 'for this account'}`);
    return handle(call);
  };
}

export const isoTime = (ms: number): string => new Date(ms).toISOString();

import type { RouteCall } from '../exchange/serve-routes.ts';
import { requireAccess, type KeyRights, type ApiKeys } from './access.ts';
import { collectionName } from './collection-name.ts';
import type { StoredCollection } from './collection.ts';
import { notFound } from './errors.ts';
import type { StrictMode } from './collection-requests.ts';

/** Qdrant Cloud's default for new collections. */
export const cloudStrictMode: StrictMode = {
  enabled: true,
  unindexed_filtering_retrieve: false,
  unindexed_filtering_update: false,
};

/** The stand-in's state, and what tests can set. */
export type QdrantState = {
  collections: Map<string, StoredCollection>;
  /** Alias → collection. */
  aliases: Map<string, string>;
  version: string;
  /** Whether new collections have Qdrant Cloud's strict mode by default. */
  strict: boolean;
  /** False makes `/readyz` answer 503. */
  ready: boolean;
  /** A cluster that was suspended for inactivity: the cloud's proxy answers 404 to every request. */
  suspended: boolean;
  /** Writes that need space answer 507; deleting goes on. */
  diskFull: boolean;
  /** Points that `points_count` does not count yet, as while the engine rewrites a large collection. */
  uncounted: number;
  /** The last page of a scroll leads to the first one again, as a broken proxy's cache might. */
  endlessScroll: boolean;
  keys: ApiKeys;
  now(): number;
};

/** An empty cluster. */
export const createQdrantState = (now: () => number = Date.now): QdrantState => ({
  collections: new Map(),
  aliases: new Map(),
  version: '1.19.0',
  strict: true,
  ready: true,
  suspended: false,
  diskFull: false,
  uncounted: 0,
  endlessScroll: false,
  keys: new Map(),
  now,
});

/** A request whose key was read. */
export type QdrantRouteCall = RouteCall & { access: KeyRights };

/**
 * The collection with the name or alias in the path. Throws what the engine answers, in its order: 403 for a token of
 * other collections, 404 for a missing collection; what else the key may do is asked later.
 */
export function openCollection(state: QdrantState, call: QdrantRouteCall): StoredCollection {
  const name = collectionName(call);
  requireAccess(call.access, name, 'read');
  return collectionNamed(state, name);
}

/** The collection with that name or alias; throws the vendor's 404. */
export function collectionNamed(state: QdrantState, name: string): StoredCollection {
  const collection = state.collections.get(state.aliases.get(name) ?? name);
  if (collection === undefined) throw notFound(name);
  return collection;
}

/** Whether the configured version is at least `version`, such as `1.17`. */
export function isAtLeast(state: QdrantState, version: string): boolean {
  const [major = 0, minor = 0] = state.version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

import type { StoredCollection } from './collection.ts';
import { notFound } from './errors.ts';
import type { StrictMode } from './requests.ts';

/** What Qdrant Cloud gives a collection that asks for nothing else. */
export const cloudStrictMode: StrictMode = {
  enabled: true,
  unindexed_filtering_retrieve: false,
  unindexed_filtering_update: false,
};

/** All that the stand-in remembers and all that a test may turn. */
export type QdrantState = {
  collections: Map<string, StoredCollection>;
  /** Alias → collection. */
  aliases: Map<string, string>;
  version: string;
  /** Strict mode of collections that are created without their own setting. */
  strict: boolean;
  /** False makes `/readyz` answer 503. */
  ready: boolean;
  /** A cluster that slept for too long: the cloud's edge answers 404 to everything. */
  suspended: boolean;
  /** Keys beside the first, and those of all that were revoked. */
  keys: Map<string, 'valid' | 'read-only' | 'revoked'>;
};

export const createQdrantState = (): QdrantState => ({
  collections: new Map(),
  aliases: new Map(),
  version: '1.19.0',
  strict: true,
  ready: true,
  suspended: false,
  keys: new Map(),
});

/** The collection of that name or alias; throws the vendor's 404. */
export function collectionNamed(world: QdrantState, name: string): StoredCollection {
  const collection = world.collections.get(world.aliases.get(name) ?? name);
  if (collection === undefined) throw notFound(name);
  return collection;
}

/** True from that minor version of Qdrant on, `1.17` say. */
export function isAtLeast(world: QdrantState, version: string): boolean {
  const [major = 0, minor = 0] = world.version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = version.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

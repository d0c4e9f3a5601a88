import * as z from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { ClusterAccess } from '../../model/credential.ts';

/** Sends a request to the cluster with the key; a `json` makes it a POST. Throws HttpFailure. */
export type QdrantCall = <T>(path: string, what: string, schema: z.ZodType<T>, json?: unknown) => Promise<T>;

export type KeyAccess = {
  /** Null: it may not even read the collection. */
  access: ClusterAccess | null;
  /** False for a token of some collections only. */
  isGlobal: boolean;
  /** Whether the book's collection exists; null where the key may not know. */
  hasCollection: boolean | null;
};

/**
 * What a key may do, asked of the cluster by requests that change nothing (seen on 1.19.0): an empty list of changes
 * to aliases is 200 for a key that manages the cluster and 403 for all others; an empty delete on a collection that
 * exists is 400 with the right to write, 403 without. On a missing collection it is 404 for every key of the whole
 * cluster, which says nothing. Throws HttpFailure.
 */
export async function readKeyAccess(
  ask: QdrantCall,
  { collection, exists }: { collection: string; exists: boolean },
): Promise<KeyAccess> {
  const what = 'trying what the key may do';
  const path = `/collections/${encodeURIComponent(collection)}`;
  const alias = await refusalOf(ask('/collections/aliases', what, z.unknown(), { actions: [] }));
  if (alias === null) return { access: 'manage', isGlobal: true, hasCollection: exists };
  if (alias.status !== 403) throw alias;
  const isGlobal = /manage access/i.test(alias.bodyText);
  const write = await refusalOf(ask(`${path}/points/delete`, what, z.unknown(), { points: [] }));
  if (write === null || write.status === 400) return { access: 'write', isGlobal, hasCollection: true };
  if (write.status !== 403 && write.status !== 404) throw write;
  const read = await refusalOf(ask(path, what, z.unknown()));
  if (read === null) return { access: 'read', isGlobal, hasCollection: true };
  // A token is for this collection, and whether it may write will show when there is one.
  if (read.status === 404) return { access: 'read', isGlobal, hasCollection: false };
  if (read.status !== 403) throw read;
  return { access: null, isGlobal, hasCollection: null };
}

/** Null when the call went through. A key that is rejected as such is thrown. */
async function refusalOf(call: Promise<unknown>): Promise<HttpFailure | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof HttpFailure && error.status !== null && error.kind !== 'rejected') return error;
    throw error;
  }
}

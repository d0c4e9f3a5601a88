import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Permissions } from '../../model/display/permissions.ts';
import type { Secret } from '../../model/secret.ts';

const clusterPage = 'https://cloud.qdrant.io';

/** What a key that is a JWT says about its rights; a plain key says nothing. */
export type QdrantKey =
  | { kind: 'plain' }
  | { kind: 'manage' | 'read' }
  /** By collection: `r`, `rw` or `prw`. */
  | { kind: 'collections'; access: readonly { collection: string; access: string }[] };

const claims = z.looseObject({
  access: z.union([z.string(), z.array(z.looseObject({ collection: z.string(), access: z.string() }))]),
});

/** A JWT carries its rights: `access` is `r`, `m`, or a list by collection. Decoded, not verified. */
export function parseQdrantKey(key: Secret | null): QdrantKey {
  const [, payload] = key?.reveal().split('.') ?? [];
  if (payload === undefined) return { kind: 'plain' };
  try {
    const { access } = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    if (typeof access !== 'string') return { kind: 'collections', access };
    return { kind: access === 'r' ? 'read' : 'manage' };
  } catch {
    return { kind: 'plain' };
  }
}

/** Whether the key may write to that collection; null for a plain key, whose rights only the cluster knows. */
export function mayWrite(key: QdrantKey, collection: string): boolean | null {
  if (key.kind === 'plain') return null;
  if (key.kind !== 'collections') return key.kind === 'manage';
  return key.access.some((grant) => grant.collection === collection && grant.access.includes('w'));
}

/**
 * Whether the cluster allows a key to write, by a request to delete nothing from a collection that does not exist. Not
 * found means that it does; null when the response says neither.
 */
export async function testWrite(
  post: (path: string, what: string, json: unknown) => Promise<unknown>,
): Promise<boolean | null> {
  try {
    const path = `/collections/rag-space-setup-${randomUUID()}/points/delete`;
    await post(path, 'trying whether the key may write', { points: [] });
    return null;
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    if (error.status === 404) return true;
    return error.status === 401 || error.status === 403 ? false : null;
  }
}

/** What an accepted key may do, beyond the book's collection too. */
export function qdrantPermissions(access: {
  key: QdrantKey;
  isKeyless: boolean;
  mayWrite: boolean | null;
  collection: string;
  /** Names of all collections that it sees. */
  all: readonly string[];
}): Permissions {
  const { key, isKeyless, collection, all } = access;
  const others = all.filter((name) => name !== collection);
  const reach = key.kind === 'collections' ? 'the collections that it names' : 'the whole cluster';
  const may = access.mayWrite === null ? 'whether it writes could not be tried' : `reads and writes ${reach}`;
  const isWide = !isKeyless && key.kind !== 'collections';
  const excess = isWide
    ? [
        `deleting ${others.length === 0 ? 'any collection' : `${others.length} other collection${others.length === 1 ? '' : 's'}`}`,
      ]
    : [];
  return {
    needed: [`reading and writing ${collection}`],
    has: [isKeyless ? 'no key: everybody may' : may],
    excess,
    page: clusterPage,
  };
}

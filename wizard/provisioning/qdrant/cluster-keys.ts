import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HttpFailure } from '../../clients/http-failure.ts';
import { fingerprint } from '../../hosting/fingerprint.ts';
import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { lockSpace } from '../../run/space-lock.ts';
import { forgetKey, readCreatedQdrant, rememberKey, type CreatedKey } from '../created-file.ts';
import type { QdrantCloudAccount } from './qdrant-cloud-client.ts';

export type ClusterKeyTools = {
  cloud: QdrantCloudAccount;
  /** The same, for a run that ends: also one that is cancelled deletes its key. */
  atEnd(): QdrantCloudAccount;
  stateDir: string;
  account: string;
  /** Id of the cluster. */
  cluster: string;
  /** Milliseconds since 1970. */
  now(): number;
};

/** What the names of an indexing run's keys begin with: by it, one that was left behind is recognised. */
export const indexingKeyName = 'rag-space-setup indexing';

const day = 86_400_000;

/** A key that writes, and how to delete it. */
export type IndexingKey = { key: Secret; end(): Promise<void> };

/**
 * Makes the key that a run reads and writes with. It is in memory only, is deleted at the run's end, and expires after
 * one day. Those that killed runs of this machine left behind are deleted first. Throws HttpFailure.
 */
export async function makeIndexingKey(tools: ClusterKeyTools): Promise<IndexingKey> {
  const { stateDir } = tools;
  await removeLeftBehind(tools);
  const name = `${indexingKeyName} ${randomBytes(4).toString('hex')}`;
  // While this run lives, no other one takes its key for one that was left behind.
  const unlock = await lockSpace({ path: lockPath(stateDir, name), space: name });
  try {
    const entry = { ...entryOf(tools, name), role: 'indexing', space: null, fingerprint: null } as const;
    const expiresAt = new Date(tools.now() + day);
    const { key, noted } = await makeKey(tools, { entry, access: 'manage', expiresAt });
    return {
      key,
      end: async () => {
        try {
          await removeKey({ ...tools, cloud: tools.atEnd() }, noted);
        } catch (error) {
          // It stays noted: the next run deletes it, or it expires.
          if (!(error instanceof HttpFailure)) throw error;
        } finally {
          await unlock();
        }
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** What the server is to get: a new key, or the one that it has. */
export type ServerKey = Secret | { fingerprint: string };

/**
 * The server's key, which only reads and has no expiry: one that lapses would end a public chat in silence. The key
 * that the server has is kept where this machine made it, unless it is to be replaced; else one is made. `current` is the
 * fingerprint of what the server has. Throws HttpFailure.
 */
export async function serverKeyFor(
  tools: ClusterKeyTools,
  { space, current, isReplaced = false }: { space: string; current: string | null; isReplaced?: boolean },
): Promise<ServerKey> {
  const { cloud, account, cluster } = tools;
  const own = (await notedKeys(tools)).filter((key) => key.role === 'server' && key.space === space);
  const kept = own.find((key) => key.fingerprint !== null && key.fingerprint === current);
  const isThere = async ({ id }: CreatedKey): Promise<boolean> =>
    (await cloud.keys(account, cluster)).some((key) => key.id === id);
  if (!isReplaced && kept?.fingerprint != null && (await isThere(kept)))
    return { fingerprint: kept.fingerprint };
  // Of runs that ended before the server had them.
  for (const key of own.filter((other) => other !== kept)) await removeKey(tools, key);
  const name = `rag-space-setup server ${space.replaceAll(/[^\w-]/g, '-').slice(0, 30)} ${randomBytes(3).toString('hex')}`;
  const entry = { ...entryOf(tools, name), role: 'server', space, fingerprint: null } as const;
  const { key, noted } = await makeKey(tools, { entry, access: 'read', expiresAt: null });
  // The value is in memory only; on the server it is recognised by this.
  await rememberKey(tools.stateDir, { ...noted, fingerprint: fingerprint({ space, value: key.reveal() }) });
  return key;
}

/** Deletes the server's keys that this machine made and that the server does not have. Throws HttpFailure. */
export async function removeReplacedKeys(
  tools: ClusterKeyTools,
  { space, current }: { space: string; current: string },
): Promise<void> {
  for (const key of await replacedKeys(tools, { space, current })) await removeKey(tools, key);
}

/** The server's keys that this machine made for it, but for the one with this fingerprint. */
export async function replacedKeys(
  tools: ClusterKeyTools,
  { space, current }: { space: string; current: string },
): Promise<readonly CreatedKey[]> {
  const own = (await notedKeys(tools)).filter((key) => key.role === 'server' && key.space === space);
  return own.filter((key) => key.fingerprint !== current);
}

/** Deletes one key that this machine noted as its own. Throws HttpFailure. */
export async function removeKey(tools: ClusterKeyTools, noted: CreatedKey): Promise<void> {
  const { cloud, account, cluster, stateDir } = tools;
  const id = noted.id ?? (await cloud.keys(account, cluster)).find(({ name }) => name === noted.name)?.id;
  if (id !== undefined) await cloud.removeKey(account, { cluster, id });
  await forgetKey(stateDir, noted);
}

/** The noted keys of runs that are over: those of killed ones. */
export async function leftBehind(tools: ClusterKeyTools): Promise<readonly CreatedKey[]> {
  const over: CreatedKey[] = [];
  for (const key of (await notedKeys(tools)).filter(({ role }) => role === 'indexing')) {
    if (await isOver(tools.stateDir, key)) over.push(key);
  }
  return over;
}

async function removeLeftBehind(tools: ClusterKeyTools): Promise<void> {
  for (const key of await leftBehind(tools)) await removeKey(tools, key);
}

async function isOver(stateDir: string, { name }: CreatedKey): Promise<boolean> {
  try {
    const unlock = await lockSpace({ path: lockPath(stateDir, name), space: name });
    await unlock();
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'space-locked') return false;
    throw error;
  }
}

const lockPath = (stateDir: string, name: string): string =>
  join(stateDir, `${name.replaceAll(' ', '-')}.lock`);

async function notedKeys({ stateDir, cluster }: ClusterKeyTools): Promise<readonly CreatedKey[]> {
  return (await readCreatedQdrant(stateDir)).keys.filter((key) => key.cluster === cluster);
}

function entryOf({ account, cluster }: ClusterKeyTools, name: string) {
  return { account, cluster, name, id: null };
}

/** Noted before it is made, by its name: a kill between the two leaves nothing unknown. */
async function makeKey(
  { cloud, stateDir, account, cluster }: ClusterKeyTools,
  options: { entry: CreatedKey; access: 'read' | 'manage'; expiresAt: Date | null },
): Promise<{ key: Secret; noted: CreatedKey }> {
  const { entry, access, expiresAt } = options;
  await rememberKey(stateDir, entry);
  const { id, key } = await cloud.createKey(account, { cluster, name: entry.name, access, expiresAt });
  const noted = { ...entry, id };
  await rememberKey(stateDir, noted);
  return { key: new Secret(key ?? ''), noted };
}

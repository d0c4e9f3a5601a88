import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { registerSecret } from '../model/secret.ts';
import { writeAtomically } from '../run/write-atomically.ts';

/** A database that this tool made, or began to make. Who has a claim link owns its database: the file is for its owner only. */
const createdDatabase = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('neon-claimable'),
    /** The folder that the run worked in: a later run there uses the same database. */
    folder: z.string(),
    id: z.string(),
    claimUrl: z.string(),
    /** As an ISO time. */
    expiresAt: z.string(),
  }),
  z.object({
    type: z.literal('neon-project'),
    folder: z.string(),
    name: z.string(),
    /** Null while the call that makes it has not been answered. */
    id: z.string().nullable(),
  }),
]);
export type CreatedDatabase = z.infer<typeof createdDatabase>;
export type ClaimableDatabase = Extract<CreatedDatabase, { type: 'neon-claimable' }>;

/** A cluster that this tool made, or began to make, in a folder's account. */
const createdCluster = z.object({
  folder: z.string(),
  account: z.string(),
  name: z.string(),
  /** Null while the call that makes it has not been answered. */
  id: z.string().nullable(),
});
export type CreatedCluster = z.infer<typeof createdCluster>;

/** A key of a cluster that this tool made, or began to make: its name is its own, its value is nowhere. */
const createdKey = z.object({
  account: z.string(),
  cluster: z.string(),
  name: z.string(),
  id: z.string().nullable(),
  /** The server's, which lasts; that of an indexing run, which the run deletes. */
  role: z.enum(['server', 'indexing']),
  /** `owner/name` of the server that has it, and the fingerprint of its value there; null for a run's own. */
  space: z.string().nullable(),
  fingerprint: z.string().nullable(),
});
export type CreatedKey = z.infer<typeof createdKey>;

const fileSchema = z.object({
  v: z.literal(1),
  databases: z.array(createdDatabase),
  clusters: z.array(createdCluster).default([]),
  keys: z.array(createdKey).default([]),
});
type CreatedResources = Omit<z.infer<typeof fileSchema>, 'v'>;
const pathIn = (stateDir: string): string => join(stateDir, 'created.json');

/** What is known on this machine; null where the file is missing, damaged or of another version. */
async function readFileOf(stateDir: string): Promise<CreatedResources | null> {
  const text = await readFile(pathIn(stateDir), 'utf8').catch(() => null);
  const content = text === null ? undefined : fileSchema.safeParse(jsonOf(text)).data;
  for (const database of content?.databases ?? []) keepPrivate(database);
  return content ?? null;
}

const nothing: CreatedResources = { databases: [], clusters: [], keys: [] };

async function change(stateDir: string, next: (now: CreatedResources) => CreatedResources): Promise<void> {
  const path = pathIn(stateDir);
  const now = await readFileOf(stateDir);
  // A file that this version cannot read may hold a claim link: it is kept under another name.
  if (now === null) await rename(path, `${path}.${Date.now()}`).catch(ignoreMissing);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writeAtomically(path, `${JSON.stringify({ v: 1, ...next(now ?? nothing) }, null, 2)}\n`);
}

function ignoreMissing(error: unknown): void {
  if (Reflect.get(Object(error), 'code') !== 'ENOENT') throw error;
}

/** The databases that this machine made. */
export async function readCreated(stateDir: string): Promise<readonly CreatedDatabase[]> {
  return ((await readFileOf(stateDir)) ?? nothing).databases;
}

/** Adds a database, in the place of one of the same type and folder. The only file that holds a claim link. */
export async function rememberCreated(stateDir: string, database: CreatedDatabase): Promise<void> {
  keepPrivate(database);
  await change(stateDir, (now) => ({
    ...now,
    databases: [
      ...now.databases.filter(({ type, folder }) => type !== database.type || folder !== database.folder),
      database,
    ],
  }));
}

/** A project that is no more. */
export async function forgetDatabase(stateDir: string, database: CreatedDatabase): Promise<void> {
  await change(stateDir, (now) => ({
    ...now,
    databases: now.databases.filter(
      ({ type, folder }) => type !== database.type || folder !== database.folder,
    ),
  }));
}

/** The clusters, and the keys of any cluster, that this machine made. */
export async function readCreatedQdrant(
  stateDir: string,
): Promise<{ clusters: readonly CreatedCluster[]; keys: readonly CreatedKey[] }> {
  const { clusters, keys } = (await readFileOf(stateDir)) ?? nothing;
  return { clusters, keys };
}

/** Adds a cluster, in the place of the folder's one in that account. */
export async function rememberCluster(stateDir: string, cluster: CreatedCluster): Promise<void> {
  await change(stateDir, (now) => ({
    ...now,
    clusters: [
      ...now.clusters.filter(
        ({ folder, account }) => folder !== cluster.folder || account !== cluster.account,
      ),
      cluster,
    ],
  }));
}

/** A cluster that is no more, with its keys. */
export async function forgetCluster(stateDir: string, id: string): Promise<void> {
  await change(stateDir, (now) => ({
    ...now,
    clusters: now.clusters.filter((cluster) => cluster.id !== id),
    keys: now.keys.filter(({ cluster }) => cluster !== id),
  }));
}

/** Adds a key, in the place of one of the same name. */
export async function rememberKey(stateDir: string, key: CreatedKey): Promise<void> {
  await change(stateDir, (now) => ({
    ...now,
    keys: [...now.keys.filter(({ name }) => name !== key.name), key],
  }));
}

/** A key that is no more. */
export async function forgetKey(stateDir: string, key: CreatedKey): Promise<void> {
  await change(stateDir, (now) => ({ ...now, keys: now.keys.filter(({ name }) => name !== key.name) }));
}

/** From now on no output holds what gives its holder the database. */
function keepPrivate(database: CreatedDatabase): void {
  if (database.type !== 'neon-claimable') return;
  registerSecret(database.id);
  registerSecret(database.claimUrl);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

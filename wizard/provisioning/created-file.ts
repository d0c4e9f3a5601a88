import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
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

const fileSchema = z.object({ v: z.literal(1), databases: z.array(createdDatabase) });
const pathIn = (stateDir: string): string => join(stateDir, 'created.json');

/** What is known on this machine; none where the file is missing or of another version. */
export async function readCreated(stateDir: string): Promise<readonly CreatedDatabase[]> {
  const text = await readFile(pathIn(stateDir), 'utf8').catch(() => null);
  const databases = text === null ? [] : (fileSchema.safeParse(jsonOf(text)).data?.databases ?? []);
  for (const database of databases) keepPrivate(database);
  return databases;
}

/** Adds a database, in the place of one of the same type and folder. The only file that holds a claim link. */
export async function rememberCreated(stateDir: string, database: CreatedDatabase): Promise<void> {
  keepPrivate(database);
  const others = (await readCreated(stateDir)).filter(
    ({ type, folder }) => type !== database.type || folder !== database.folder,
  );
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const text = JSON.stringify({ v: 1, databases: [...others, database] }, null, 2);
  await writeAtomically(pathIn(stateDir), `${text}\n`);
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

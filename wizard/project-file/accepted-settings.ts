import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeAtomically } from '../run/write-atomically.ts';
import { settingNames, type SettingValues } from './settings.ts';

const acceptedFile = z.object({
  v: z.literal(1),
  accepted: z.array(z.partialRecord(z.enum(settingNames as [string, ...string[]]), z.string())),
});

/** Of the oldest ones the user is asked again. */
const mostKept = 200;

const pathIn = (stateDir: string): string => join(stateDir, 'accepted-settings.json');

/** Settings that were accepted on this machine, each set as a whole; none where that is not known. */
export async function readAccepted(stateDir: string): Promise<readonly SettingValues[]> {
  try {
    return acceptedFile.parse(JSON.parse(await readFile(pathIn(stateDir), 'utf8'))).accepted;
  } catch {
    return [];
  }
}

/** From now on these settings of a `rag-space.json` are not asked about on this machine. */
export async function rememberAccepted(stateDir: string, values: SettingValues): Promise<void> {
  const others = (await readAccepted(stateDir)).filter(
    (settings) => JSON.stringify(settings) !== JSON.stringify(values),
  );
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const accepted = [...others, values].slice(-mostKept);
  await writeAtomically(pathIn(stateDir), `${JSON.stringify({ v: 1, accepted }, null, 2)}\n`);
}

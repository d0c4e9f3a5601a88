import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { withoutSecrets } from '../model/secret.ts';
import { writeAtomically } from './write-atomically.ts';

const failureRecord = z.object({
  /** ISO-8601. */
  at: z.string(),
  version: z.string(),
  command: z.string(),
  exitCode: z.number(),
  failure: z.object({
    kind: z.string(),
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    service: z.string().nullable(),
  }),
  /** A line for each check and step that ended, in order. */
  heard: z.array(z.string()),
  /** The vendor’s id of the request that failed, where it gave one. */
  trace: z.string().nullable(),
});
export type FailureRecord = z.infer<typeof failureRecord>;

const fileName = 'last-failure.json';

/** Stores the last failed run, without secrets, for a report of it. Never throws: it is a courtesy. */
export async function saveFailure({
  stateDir,
  record,
}: {
  stateDir: string;
  record: FailureRecord;
}): Promise<void> {
  const text = `${JSON.stringify(withoutSecrets(record), null, 2)}\n`;
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await writeAtomically(join(stateDir, fileName), text);
  } catch {
    return;
  }
}

/** Null when no run has failed on this machine, or its record cannot be read. */
export async function lastFailure({ stateDir }: { stateDir: string }): Promise<FailureRecord | null> {
  try {
    return failureRecord.parse(JSON.parse(await readFile(join(stateDir, fileName), 'utf8')));
  } catch {
    return null;
  }
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withoutSecrets } from '../model/secret.ts';

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
  /** What was heard of checks and steps, in order. */
  heard: z.array(z.string()),
  /** The vendor’s id of the request that failed, where it gave one. */
  trace: z.string().nullable(),
});
export type FailureRecord = z.infer<typeof failureRecord>;

const fileName = 'last-failure.json';

/** Keeps the last run that failed, without secrets, for a report of it. Never throws: it is a courtesy. */
export async function saveFailure(of: { stateDir: string; record: FailureRecord }): Promise<void> {
  const path = join(of.stateDir, fileName);
  const temporary = `${path}.${process.pid}.tmp`;
  const text = `${JSON.stringify(withoutSecrets(of.record), null, 2)}\n`;
  try {
    await mkdir(of.stateDir, { recursive: true, mode: 0o700 });
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch {
    return;
  }
}

/** Null when no run has failed here, or its record cannot be read. */
export async function lastFailure({ stateDir }: { stateDir: string }): Promise<FailureRecord | null> {
  try {
    return failureRecord.parse(JSON.parse(await readFile(join(stateDir, fileName), 'utf8')));
  } catch {
    return null;
  }
}

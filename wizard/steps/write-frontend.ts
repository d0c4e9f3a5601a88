import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { laterAddress } from '../frontend/rewrites.ts';
import { writeFiles, type FileChange } from '../frontend/write-files.ts';
import { Failure } from '../model/failure.ts';
import type { RunContext } from './context.ts';
import { hostOf } from './host.ts';

/**
 * Makes the change of the frontend's files that was shown and accepted, with the Space's address where it stood open.
 * Once made, it is left alone.
 *
 * @returns the files that were written.
 * @throws Failure `frontend-files-changed` when they are others by now.
 */
export async function writeFrontend(context: RunContext): Promise<readonly string[]> {
  const { wiring } = context.settings;
  if (wiring?.dir == null) return [];
  const changes: FileChange[] = [];
  for (const change of wiring.changes) {
    const after = wiring.isWithoutAddress ? await addressed(context, change) : change.after;
    const standing = await readFile(join(wiring.dir, change.path), 'utf8').catch(() => null);
    if (standing !== after) changes.push({ ...change, after });
  }
  await writeFiles(wiring.dir, changes);
  return changes.map(({ path }) => path);
}

/** What was shown, with the address where its place was held. */
async function addressed(context: RunContext, { after }: FileChange): Promise<string> {
  const host = await hostOf(context);
  if (host === null) throw noAddress(context.target.space);
  return after.replaceAll(laterAddress, host);
}

function noAddress(space: string): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${space}.`,
    remedy: 'Run again in a minute.',
  });
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLACEHOLDER_URL } from '../../frontend/wiring/add-rewrite.ts';
import { writeFiles, type FileChange } from '../../frontend/wiring/write-files.ts';
import { Failure } from '../../model/failure.ts';
import type { RunContext } from '../../deployment/context.ts';
import { serverUrl } from '../../deployment/server/server-url.ts';

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
    const after = wiring.hasPlaceholderUrl ? await withServerUrl(context, change) : change.after;
    const standing = await readFile(join(wiring.dir, change.path), 'utf8').catch(() => null);
    if (standing !== after) changes.push({ ...change, after });
  }
  await writeFiles(wiring.dir, changes);
  return changes.map(({ path }) => path);
}

/** What was shown, with the address where its place was held. */
async function withServerUrl(context: RunContext, { after }: FileChange): Promise<string> {
  const host = await serverUrl(context);
  if (host === null) throw noServerUrl(context.target.space);
  return after.replaceAll(PLACEHOLDER_URL, host);
}

function noServerUrl(space: string): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${space}.`,
    remedy: 'Run again in a minute.',
  });
}

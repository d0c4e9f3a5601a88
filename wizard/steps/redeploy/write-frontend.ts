import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../../deployment/context.ts';
import { noServerUrl, serverUrl } from '../../deployment/server/server-url.ts';
import { PLACEHOLDER_URL } from '../../frontend/wiring/add-rewrite.ts';
import type { FileChange } from '../../frontend/wiring/write-files.ts';
import { writeSiteFiles } from '../site-files/write-site-files.ts';

/**
 * Writes the accepted change of the frontend's files, with the server's URL in place of the placeholder. Files that
 * have it already are left alone.
 *
 * @returns the files that were written.
 * @throws Failure `frontend-files-changed` when they changed since the change was shown.
 */
export async function writeFrontend(context: RunContext): Promise<readonly string[]> {
  const { wiring } = context.settings;
  if (wiring?.dir == null) return [];
  const changes: FileChange[] = [];
  for (const change of wiring.changes) {
    const after = wiring.hasPlaceholderUrl ? await withServerUrl(context, change) : change.after;
    const current = await readFile(join(wiring.dir, change.path), 'utf8').catch(() => null);
    if (current !== after) changes.push({ ...change, after });
  }
  await writeSiteFiles(context.journal, { dir: wiring.dir, changes });
  return changes.map(({ path }) => path);
}

async function withServerUrl(context: RunContext, { after }: FileChange): Promise<string> {
  const url = await serverUrl(context);
  if (url === null) throw noServerUrl(context);
  return after.replaceAll(PLACEHOLDER_URL, url);
}

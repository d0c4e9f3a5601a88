import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rewritesFile, withRewrite } from '../frontend/rewrites.ts';
import { writeFiles } from '../frontend/write-files.ts';
import { Failure } from '../model/failure.ts';
import type { RunContext } from './context.ts';
import { hostOf } from './host.ts';

/**
 * Makes the change of vercel.json that was shown and accepted before the Space had an address. Once made, it is left
 * alone.
 *
 * @throws Failure `frontend-files-changed` when the file is another by now.
 */
export async function writeRewrite(context: RunContext): Promise<void> {
  const { wiring } = context.settings;
  if (wiring?.rewriteLater == null || wiring.dir === null) return;
  const host = await hostOf(context);
  if (host === null) throw noAddress(context.target.space);
  const { before } = wiring.rewriteLater;
  const after = withRewrite(before ?? undefined, host);
  const standing = await readFile(join(wiring.dir, rewritesFile), 'utf8').catch(() => null);
  if (after === null || standing === after) return;
  await writeFiles(wiring.dir, [{ path: rewritesFile, before, after }]);
}

function noAddress(space: string): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${space}.`,
    remedy: 'Run again in a minute.',
  });
}

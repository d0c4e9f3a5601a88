import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unifiedDiff } from '../../frontend/wiring/unified-diff.ts';
import { writeFiles } from '../../frontend/wiring/write-files.ts';
import type { CreatedResource } from '../../model/run/created-resources.ts';
import { digest, textBefore } from '../site-files/file-edit.ts';
import type { UndoAction } from './undo-action.ts';

/**
 * Takes changes of the site's files back, the latest first, byte for byte; a file that someone edited since is kept as it
 * is. Reads only.
 */
export async function undoSiteFiles(resources: readonly CreatedResource[]): Promise<UndoAction[]> {
  const texts = new Map<string, string | null>();
  const actions: UndoAction[] = [];
  for (const resource of resources.filter(({ thing }) => thing === 'frontend-file').toReversed()) {
    const { id: path, place: dir } = resource;
    const file = join(dir, path);
    const current = texts.has(file) ? texts.get(file) : await readFile(file, 'utf8').catch(() => null);
    // It is gone already.
    if (current == null) continue;
    const undone = undoEdit(resource, current);
    if (undone === 'undone') continue;
    if (typeof undone === 'string') {
      actions.push(kept(resource, reasons[undone]));
      continue;
    }
    texts.set(file, undone.text);
    actions.push(action(resource, current, undone.text));
  }
  return actions;
}

/** The text that stood there before, null for no file; `undone` where it is there again. */
function undoEdit(
  { edit, previous, change }: CreatedResource,
  current: string,
): { text: string | null } | keyof typeof reasons | 'undone' {
  const state = digest(current);
  if (edit === undefined || state === edit.before) return 'undone';
  if (state !== edit.after) return 'edited';
  if (change === 'created') return { text: null };
  if (previous === null) return 'secret';
  const text = textBefore(current, { edit, previous });
  return text === null ? 'edited' : { text };
}

const reasons = {
  edited: 'it was edited since',
  secret: 'what stood there looked like a secret and was not kept',
};

function action(resource: CreatedResource, before: string, after: string | null): UndoAction {
  const { id: path, place: dir } = resource;
  const what =
    after === null ? `removes ${path} from ${dir}` : `${path} in ${dir} is as it was before: the diff above`;
  const run = async (): Promise<void> => {
    await writeFiles(dir, [after === null ? { path, before, after } : { path, before, after }]);
  };
  const diff = after === null ? {} : { diff: unifiedDiff({ path, before, after }) };
  return { service: 'vercel', resource, what, run, ...diff };
}

function kept(resource: CreatedResource, reason: string): UndoAction {
  const { id: path, place: dir, change } = resource;
  const remedy = change === 'created' ? 'remove it by hand' : `git log -p -- ${path} shows our change`;
  return {
    service: 'vercel',
    resource,
    what: `${path} in ${dir} stays as it is: ${reason}; ${remedy}`,
    run: null,
  };
}

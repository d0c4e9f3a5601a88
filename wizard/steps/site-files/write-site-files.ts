import { writeFiles, type FileChange } from '../../frontend/wiring/write-files.ts';
import { looksLikeSecret } from '../../model/formats/looks-like-secret.ts';
import type { Journal } from '../../model/run/journal.ts';
import { editBetween } from './file-edit.ts';

/**
 * Writes changes of a site's files as they were shown, and into the journal what `undo` needs to take them back.
 *
 * @throws Failure `frontend-files-changed` when they changed since the change was shown.
 */
export async function writeSiteFiles(
  journal: Journal,
  { dir, changes }: { dir: string; changes: readonly FileChange[] },
): Promise<void> {
  const entries = changes.map((change) => entryFor(dir, change));
  for (const entry of entries) await journal.add({ ...entry, type: 'intent' });
  await writeFiles(dir, changes);
  for (const entry of entries) await journal.add({ ...entry, type: 'done' });
}

function entryFor(place: string, { path, before, after }: FileChange) {
  const { edit, previous } = editBetween(before, after);
  const isSecret = previous !== null && looksLikeSecret({ name: '', value: previous });
  return {
    step: 'redeploy-frontend',
    change: before === null ? 'created' : 'changed',
    thing: 'frontend-file',
    id: path,
    place,
    previous: isSecret ? null : previous,
    edit,
  } as const;
}

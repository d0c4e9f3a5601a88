import { lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Failure } from '../../model/failure.ts';

/** The change of one file, byte for byte as it was shown. `before` is null for a new file. */
export type FileChange = { path: string; before: string | null; after: string };
type FileRemoval = { path: string; before: string; after: null };

/**
 * Why a change cannot be made as it was shown; null when it can. A symbolic link is never written through: its target
 * may belong to anything.
 */
export async function findWriteObstacle(
  dir: string,
  changes: readonly (FileChange | FileRemoval)[],
): Promise<string | null> {
  const root = await realpath(dir);
  for (const { path, before } of changes) {
    const target = join(root, path);
    const stats = await lstat(target).catch(() => null);
    if (stats?.isSymbolicLink() === true) return `${path} is a link to another file`;
    const folder = await nearestFolder(dirname(target));
    if (folder !== root && !folder.startsWith(root + sep)) return `${path} is outside ${dir}`;
    const current = stats === null ? null : await readFile(target);
    // Bytes, not text: two files that are not UTF-8 can decode to the same text.
    const isAsShown = before === null ? current === null : current?.equals(Buffer.from(before)) === true;
    if (!isAsShown) return `${path} has changed since the diff was made`;
  }
  return null;
}

/**
 * Makes the change that was shown: all of its files or, when one is an obstacle, none.
 *
 * @throws Failure `frontend-files-changed`.
 */
export async function writeFiles(dir: string, changes: readonly (FileChange | FileRemoval)[]): Promise<void> {
  const obstacle = await findWriteObstacle(dir, changes);
  if (obstacle !== null) {
    throw new Failure({
      code: 'frontend-files-changed',
      message: `The frontend's files were not touched: ${obstacle}.`,
      remedy: 'Run again to see the change for the files as they are now.',
    });
  }
  for (const { path, after } of changes) {
    const target = join(dir, path);
    if (after === null) {
      await rm(target);
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, after);
  }
}

/** The folder that a new file's folder is made in, its links followed. */
async function nearestFolder(folder: string): Promise<string> {
  const existing = await realpath(folder).catch(() => null);
  return existing ?? (dirname(folder) === folder ? folder : nearestFolder(dirname(folder)));
}

import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * The folders, by their real names, that a book's text may come from: its repository, or its own folder where there is
 * none, and the folders that its configuration names. Links and imports lead anywhere on this machine, and what is
 * read is shown to everybody.
 */
export async function pathBoundsOf({
  root,
  dirs,
}: {
  root: string;
  dirs: readonly string[];
}): Promise<string[]> {
  const real = await Promise.all([await repositoryOf(root), ...dirs].map(realPathOf));
  return [...new Set(real.filter((path) => path !== null))];
}

/** Whether a file or folder, wherever links lead, is within the bounds and in no hidden folder of them. */
export async function isWithinBounds(path: string, bounds: readonly string[]): Promise<boolean> {
  const real = await realPathOf(path);
  return real !== null && bounds.some((bound) => isVisibleBelow(real, bound));
}

/** The next folder above that is a repository's; the folder itself where there is none. */
async function repositoryOf(root: string): Promise<string> {
  for (let dir = root; ; dir = dirname(dir)) {
    if ((await stat(join(dir, '.git')).catch(() => null)) !== null) return dir;
    if (dirname(dir) === dir) return root;
  }
}

/** `..` is hidden as well. */
function isVisibleBelow(path: string, bound: string): boolean {
  const way = relative(bound, path);
  return !isAbsolute(way) && !way.split(sep).some((name) => name.startsWith('.'));
}

async function realPathOf(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}

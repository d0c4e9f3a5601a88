import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { repositoryFolders } from './repository-folders.ts';

/**
 * The real paths of the folders that a book's text may come from: its repository (its own folder when there is none)
 * and the folders that its configuration names. Links and imports may point anywhere on this machine, and what is
 * indexed is public.
 */
export async function pathBoundsOf({
  root,
  dirs,
}: {
  root: string;
  dirs: readonly string[];
}): Promise<string[]> {
  const real = await Promise.all([repositoryFolders(root).at(-1) ?? root, ...dirs].map(realPathOf));
  return [...new Set(real.filter((path) => path !== null))];
}

/** Whether a file or folder, after following links, is inside the bounds and in no hidden folder of them. */
export async function isWithinBounds(path: string, bounds: readonly string[]): Promise<boolean> {
  const real = await realPathOf(path);
  return real !== null && bounds.some((bound) => isVisibleBelow(real, bound));
}

/** `..` begins with a dot too, so it counts as hidden. */
function isVisibleBelow(path: string, bound: string): boolean {
  const relativePath = relative(bound, path);
  return !isAbsolute(relativePath) && !relativePath.split(sep).some((name) => name.startsWith('.'));
}

async function realPathOf(path: string): Promise<string | null> {
  return realpath(path).catch(() => null);
}

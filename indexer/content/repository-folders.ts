import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder and those above it, up to the one with `.git`; the folder alone outside of a repository. */
export function repositoryFolders(start: string): string[] {
  const folders = [start];
  for (let dir = start; !existsSync(join(dir, '.git')); dir = dirname(dir)) {
    if (dirname(dir) === dir) return [start];
    folders.push(dirname(dir));
  }
  return folders;
}

import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import picomatch from 'picomatch';
import { repositoryFolders } from '../content/repository-folders.ts';

/** Whether the `.gitignore` files of a repository exclude a path (absolute; `isFolder` for a folder). */
export type IgnoredPaths = {
  has(path: string, isFolder: boolean): boolean;
  enter(dir: string): Promise<void>;
};

/**
 * Reads the `.gitignore` of a folder and of those above it, up to the root of the repository. `enter` adds that of a
 * folder below; call it before asking about what the folder contains.
 */
export async function ignoredPathsOf(start: string): Promise<IgnoredPaths> {
  const rules: (IgnoreRule & { dir: string })[] = [];
  const enter = async (dir: string): Promise<void> => {
    const text = await readFile(join(dir, '.gitignore'), 'utf8').catch(() => null);
    if (text !== null) rules.push(...parseIgnoreRules(text).map((rule) => ({ ...rule, dir })));
  };
  for (const dir of repositoryFolders(start).toReversed()) await enter(dir);
  return {
    enter,
    has: (path, isFolder) => {
      // The last rule that matches decides.
      const rule = rules.findLast(({ dir, foldersOnly, matches }) => {
        const below = relative(dir, path).split(sep).join('/');
        return below !== '' && !below.startsWith('..') && (isFolder || !foldersOnly) && matches(below);
      });
      return rule !== undefined && !rule.isNegated;
    },
  };
}

type IgnoreRule = { isNegated: boolean; foldersOnly: boolean; matches(path: string): boolean };

/** The lines of a `.gitignore`: a pattern with a slash inside is relative to its folder, any other matches at any depth. */
function parseIgnoreRules(text: string): IgnoreRule[] {
  return text.split(/\r?\n/).flatMap((line): IgnoreRule[] => {
    const [, negation = '', pattern = ''] = /^(!?)(.*?)\s*$/.exec(line) ?? [];
    if (pattern === '' || pattern.startsWith('#')) return [];
    const bare = pattern.replace(/\/$/, '');
    const glob = bare.includes('/') ? bare.replace(/^\//, '') : `**/${bare}`;
    const foldersOnly = pattern.endsWith('/');
    return [{ isNegated: negation !== '', foldersOnly, matches: picomatch(glob, { dot: true }) }];
  });
}

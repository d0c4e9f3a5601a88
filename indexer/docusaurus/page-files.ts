import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isWithinBounds } from '../content/path-bounds.ts';
import type { DocsFolder } from './docs-folders.ts';
import { globMatcher } from './glob-matcher.ts';
import { ignoredPathsOf, type IgnoredPaths } from './ignored-paths.ts';
import { readCategory } from './sidebars/read-category.ts';
import type { Category } from './sidebars/sidebar-tree.ts';
import { isToolFile } from './tool-files.ts';

export type PageFile = {
  /** Relative to the docs folder, with forward slashes. */
  file: string;
  /** The folders above it, outermost first: one object per folder, shared by its files. */
  categories: Category[];
};

export type PageFiles = {
  /** In no particular order, without the files that Docusaurus excludes. */
  files: PageFile[];
  /** Files that look like a page and are none. */
  skipped: { file: string; reason: string }[];
  /** Folders that could not be opened. */
  unreadable: { file: string; reason: string }[];
};

type FolderWalk = {
  folder: DocsFolder;
  bounds: readonly string[];
  signal: AbortSignal;
  isPage: (file: string) => boolean;
  /** Null for the folder of a site, which shows whatever is in it. */
  ignored: IgnoredPaths | null;
  result: PageFiles;
};
/** A folder during the walk: its path below the docs, and the real paths of it and of those above it. */
type WalkedFolder = { dir: string; categories: Category[]; realPaths: readonly string[] };

/** Lists the pages of a docs folder. Symbolic links are followed, as Docusaurus does, but not out of `bounds`. */
export async function findPageFiles({
  folder,
  bounds,
  signal,
}: Pick<FolderWalk, 'folder' | 'bounds' | 'signal'>): Promise<PageFiles> {
  const isIncluded = globMatcher(folder.include);
  const isExcluded = globMatcher(folder.exclude);
  const isPage = (file: string): boolean => isIncluded(file) && !isExcluded(file);
  const result: PageFiles = { files: [], skipped: [], unreadable: [] };
  const realPaths = [await realpath(folder.dir)];
  const ignored = folder.isPlain ? await ignoredPathsOf(folder.dir) : null;
  await walkFolder(
    { folder, bounds, signal, isPage, ignored, result },
    { dir: '', categories: [], realPaths },
  );
  return result;
}

async function walkFolder(walk: FolderWalk, current: WalkedFolder): Promise<void> {
  const { folder, result, isPage, ignored, signal } = walk;
  const { dir, categories } = current;
  signal.throwIfAborted();
  if (dir !== '') await ignored?.enter(join(folder.dir, dir));
  const entries = await readdir(join(folder.dir, dir), { withFileTypes: true }).catch(
    (error: Error) => error,
  );
  if (!Array.isArray(entries)) {
    result.unreadable.push({ file: dir, reason: `the folder could not be opened (${entries.message})` });
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const file = dir === '' ? entry.name : `${dir}/${entry.name}`;
    if (ignored?.has(join(folder.dir, file), entry.isDirectory()) === true) continue;
    const target = entry.isSymbolicLink()
      ? await resolveLink(walk, current, file)
      : entryTarget(entry, current);
    if (target.type === 'skipped') result.skipped.push({ file, reason: target.reason });
    else if (target.type === 'folder') {
      await walkFolder(walk, {
        dir: file,
        categories: [...categories, await readCategory(folder, file)],
        realPaths: [...current.realPaths, target.realPath],
      });
    } else if (target.type === 'file' && isPage(file)) await addFile(walk, { file, categories });
  }
}

/** Docusaurus shows a translation only if its original exists (readVersionDocs of the docs plugin). */
async function addFile({ folder, result }: FolderWalk, page: PageFile): Promise<void> {
  const { file } = page;
  if (folder.isPlain && isToolFile(file)) {
    result.skipped.push({ file, reason: 'written for agents and tools, not for readers' });
    return;
  }
  const { originalDir } = folder;
  if (originalDir !== null && (await stat(join(originalDir, file)).catch(() => null)) === null)
    result.skipped.push({
      file,
      reason: 'a translation of a page that does not exist: the site does not show it',
    });
  else result.files.push(page);
}

type EntryTarget =
  | { type: 'folder'; realPath: string }
  | { type: 'file' | 'other' }
  | { type: 'skipped'; reason: string };

function entryTarget(entry: Dirent, { realPaths }: WalkedFolder): EntryTarget {
  if (entry.isDirectory()) return { type: 'folder', realPath: join(realPaths.at(-1) ?? '', entry.name) };
  return { type: entry.isFile() ? 'file' : 'other' };
}

/** What a symbolic link points to; links to other files are ignored without a line. */
async function resolveLink(
  { folder, bounds, isPage }: FolderWalk,
  current: WalkedFolder,
  file: string,
): Promise<EntryTarget> {
  const path = join(folder.dir, file);
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory() !== true && !isPage(file)) return { type: 'other' };
  if (stats === null) return { type: 'skipped', reason: 'a link to a file that does not exist' };
  if (!(await isWithinBounds(path, bounds)))
    return { type: 'skipped', reason: 'a link that leads out of the repository, or into a hidden folder' };
  if (!stats.isDirectory()) return { type: stats.isFile() ? 'file' : 'other' };
  const realPath = await realpath(path);
  if (current.realPaths.includes(realPath))
    return { type: 'skipped', reason: 'a link to a folder that contains it' };
  return { type: 'folder', realPath };
}

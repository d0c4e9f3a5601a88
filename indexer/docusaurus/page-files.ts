import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { isWithinBounds } from '../content/path-bounds.ts';
import type { DocsFolder } from './docs-folders.ts';
import { globMatcher } from './glob-matcher.ts';
import { splitNumberPrefix } from './permalink.ts';
import type { Category } from './reading-order.ts';

export type PageFile = {
  /** Relative to the docs folder, with forward slashes. */
  file: string;
  /** The folders above it, outermost first: one object a folder. */
  categories: Category[];
};

export type PageFiles = {
  /** In no particular order. Files that Docusaurus leaves out by a rule are not among them. */
  files: PageFile[];
  /** What looks like a page and is none. */
  skipped: { file: string; reason: string }[];
  /** Folders that could not be looked into. */
  unreadable: { file: string; reason: string }[];
};

type FolderWalk = {
  folder: DocsFolder;
  bounds: readonly string[];
  signal: AbortSignal;
  isPage: (file: string) => boolean;
  found: PageFiles;
};
/** A folder under way: its path below the docs, and the real names of it and of those above it. */
type WalkedFolder = { dir: string; categories: Category[]; real: readonly string[] };

/** The pages of a docs folder. Links are followed, as Docusaurus lists them, but not out of `bounds`. */
export async function findPageFiles({
  folder,
  bounds,
  signal,
}: Pick<FolderWalk, 'folder' | 'bounds' | 'signal'>): Promise<PageFiles> {
  const isIncluded = globMatcher(folder.include);
  const isExcluded = globMatcher(folder.exclude);
  const isPage = (file: string): boolean => isIncluded(file) && !isExcluded(file);
  const found: PageFiles = { files: [], skipped: [], unreadable: [] };
  const real = [await realpath(folder.dir)];
  await walk({ folder, bounds, signal, isPage, found }, { dir: '', categories: [], real });
  return found;
}

async function walk(of: FolderWalk, place: WalkedFolder): Promise<void> {
  const { folder, found, isPage, signal } = of;
  const { dir, categories } = place;
  signal.throwIfAborted();
  const entries = await readdir(join(folder.dir, dir), { withFileTypes: true }).catch(
    (error: Error) => error,
  );
  if (!Array.isArray(entries)) {
    found.unreadable.push({ file: dir, reason: `the folder could not be opened (${entries.message})` });
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const file = dir === '' ? entry.name : `${dir}/${entry.name}`;
    const target = entry.isSymbolicLink() ? await resolveLink(of, place, file) : entryTarget(entry, place);
    if (target.type === 'nothing') found.skipped.push({ file, reason: target.reason });
    else if (target.type === 'folder') {
      const inner = [...categories, await readCategory(folder, file)];
      await walk(of, { dir: file, categories: inner, real: [...place.real, target.real] });
    } else if (target.type === 'file' && isPage(file)) await addFile(of, { file, categories });
  }
}

/** A translation is shown at the place of its original alone (readVersionDocs of the docs plugin). */
async function addFile({ folder, found }: FolderWalk, page: PageFile): Promise<void> {
  const { file } = page;
  const { originalDir: original } = folder;
  if (original !== null && (await stat(join(original, file)).catch(() => null)) === null)
    found.skipped.push({
      file,
      reason: 'a translation of a page that is not there: the site does not show it',
    });
  else found.files.push(page);
}

type EntryTarget =
  | { type: 'folder'; real: string }
  | { type: 'file' | 'other' }
  | { type: 'nothing'; reason: string };

function entryTarget(entry: Dirent, { real }: WalkedFolder): EntryTarget {
  if (entry.isDirectory()) return { type: 'folder', real: join(real.at(-1) ?? '', entry.name) };
  return { type: entry.isFile() ? 'file' : 'other' };
}

/** What a link leads to; links to what is no page and no folder are nobody's matter. */
async function resolveLink(
  { folder, bounds, isPage }: FolderWalk,
  place: WalkedFolder,
  file: string,
): Promise<EntryTarget> {
  const path = join(folder.dir, file);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true && !isPage(file)) return { type: 'other' };
  if (found === null) return { type: 'nothing', reason: 'a link to what is not there' };
  if (!(await isWithinBounds(path, bounds)))
    return { type: 'nothing', reason: 'a link that leads out of the repository, or into a hidden folder' };
  if (!found.isDirectory()) return { type: found.isFile() ? 'file' : 'other' };
  const real = await realpath(path);
  if (place.real.includes(real)) return { type: 'nothing', reason: 'a link to a folder that it lies in' };
  return { type: 'folder', real };
}

/** What `_category_.{json,yml}` says of a folder, and the number in front of its name. */
async function readCategory({ dir, numberPrefixes }: DocsFolder, path: string): Promise<Category> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const number = numberPrefixes ? splitNumberPrefix(name).number : null;
  for (const file of ['_category_.json', '_category_.yml', '_category_.yaml']) {
    const text = await readFile(join(dir, path, file), 'utf8').catch(() => null);
    if (text !== null) return { number, ...parseCategoryMetadata(text) };
  }
  return { number, position: null, link: undefined };
}

const categoryMetadata = z
  .object({
    position: z.number().nullish().catch(null),
    link: z.object({ type: z.string(), id: z.string().optional() }).nullish().catch(undefined),
  })
  .catch({});

function parseCategoryMetadata(text: string): Pick<Category, 'position' | 'link'> {
  const { position = null, link } = categoryMetadata.parse(parseYamlOrNull(text));
  const isOther = link === null || (link !== undefined && link.type !== 'doc');
  return { position, link: isOther ? null : link?.id };
}

function parseYamlOrNull(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return null;
  }
}

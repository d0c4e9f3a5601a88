import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { DocsFolder } from './docs-folders.ts';
import { globMatcher } from './glob.ts';
import { splitNumberPrefix } from './permalink.ts';
import type { Category } from './reading-order.ts';

export type PageFile = {
  /** Relative to the docs folder, with forward slashes. */
  file: string;
  /** The folders above it, outermost first: one object a folder. */
  categories: Category[];
};

/** The pages of a docs folder, in no particular order. Files that Docusaurus leaves out are not among them. */
export async function pageFiles({
  folder,
  signal,
}: {
  folder: DocsFolder;
  signal: AbortSignal;
}): Promise<PageFile[]> {
  const isIncluded = globMatcher(folder.include);
  const isExcluded = globMatcher(folder.exclude);
  const found: PageFile[] = [];
  async function walk(dir: string, categories: Category[]): Promise<void> {
    signal.throwIfAborted();
    const entries = await readdir(join(folder.dir, dir), { withFileTypes: true });
    for (const entry of entries) {
      const file = dir === '' ? entry.name : `${dir}/${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
        await walk(file, [...categories, await categoryOf(folder, file)]);
      else if (entry.isFile() && isIncluded(file) && !isExcluded(file)) found.push({ file, categories });
    }
  }
  await walk('', []);
  return found;
}

/** What `_category_.{json,yml}` says of a folder, and the number in front of its name. */
async function categoryOf({ dir, numberPrefixes }: DocsFolder, path: string): Promise<Category> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const number = numberPrefixes ? splitNumberPrefix(name).number : null;
  for (const file of ['_category_.json', '_category_.yml', '_category_.yaml']) {
    const text = await readFile(join(dir, path, file), 'utf8').catch(() => null);
    if (text !== null) return { number, ...metadataIn(text) };
  }
  return { number, position: null, link: undefined };
}

const metadata = z
  .object({
    position: z.number().nullish().catch(null),
    link: z.object({ type: z.string(), id: z.string().optional() }).nullish().catch(undefined),
  })
  .catch({});

function metadataIn(text: string): Pick<Category, 'position' | 'link'> {
  const { position = null, link } = metadata.parse(parsedYaml(text));
  const isOther = link === null || (link !== undefined && link.type !== 'doc');
  return { position, link: isOther ? null : link?.id };
}

function parsedYaml(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return null;
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import type { DocsFolder } from '../docs-folders.ts';
import { splitNumberPrefix } from '../permalink.ts';
import type { Category } from './sidebar-tree.ts';

/** The settings of a folder's `_category_.{json,yml}`, and its name. */
export async function readCategory({ dir, numberPrefixes }: DocsFolder, path: string): Promise<Category> {
  const folderName = path.slice(path.lastIndexOf('/') + 1);
  const { name, number } = numberPrefixes
    ? splitNumberPrefix(folderName)
    : { name: folderName, number: null };
  for (const file of ['_category_.json', '_category_.yml', '_category_.yaml']) {
    const source = join(dir, path, file);
    const text = await readFile(source, 'utf8').catch(() => null);
    if (text !== null) return { name, number, ...parseCategory(text, { source, name }) };
  }
  return {
    name,
    number,
    label: null,
    description: null,
    position: null,
    link: undefined,
    generatedIndex: null,
  };
}

const categoryMetadata = z
  .object({
    label: z.string().nullish().catch(null),
    description: z.string().nullish().catch(null),
    position: z.number().nullish().catch(null),
    link: z
      .object({
        type: z.string(),
        id: z.string().optional(),
        title: z.string().optional(),
        description: z.string().optional(),
        slug: z.string().optional(),
      })
      .nullish()
      .catch(undefined),
  })
  .catch({});

function parseCategory(
  text: string,
  { source, name }: { source: string; name: string },
): Omit<Category, 'name' | 'number'> {
  const {
    label = null,
    description = null,
    position = null,
    link,
  } = categoryMetadata.parse(parseYamlOrNull(text));
  const hasNoDoc = link === null || (link !== undefined && link.type !== 'doc');
  const generatedIndex =
    link?.type === 'generated-index'
      ? {
          source,
          title: link.title ?? label ?? name,
          description: link.description ?? '',
          slug: link.slug ?? null,
        }
      : null;
  return { label, description, position, link: hasNoDoc ? null : link?.id, generatedIndex };
}

function parseYamlOrNull(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return null;
  }
}

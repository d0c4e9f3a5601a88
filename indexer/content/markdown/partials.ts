import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Root } from 'mdast';
import { UnreadablePage } from '../deadline.ts';
import { isWithinBounds } from '../path-bounds.ts';
import { readText } from '../read-text.ts';
import { parseWithDeadline, type MarkdownConfig, type ParsedMarkdown } from './parse-markdown.ts';

export type Partials = { byName: Map<string, ImportedPartial>; warnings: string[] };
export type ImportedPartial = {
  file: string;
  parsed: ParsedMarkdown;
  partials: Partials;
  warning: string | null;
};

type PartialsRequest = {
  tree: Root;
  file: string;
  site: { root: string; bounds: readonly string[]; markdown: MarkdownConfig };
  /** The files that led to this one by their imports. */
  importers?: readonly string[];
  /** What the page has imported so far, or why it could not be read: a file imported by many is read once. */
  cache?: Map<string, ImportedPartial | string>;
};

/**
 * The Markdown files that a page imports (`import Safety from './_safety.mdx'`), by the name of their element, and
 * those that they import in turn. `@site/` is the site's root. A missing file is a warning.
 */
export async function readPartials(request: PartialsRequest): Promise<Partials> {
  const { tree, file, site, importers = [], cache = new Map<string, ImportedPartial | string>() } = request;
  const result: Partials = { byName: new Map(), warnings: [] };
  for (const { name, from } of importsOf(tree)) {
    const path = from.startsWith('@site/') ? resolve(site.root, from.slice(6)) : resolve(dirname(file), from);
    if (importers.includes(path)) {
      result.warnings.push(`imports ${from}, which imports it in turn; it is read once`);
      continue;
    }
    const partial =
      cache.get(path) ??
      (await readPartial({ site, file: path, importers: [...importers, file, path], cache }));
    cache.set(path, partial);
    if (typeof partial === 'string') {
      result.warnings.push(`imports ${from}, ${partial}`);
      continue;
    }
    if (partial.warning !== null) result.warnings.push(`imports ${from}, which ${partial.warning}`);
    result.warnings.push(...partial.partials.warnings);
    result.byName.set(name, partial);
  }
  return result;
}

/** The partial, or the reason why its text is missing. */
async function readPartial(
  request: Required<Omit<PartialsRequest, 'tree'>>,
): Promise<ImportedPartial | string> {
  const { file, site } = request;
  if ((await stat(file).catch(() => null)) === null) return 'which does not exist; its text is missing';
  // Other files of this machine must not get into a public index.
  if (!(await isWithinBounds(file, site.bounds))) return 'which is outside the repository; it is not read';
  try {
    const { text, warning } = await readText(file);
    const parsed = parseWithDeadline({ text, file, config: site.markdown });
    const partials = await readPartials({ ...request, tree: parsed.tree });
    return { file, parsed, partials, warning: warning ?? parsed.warning };
  } catch (error) {
    if (error instanceof UnreadablePage) return `whose text is missing: ${error.message}`;
    throw error;
  }
}

function importsOf(tree: Root): { name: string; from: string }[] {
  return tree.children.flatMap((node) => {
    if (node.type !== 'mdxjsEsm') return [];
    return (node.data?.estree?.body ?? []).flatMap((statement) => {
      if (statement.type !== 'ImportDeclaration') return [];
      const from = String(statement.source.value);
      const local = statement.specifiers.find(({ type }) => type === 'ImportDefaultSpecifier')?.local.name;
      return local !== undefined && /\.mdx?$/.test(from) ? [{ name: local, from }] : [];
    });
  });
}

import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Root } from 'mdast';
import { PageTooHard } from './deadline.ts';
import { parseInTime, type ParsedMarkdown } from './markdown.ts';
import type { MarkdownConfig } from './site-config.ts';

export type Partials = {
  byName: Map<string, { file: string; parsed: ParsedMarkdown; partials: Partials }>;
  warnings: string[];
};

/**
 * The Markdown files a page imports (`import Safety from './_safety.mdx'`), by the name of their element, and what
 * those import in turn. `@site/` is the site's root. A missing file is a warning.
 */
export async function readPartials(request: {
  tree: Root;
  file: string;
  root: string;
  config: MarkdownConfig;
  seen?: readonly string[];
}): Promise<Partials> {
  const { tree, file, root, config, seen = [] } = request;
  const found: Partials = { byName: new Map(), warnings: [] };
  for (const { name, from } of importsOf(tree)) {
    const path = from.startsWith('@site/') ? resolve(root, from.slice(6)) : resolve(dirname(file), from);
    if (seen.includes(path)) {
      found.warnings.push(`imports ${from}, which imports it in turn; it is read once`);
      continue;
    }
    // A book's text ends at its own folder: nothing else on this machine may get into the index.
    if (relative(root, path).startsWith('..') || isAbsolute(relative(root, path))) {
      found.warnings.push(`imports ${from}, which lies outside the site; it is not read`);
      continue;
    }
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) {
      found.warnings.push(`imports ${from}, which is not there; its text is missing`);
      continue;
    }
    const parsed = parsedOrReason({ text, file: path, config });
    if (parsed instanceof PageTooHard) {
      found.warnings.push(`imports ${from}, whose text is missing: ${parsed.message}`);
      continue;
    }
    const partials = await readPartials({
      ...request,
      tree: parsed.tree,
      file: path,
      seen: [...seen, file, path],
    });
    if (parsed.warning !== null) found.warnings.push(`imports ${from}, which ${parsed.warning}`);
    found.warnings.push(...partials.warnings);
    found.byName.set(name, { file: path, parsed, partials });
  }
  return found;
}

function parsedOrReason(source: Parameters<typeof parseInTime>[0]): ParsedMarkdown | PageTooHard {
  try {
    return parseInTime(source);
  } catch (error) {
    if (error instanceof PageTooHard) return error;
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

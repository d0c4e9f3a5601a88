import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Root } from 'mdast';
import { isWithinBounds } from '../path-bounds.ts';
import { parseWithDeadline, type ParsedMarkdown } from './parse-markdown.ts';
import { UnreadablePage } from '../unreadable-page.ts';
import { readText } from '../read-text.ts';
import type { BookSite } from '../../docusaurus/find-book.ts';

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
  site: Pick<BookSite, 'root' | 'bounds' | 'markdown'>;
  seen?: readonly string[];
  /** What this page's imports came to so far: a file that many import is read once. */
  known?: Map<string, ImportedPartial | string>;
};

/**
 * The Markdown files a page imports (`import Safety from './_safety.mdx'`), by the name of their element, and what
 * those import in turn. `@site/` is the site's root. A missing file is a warning.
 */
export async function readPartials(request: PartialsRequest): Promise<Partials> {
  const { tree, file, site, seen = [], known = new Map<string, ImportedPartial | string>() } = request;
  const found: Partials = { byName: new Map(), warnings: [] };
  for (const { name, from } of importsOf(tree)) {
    const path = from.startsWith('@site/') ? resolve(site.root, from.slice(6)) : resolve(dirname(file), from);
    if (seen.includes(path)) {
      found.warnings.push(`imports ${from}, which imports it in turn; it is read once`);
      continue;
    }
    const partial =
      known.get(path) ?? (await readPartial({ site, file: path, seen: [...seen, file, path], known }));
    known.set(path, partial);
    if (typeof partial === 'string') {
      found.warnings.push(`imports ${from}, ${partial}`);
      continue;
    }
    if (partial.warning !== null) found.warnings.push(`imports ${from}, which ${partial.warning}`);
    found.warnings.push(...partial.partials.warnings);
    found.byName.set(name, partial);
  }
  return found;
}

/** Why its text is missing, instead. */
async function readPartial(of: Required<Omit<PartialsRequest, 'tree'>>): Promise<ImportedPartial | string> {
  const { file, site } = of;
  if ((await stat(file).catch(() => null)) === null) return 'which is not there; its text is missing';
  // Nothing else on this machine may get into the index.
  if (!(await isWithinBounds(file, site.bounds))) return 'which lies outside the repository; it is not read';
  try {
    const { text, warning } = await readText(file);
    const parsed = parseWithDeadline({ text, file, config: site.markdown });
    const partials = await readPartials({ ...of, tree: parsed.tree });
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

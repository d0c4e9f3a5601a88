import { join, relative, sep } from 'node:path';
import type { PageContent } from '../book.ts';
import type { Block } from '../content/block.ts';
import { chunkBlocks } from '../content/chunk-blocks.ts';
import { parsingTimeLimit, withinDeadline } from '../content/deadline.ts';
import { pageBlocks } from '../content/markdown/file-blocks.ts';
import {
  parseWithDeadline,
  type FrontMatter,
  type ParsedMarkdown,
} from '../content/markdown/parse-markdown.ts';
import { readPageModule, type ImportCache } from '../content/mdx/read-modules.ts';
import type { NamedContent, SourceModule } from '../content/mdx/source-module.ts';
import { isWithinBounds } from '../content/path-bounds.ts';
import { readText } from '../content/read-text.ts';
import type { DocsFolder } from './docs-folders.ts';
import type { SourceSite } from './find-book.ts';
import { pageExcerpt } from './page-excerpt.ts';
import { baseIdOf, docIdOf, permalinkOf, splitNumberPrefix, type PageFrontMatter } from './permalink.ts';

export type SourcePage = PageContent & {
  /** The id that sidebars use. */
  id: string;
  /** Position among its siblings in the sidebar; Infinity when nothing sets one. */
  position: number;
  /** What sidebars and cards call it, and what cards say of it. */
  label: string;
  description: string;
  /** Whether it shows the cards of its category (`<DocCardList />`). */
  showsCards: boolean;
};

/** Reads one Markdown file as a page of the site: its link, its anchors and its text in chunks. Throws UnreadablePage. */
export async function readPage(request: {
  site: SourceSite;
  folder: DocsFolder;
  file: string;
  /** What pages import, kept for the next ones. */
  cache: ImportCache;
  /** Components that need no import. */
  globals: ReadonlyMap<string, NamedContent>;
}): Promise<SourcePage> {
  const { site, folder, file, cache, globals } = request;
  const path = await displayedFile(folder, { file, bounds: site.bounds });
  const { text, warning } = await readText(path);
  const parsed = parseWithDeadline({ text, file, config: site.markdown });
  const { module, warnings } = await readPageModule({ parsed, file: path, site, cache, globals });
  const own = [warning, parsed.warning].filter((sentence) => sentence !== null);
  return withinDeadline({
    work: () =>
      assemblePage({ site, folder, file, path, parsed, module, warnings: [...own, ...new Set(warnings)] }),
    milliseconds: parsingTimeLimit({ length: lengthWithImports(module, text.length, new Set()) }),
  });
}

async function displayedFile(
  { dir, overrideDir }: DocsFolder,
  { file, bounds }: { file: string; bounds: readonly string[] },
): Promise<string> {
  const override = overrideDir === null ? null : join(overrideDir, file);
  return override !== null && (await isWithinBounds(override, bounds)) ? override : join(dir, file);
}

function assemblePage(input: {
  site: SourceSite;
  folder: DocsFolder;
  file: string;
  path: string;
  parsed: ParsedMarkdown;
  module: SourceModule;
  warnings: string[];
}): SourcePage {
  const { site, folder, file, path, parsed, module, warnings } = input;
  const expressions: string[] = [];
  const components = new Map<string, { isSilent: boolean }>();
  const blocks = pageBlocks(
    { parsed, module },
    {
      maintainCase: site.markdown.maintainCase,
      unreadable: {
        expression: (source) => expressions.push(source),
        component: (name, { isSilent }) =>
          components.set(name, { isSilent: isSilent || components.get(name)?.isSilent === true }),
      },
    },
  );
  const frontMatter = pageFrontMatterOf(parsed.frontMatter);
  const title = titleOf({
    fields: parsed.frontMatter,
    blocks: site.markdown.mdx1 && hasExportFirst(parsed) ? [] : blocks,
    fallback: baseIdOf({ ...folder, file, frontMatter }),
  });
  const chunks = chunkBlocks({ blocks, title });
  const showsCards = components.get('DocCardList')?.isSilent === true;
  if (showsCards) components.delete('DocCardList');
  return {
    page: {
      source: relative(site.root, path).split(sep).join('/'),
      url: permalinkOf({ ...folder, file, frontMatter, trailingSlash: site.trailingSlash }),
      title,
      locale: folder.locale,
      version: folder.version,
      anchors: anchorsOf(blocks),
      components: [...components.keys()],
      characters: chunks.reduce((sum, { content }) => sum + content.length, 0),
    },
    chunks,
    id: docIdOf({ ...folder, file, frontMatter }),
    label: String(parsed.frontMatter['sidebar_label'] ?? title),
    description: String(parsed.frontMatter['description'] ?? pageExcerpt(parsed.tree)),
    showsCards,
    position: positionOf({ ...folder, fields: parsed.frontMatter, file }),
    warnings: [...warnings, ...unreadableWarnings({ expressions, components })],
    skipReason:
      hiddenReason(parsed.frontMatter) ??
      (chunks.length === 0 && !showsCards ? emptyReason({ expressions, components }) : null),
  };
}

/** Characters of a page with all that it imports. */
function lengthWithImports(module: SourceModule, length: number, visited: Set<SourceModule>): number {
  let sum = length;
  visited.add(module);
  for (const content of module.names.values()) {
    if (!('module' in content) || visited.has(content.module)) continue;
    sum += lengthWithImports(content.module, content.module.text.length, visited);
  }
  return sum;
}

function anchorsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) =>
    block.type === 'heading' && block.anchor.id !== null ? [block.anchor.id] : [],
  );
}

function pageFrontMatterOf(fields: FrontMatter): PageFrontMatter {
  const { id, slug, parse_number_prefixes: numbers } = fields;
  return {
    ...(id === undefined || id === null ? {} : { id: String(id) }),
    ...(slug === undefined || slug === null ? {} : { slug: String(slug) }),
    ...(booleanOf(numbers) === undefined ? {} : { parse_number_prefixes: booleanOf(numbers) === true }),
  };
}

/** As Docusaurus validates front matter, which accepts `"true"` too. */
function booleanOf(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** The front matter's title, else a level-1 heading at the top, else the file's name. */
function titleOf({
  fields,
  blocks,
  fallback,
}: {
  fields: FrontMatter;
  blocks: Block[];
  fallback: string;
}): string {
  const { title } = fields;
  if (title !== undefined && title !== null && String(title) !== '') return String(title);
  const [first] = blocks;
  return first?.type === 'heading' && first.depth === 1 && first.anchor.text !== ''
    ? first.anchor.text
    : fallback;
}

/** Whether an `export` comes before all that is shown. */
function hasExportFirst({ tree }: ParsedMarkdown): boolean {
  const start = tree.children.filter(({ type }) => type !== 'yaml');
  const shown = start.findIndex(({ type }) => type !== 'mdxjsEsm');
  return start
    .slice(0, shown === -1 ? start.length : shown)
    .some((node) => 'value' in node && /^export\s/m.test(node.value));
}

function positionOf(input: { fields: FrontMatter; file: string; numberPrefixes: boolean }): number {
  const { fields, file, numberPrefixes } = input;
  const position = fields['sidebar_position'];
  if (position !== '' && ['number', 'string'].includes(typeof position) && Number.isFinite(Number(position)))
    return Number(position);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const parsesPrefix = numberPrefixes && booleanOf(fields['parse_number_prefixes']) !== false;
  return (parsesPrefix ? splitNumberPrefix(name).number : null) ?? Number.POSITIVE_INFINITY;
}

function hiddenReason(fields: FrontMatter): string | null {
  if (booleanOf(fields['draft']) === true) return 'a draft: it is not part of the live site';
  return booleanOf(fields['unlisted']) === true ? 'unlisted: the site hides it from its readers' : null;
}

function emptyReason({ expressions, components }: UnreadableParts): string {
  const [component] = components.keys();
  if (component !== undefined)
    return `its text is in the code of <${component}>: index the live site’s address to read it as rendered`;
  return expressions.length === 0
    ? 'it has no text'
    : `its text is in expressions that only a build can evaluate ({${expressions[0]?.slice(0, 40)}})`;
}

type UnreadableParts = {
  expressions: string[];
  components: ReadonlyMap<string, { isSilent: boolean }>;
};

function unreadableWarnings(unreadable: UnreadableParts): string[] {
  const { expressions, components } = unreadable;
  const [first] = expressions;
  const count = `${expressions.length} expression${expressions.length === 1 ? '' : 's'}`;
  return [
    ...(first === undefined
      ? []
      : [`leaves out ${count} that only a build can evaluate ({${first.slice(0, 40)}})`]),
    ...[...components].flatMap(([name, { isSilent }]) =>
      isSilent
        ? [`shows <${name}>, whose text is in code: index the live site’s address to read it as rendered`]
        : [],
    ),
  ];
}

import { join, relative, sep } from 'node:path';
import { headingAnchors } from '../content/markdown/heading-anchors.ts';
import type { Block, LineRange } from '../content/block.ts';
import { markdownBlocks, type BlockContext } from '../content/markdown/markdown-blocks.ts';
import { isWithinBounds } from '../content/path-bounds.ts';
import { chunkBlocks, type Chunk } from '../content/chunk-blocks.ts';
import { parsingTimeLimit, withinDeadline } from '../content/deadline.ts';
import type { DocsFolder } from './docs-folders.ts';
import type { InlineContext } from '../content/markdown/inline-text.ts';
import {
  parseWithDeadline,
  type FrontMatter,
  type ParsedMarkdown,
} from '../content/markdown/parse-markdown.ts';
import { readPartials, type Partials } from '../content/markdown/partials.ts';
import { baseIdOf, docIdOf, permalinkOf, splitNumberPrefix, type PageFrontMatter } from './permalink.ts';
import { readText } from '../content/read-text.ts';
import type { BookSite } from './find-book.ts';

export type Page = {
  /** Relative to the book's root, with forward slashes. */
  source: string;
  /** Path on the site, as a browser shows it, without the site's origin. */
  url: string;
  title: string;
  locale: string;
  version: string;
  /** The ids of the built page, in reading order. */
  anchors: string[];
  characters: number;
};

export type PageContent = {
  page: Page;
  /** As sidebars name it. */
  id: string;
  chunks: Chunk[];
  /** Place among its sisters in the sidebar; Infinity where nothing says one. */
  position: number;
  warnings: string[];
  /** Why it is not indexed; null for a page that is. */
  skipped: string | null;
};

/** One Markdown file as a page of the site: its link, its anchors and its text in chunks. Throws PageUnread. */
export async function readPage(request: {
  site: BookSite;
  folder: DocsFolder;
  file: string;
}): Promise<PageContent> {
  const { site, folder, file } = request;
  const path = await displayedFile(folder, { file, bounds: site.bounds });
  const { text, warning } = await readText(path);
  const parsed = parseWithDeadline({ text, file, config: site.markdown });
  const partials = await readPartials({
    tree: parsed.tree,
    file: path,
    site,
  });
  const warnings = warning === null ? [] : [warning];
  return withinDeadline({
    work: () => assemblePage({ site, folder, file, path, parsed, partials, warnings }),
    milliseconds: parsingTimeLimit({ length: lengthOf(partials, text.length) }),
  });
}

async function displayedFile(
  { dir, overrideDir: instead }: DocsFolder,
  { file, bounds }: { file: string; bounds: readonly string[] },
): Promise<string> {
  const own = instead === null ? null : join(instead, file);
  return own !== null && (await isWithinBounds(own, bounds)) ? own : join(dir, file);
}

function assemblePage(of: {
  site: BookSite;
  folder: DocsFolder;
  file: string;
  path: string;
  parsed: ParsedMarkdown;
  partials: Partials;
  warnings: string[];
}): PageContent {
  const { site, folder, file, path, parsed, partials, warnings } = of;
  const expressions: string[] = [];
  const { blocks, anchors } = fileBlocks({ parsed, partials, site, expressions });
  const frontMatter = pageFrontMatterOf(parsed.frontMatter);
  const title = titleOf({
    fields: parsed.frontMatter,
    blocks,
    fallback: baseIdOf({ ...folder, file, frontMatter }),
  });
  const chunks = chunkBlocks({ blocks, title });
  return {
    page: {
      source: relative(site.root, path).split(sep).join('/'),
      url: permalinkOf({ ...folder, file, frontMatter, trailingSlash: site.trailingSlash }),
      title,
      locale: folder.locale,
      version: folder.version,
      anchors,
      characters: chunks.reduce((sum, { content }) => sum + content.length, 0),
    },
    chunks,
    id: docIdOf({ ...folder, file, frontMatter }),
    position: positionOf({ ...folder, fields: parsed.frontMatter, file }),
    warnings: [...warnings, ...warningsOf({ parsed, partials, expressions })],
    skipped: skipReason({ fields: parsed.frontMatter, chunks }),
  };
}

/** Characters of a page with all that it shows of other files. */
function lengthOf(partials: Partials, own: number): number {
  return [...partials.byName.values()].reduce(
    (sum, { parsed, partials: inner }) => sum + lengthOf(inner, parsed.text.length),
    own,
  );
}

type FileBlocks = { parsed: ParsedMarkdown; partials: Partials; site: BookSite; expressions: string[] };

/** A partial's headings have a slugger of their own, and its lines are those of the element that shows it. */
function fileBlocks({ parsed, partials, site, expressions }: FileBlocks): {
  blocks: Block[];
  anchors: string[];
} {
  const shown = (name: string): Block[] | null => {
    const partial = partials.byName.get(name);
    if (partial === undefined) return null;
    return fileBlocks({ parsed: partial.parsed, partials: partial.partials, site, expressions }).blocks;
  };
  const inline: InlineContext = {
    text: parsed.text,
    onExpression: (source) => expressions.push(source),
    partialText: (name) =>
      shown(name)
        ?.map((block) => (block.type === 'heading' ? block.anchor.text : block.text))
        .join('\n') ?? null,
  };
  const { maintainCase } = site.markdown;
  const context: BlockContext = {
    ...inline,
    anchors: headingAnchors({ tree: parsed.tree, maintainCase, context: inline }),
    partialBlocks: (name: string, lines: LineRange) =>
      shown(name)?.map((block) => ({ ...block, lines })) ?? null,
  };
  const blocks = markdownBlocks(parsed.tree, context);
  const anchors = blocks.flatMap((block) =>
    block.type === 'heading' && block.anchor.id !== null ? [block.anchor.id] : [],
  );
  return { blocks, anchors };
}

function pageFrontMatterOf(fields: FrontMatter): PageFrontMatter {
  const { id, slug, parse_number_prefixes: numbers } = fields;
  return {
    ...(id === undefined || id === null ? {} : { id: String(id) }),
    ...(slug === undefined || slug === null ? {} : { slug: String(slug) }),
    ...(booleanOf(numbers) === undefined ? {} : { parse_number_prefixes: booleanOf(numbers) === true }),
  };
}

/** As Docusaurus validates front matter: `"true"` is true as well. */
function booleanOf(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Front matter first, then a level-1 heading above all other text, then the file's name. */
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

function positionOf(of: { fields: FrontMatter; file: string; numberPrefixes: boolean }): number {
  const { fields, file, numberPrefixes } = of;
  const own = fields['sidebar_position'];
  if (own !== '' && ['number', 'string'].includes(typeof own) && Number.isFinite(Number(own)))
    return Number(own);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const isRead = numberPrefixes && booleanOf(fields['parse_number_prefixes']) !== false;
  return (isRead ? splitNumberPrefix(name).number : null) ?? Number.POSITIVE_INFINITY;
}

function skipReason({ fields, chunks }: { fields: FrontMatter; chunks: readonly Chunk[] }): string | null {
  if (booleanOf(fields['draft']) === true) return 'a draft: it is not part of the live site';
  if (booleanOf(fields['unlisted']) === true) return 'unlisted: the site hides it from its readers';
  return chunks.length === 0 ? 'it has no text' : null;
}

function warningsOf({ parsed, partials, expressions }: Omit<FileBlocks, 'site'>): string[] {
  const [first] = expressions;
  const computed =
    first === undefined
      ? []
      : [
          `${expressions.length} expressions whose value only a build knows are left out ({${first.slice(0, 40)}})`,
        ];
  return [...(parsed.warning === null ? [] : [parsed.warning]), ...partials.warnings, ...computed];
}

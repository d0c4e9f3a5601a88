import { join, relative, sep } from 'node:path';
import type { PageContent } from '../book.ts';
import type { Block, LineRange } from '../content/block.ts';
import { chunkBlocks, type Chunk } from '../content/chunk-blocks.ts';
import { parsingTimeLimit, withinDeadline } from '../content/deadline.ts';
import { headingAnchors } from '../content/markdown/heading-anchors.ts';
import type { InlineContext } from '../content/markdown/inline-text.ts';
import { markdownBlocks, type BlockContext } from '../content/markdown/markdown-blocks.ts';
import {
  parseWithDeadline,
  type FrontMatter,
  type ParsedMarkdown,
} from '../content/markdown/parse-markdown.ts';
import { readPartials, type Partials } from '../content/markdown/partials.ts';
import { isWithinBounds } from '../content/path-bounds.ts';
import { readText } from '../content/read-text.ts';
import type { DocsFolder } from './docs-folders.ts';
import type { SourceSite } from './find-book.ts';
import { baseIdOf, docIdOf, permalinkOf, splitNumberPrefix, type PageFrontMatter } from './permalink.ts';

export type SourcePage = PageContent & {
  /** The id that sidebars use. */
  id: string;
  /** Position among its siblings in the sidebar; Infinity when nothing sets one. */
  position: number;
};

/** Reads one Markdown file as a page of the site: its link, its anchors and its text in chunks. Throws UnreadablePage. */
export async function readPage(request: {
  site: SourceSite;
  folder: DocsFolder;
  file: string;
}): Promise<SourcePage> {
  const { site, folder, file } = request;
  const path = await displayedFile(folder, { file, bounds: site.bounds });
  const { text, warning } = await readText(path);
  const parsed = parseWithDeadline({ text, file, config: site.markdown });
  const partials = await readPartials({ tree: parsed.tree, file: path, site });
  const warnings = warning === null ? [] : [warning];
  return withinDeadline({
    work: () => assemblePage({ site, folder, file, path, parsed, partials, warnings }),
    milliseconds: parsingTimeLimit({ length: lengthWithPartials(partials, text.length) }),
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
  partials: Partials;
  warnings: string[];
}): SourcePage {
  const { site, folder, file, path, parsed, partials, warnings } = input;
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
    skipReason: skipReasonOf({ fields: parsed.frontMatter, chunks }),
  };
}

/** Characters of a page with all its partials. */
function lengthWithPartials(partials: Partials, ownLength: number): number {
  return [...partials.byName.values()].reduce(
    (sum, { parsed, partials: inner }) => sum + lengthWithPartials(inner, parsed.text.length),
    ownLength,
  );
}

type FileBlocks = { parsed: ParsedMarkdown; partials: Partials; site: SourceSite; expressions: string[] };

/** The headings of a partial get a slugger of their own; its lines are those of the element that shows it. */
function fileBlocks({ parsed, partials, site, expressions }: FileBlocks): {
  blocks: Block[];
  anchors: string[];
} {
  const blocksOfPartial = (name: string): Block[] | null => {
    const partial = partials.byName.get(name);
    if (partial === undefined) return null;
    return fileBlocks({ parsed: partial.parsed, partials: partial.partials, site, expressions }).blocks;
  };
  const inline: InlineContext = {
    text: parsed.text,
    onExpression: (source) => expressions.push(source),
    partialText: (name) =>
      blocksOfPartial(name)
        ?.map((block) => (block.type === 'heading' ? block.anchor.text : block.text))
        .join('\n') ?? null,
  };
  const { maintainCase } = site.markdown;
  const context: BlockContext = {
    ...inline,
    anchors: headingAnchors({ tree: parsed.tree, maintainCase, context: inline }),
    partialBlocks: (name: string, lines: LineRange) =>
      blocksOfPartial(name)?.map((block) => ({ ...block, lines })) ?? null,
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

function positionOf(input: { fields: FrontMatter; file: string; numberPrefixes: boolean }): number {
  const { fields, file, numberPrefixes } = input;
  const position = fields['sidebar_position'];
  if (position !== '' && ['number', 'string'].includes(typeof position) && Number.isFinite(Number(position)))
    return Number(position);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const parsesPrefix = numberPrefixes && booleanOf(fields['parse_number_prefixes']) !== false;
  return (parsesPrefix ? splitNumberPrefix(name).number : null) ?? Number.POSITIVE_INFINITY;
}

function skipReasonOf({ fields, chunks }: { fields: FrontMatter; chunks: readonly Chunk[] }): string | null {
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
          `leaves out ${expressions.length} expression${expressions.length === 1 ? '' : 's'} that only a build can evaluate ({${first.slice(0, 40)}})`,
        ];
  return [...(parsed.warning === null ? [] : [parsed.warning]), ...partials.warnings, ...computed];
}

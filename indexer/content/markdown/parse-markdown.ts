import type { Nodes, Root } from 'mdast';
import { directiveFromMarkdown } from 'mdast-util-directive';
import { fromMarkdown, type Extension as MdastExtension } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { mathFromMarkdown } from 'mdast-util-math';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { directive } from 'micromark-extension-directive';
import { frontmatter } from 'micromark-extension-frontmatter';
import { math } from 'micromark-extension-math';
import { mdxjs } from 'micromark-extension-mdxjs';
import type { Extension } from 'micromark-util-types';
import { parse as parseYaml } from 'yaml';
import {
  isStackOverflow,
  nestedTooDeeply,
  parsingTimeLimit,
  UnreadablePage,
  withinDeadline,
} from '../deadline.ts';
import { gfmExtensions } from './gfm-extensions.ts';
import { keepLiteralBraces, literalBraces } from './literal-braces.ts';
import { compatFromMarkdown, headingIdText, htmlComment } from './mdx-compat.ts';
import { prepareMarkdown, type PreparedMarkdown } from './prepare-markdown.ts';

/** How a site parses Markdown: the part of its `markdown` settings that changes anchors or text. */
export type MarkdownConfig = {
  format: 'mdx' | 'md' | 'detect';
  /** `<!-- … -->` is allowed in MDX. */
  comments: boolean;
  /** `:::note Title` is a title. */
  admonitionTitles: boolean;
  /** Names of the site's own admonitions. */
  admonitions?: readonly string[];
  maintainCase: boolean;
  /** `$…$` is a formula (remark-math). */
  math: boolean;
  /** Docusaurus 2: a brace in Markdown is text, and an `export` above the title makes it an ordinary heading. */
  mdx1: boolean;
};

export type FrontMatter = { [key: string]: unknown };

export type ParsedMarkdown = {
  tree: Root;
  /** The text that the tree's offsets refer to. */
  text: string;
  frontMatter: FrontMatter;
  /** Why the file was not parsed as MDX, or its front matter was ignored; null otherwise. */
  warning: string | null;
};

type MarkdownSource = { text: string; file: string; config: MarkdownConfig };

/** `parseMarkdown` for untrusted text. Throws UnreadablePage. */
export function parseWithDeadline(source: MarkdownSource): ParsedMarkdown {
  const parsed = withinDeadline({
    work: () => parseMarkdown(source),
    milliseconds: parsingTimeLimit(source.text),
  });
  checkDepth(parsed.tree);
  return parsed;
}

/** Levels of nesting. What reads a tree recurses at each, below the levels of the page that shows a partial. */
const maxDepth = 300;

function checkDepth(tree: Root): void {
  let level: Nodes[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw new UnreadablePage(nestedTooDeeply);
    level = level.flatMap((node) => ('children' in node ? node.children : []));
  }
}

/** Parses one file as Docusaurus would; a file with MDX errors is parsed as plain Markdown, with a warning. */
export function parseMarkdown({ text: original, file, config }: MarkdownSource): ParsedMarkdown {
  const { admonitionTitles, admonitions = [] } = config;
  const prepared = prepareMarkdown({ text: original, admonitionTitles, admonitions });
  const { text } = prepared;
  const isMdx = formatOf({ text, file, config }) === 'mdx';
  const { tree, warning } = isMdx
    ? parseMdxOrPlain(text, config)
    : { tree: parsePlain(text, config), warning: null };
  if (prepared.originalLines.size > 0) restoreCode(tree, prepared);
  const front = frontMatterOf(tree);
  return { tree, text, frontMatter: front.fields, warning: warning ?? front.warning };
}

/** With comments where the site's rules forbid them, before all elements and expressions are given up. */
function parseMdxOrPlain(text: string, config: MarkdownConfig): { tree: Root; warning: string | null } {
  try {
    return { tree: parseMdx(text, config), warning: null };
  } catch (error) {
    const warning = `does not parse as MDX, read as plain Markdown (${firstLine(error)})`;
    if (config.comments || !text.includes('<!--'))
      return { tree: withoutImports(parsePlain(text, config)), warning };
    return parseMdxOrPlain(text, { ...config, comments: true });
  }
}

const baseExtensions = {
  syntax: [frontmatter(['yaml']), directive()],
  mdast: [frontmatterFromMarkdown(['yaml']), directiveFromMarkdown()],
};
const mathExtensions = { syntax: math(), mdast: mathFromMarkdown() };
const mdxExtensions = { syntax: mdxjs(), mdast: mdxFromMarkdown() };

function parseMdx(text: string, config: MarkdownConfig): Root {
  if (!config.mdx1) return parseWith([], text, config);
  try {
    const tree = parseWith([], text, config);
    keepLiteralBraces(tree, text);
    return tree;
  } catch {
    return parseWith([literalBraces], text, config);
  }
}

function parseWith(extensions: readonly Extension[], text: string, config: MarkdownConfig): Root {
  const { syntax, mdast } = extensionsFor(text, config);
  const mdx = [mdxExtensions.syntax, ...(config.comments ? [htmlComment] : []), headingIdText];
  return fromMarkdown(text, {
    extensions: [...syntax, ...mdx, ...extensions],
    mdastExtensions: [...mdast, mdxExtensions.mdast],
  });
}

function parsePlain(text: string, config: MarkdownConfig): Root {
  const { syntax, mdast } = extensionsFor(text, config);
  return fromMarkdown(text, {
    extensions: config.comments ? [...syntax, htmlComment] : syntax,
    mdastExtensions: mdast,
  });
}

function extensionsFor(
  text: string,
  config: MarkdownConfig,
): { syntax: Extension[]; mdast: MdastExtension[] } {
  const gfm = gfmExtensions(text);
  return {
    syntax: [...baseExtensions.syntax, gfm.syntax, ...(config.math ? [mathExtensions.syntax] : [])],
    mdast: [
      ...baseExtensions.mdast,
      ...gfm.mdast,
      compatFromMarkdown,
      ...(config.math ? [mathExtensions.mdast] : []),
    ],
  };
}

/** `format` of the page, else of the site; `detect` goes by the extension (mdx-loader 3.10, format). */
function formatOf({ text, file, config }: MarkdownSource): 'md' | 'mdx' {
  const pageFormat = frontMatterFormat(text);
  const format =
    pageFormat === 'md' || pageFormat === 'mdx' || pageFormat === 'detect' ? pageFormat : config.format;
  if (format === 'detect') return file.endsWith('.mdx') ? 'mdx' : 'md';
  return format === 'md' ? 'md' : 'mdx';
}

/** `mdx.format` of the front matter. Only the front matter is parsed: the page may quote another page's in an example. */
function frontMatterFormat(text: string): unknown {
  const head = text.slice(0, text.indexOf('\n---', 3) + 4);
  if (!head.startsWith('---') || !head.includes('mdx')) return undefined;
  const tree = fromMarkdown(head, {
    extensions: [frontmatter(['yaml'])],
    mdastExtensions: [frontmatterFromMarkdown(['yaml'])],
  });
  const { mdx } = frontMatterOf(tree).fields;
  return typeof mdx === 'object' && mdx !== null && 'format' in mdx ? mdx.format : undefined;
}

function frontMatterOf(tree: Root): { fields: FrontMatter; warning: string | null } {
  const [first] = tree.children;
  if (first?.type !== 'yaml') return { fields: {}, warning: null };
  try {
    const fields: unknown = parseYaml(first.value);
    return {
      fields: typeof fields === 'object' && fields !== null ? (fields as FrontMatter) : {},
      warning: null,
    };
  } catch (error) {
    return {
      fields: {},
      warning: `has front matter that is not valid YAML; it is ignored (${firstLine(error)})`,
    };
  }
}

const esmStatement = /^(?:import|export)\s[\s\S]*(?:\sfrom\s*['"][^'"\n]+['"];?|[;}])$/;

/** In plain Markdown an `import` is parsed as a paragraph, which no reader should see. */
function withoutImports(tree: Root): Root {
  const children = tree.children.filter((node) => {
    const [first, ...others] = node.type === 'paragraph' ? node.children : [];
    return !(first?.type === 'text' && others.length === 0 && esmStatement.test(first.value));
  });
  return { ...tree, children };
}

/** Restores the original text of rewritten lines inside code blocks. */
function restoreCode(node: Nodes, prepared: PreparedMarkdown): void {
  if (node.type === 'code' && node.position) {
    const start = node.position.start.line;
    const rewritten = prepared.text.split('\n');
    const lines = node.value.split('\n').map((line, index) => {
      const before = prepared.originalLines.get(start + index);
      const after = rewritten[start + index]?.trim();
      return before !== undefined && line.trim() === after ? before : line;
    });
    node.value = lines.join('\n');
  }
  if ('children' in node) for (const child of node.children) restoreCode(child, prepared);
}

function firstLine(error: unknown): string {
  if (isStackOverflow(error)) return 'it is nested too deeply';
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

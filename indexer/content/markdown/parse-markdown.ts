import type { Nodes, Root } from 'mdast';
import { directiveFromMarkdown } from 'mdast-util-directive';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { mathFromMarkdown } from 'mdast-util-math';
import { mdxFromMarkdown } from 'mdast-util-mdx';
import { directive } from 'micromark-extension-directive';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { math } from 'micromark-extension-math';
import { mdxjs } from 'micromark-extension-mdxjs';
import { parse as parseYaml } from 'yaml';
import { prepareMarkdown } from './prepare-markdown.ts';
import { isStackOverflow, parsingTimeLimit, withinDeadline } from '../deadline.ts';
import { compatFromMarkdown, headingIdText, htmlComment } from './mdx-compat.ts';
import type { MarkdownConfig } from '../../docusaurus/config/site-config.ts';

export type FrontMatter = { [key: string]: unknown };

export type ParsedMarkdown = {
  tree: Root;
  /** The text the tree's offsets point into. */
  text: string;
  frontMatter: FrontMatter;
  isMdx: boolean;
  /** Why MDX was given up or the front matter ignored; null when all went well. */
  warning: string | null;
};

type MarkdownSource = { text: string; file: string; config: MarkdownConfig };

/** `parseMarkdown` for a text that anybody may have written. Throws PageUnread. */
export function parseWithDeadline(source: MarkdownSource): ParsedMarkdown {
  return withinDeadline({ work: () => parseMarkdown(source), milliseconds: parsingTimeLimit(source.text) });
}

/** Parses one file the way Docusaurus would; a file that is no MDX is read as plain Markdown. */
export function parseMarkdown({ text: original, file, config }: MarkdownSource): ParsedMarkdown {
  const { text, originalLines: changed } = prepareMarkdown({
    text: original,
    admonitionTitles: config.admonitionTitles,
  });
  const wanted = formatOf({ text, file, config });
  let isMdx = wanted === 'mdx';
  let warning: string | null = null;
  let tree: Root;
  try {
    tree = isMdx ? parseMdx(text, config) : parsePlain(text, config);
  } catch (error) {
    isMdx = false;
    warning = `does not parse as MDX, read as plain Markdown (${firstLine(error)})`;
    tree = withoutImports(parsePlain(text, config));
  }
  if (changed.size > 0) restoreCode(tree, { text, changed });
  const front = frontMatterOf(tree);
  return { tree, text, frontMatter: front.fields, isMdx, warning: warning ?? front.warning };
}

const baseExtensions = {
  syntax: [frontmatter(['yaml']), directive(), gfm()],
  mdast: [frontmatterFromMarkdown(['yaml']), directiveFromMarkdown(), gfmFromMarkdown(), compatFromMarkdown],
};
const mathExtensions = { syntax: math(), mdast: mathFromMarkdown() };
const mdxExtensions = { syntax: mdxjs(), mdast: mdxFromMarkdown() };

function parseMdx(text: string, config: MarkdownConfig): Root {
  const { syntax, mdast } = extensionsFor(config);
  return fromMarkdown(text, {
    extensions: [...syntax, mdxExtensions.syntax, ...(config.comments ? [htmlComment] : []), headingIdText],
    mdastExtensions: [...mdast, mdxExtensions.mdast],
  });
}

function parsePlain(text: string, config: MarkdownConfig): Root {
  const { syntax, mdast } = extensionsFor(config);
  return fromMarkdown(text, {
    extensions: config.comments ? [...syntax, htmlComment] : syntax,
    mdastExtensions: mdast,
  });
}

function extensionsFor(config: MarkdownConfig): typeof baseExtensions {
  if (!config.math) return baseExtensions;
  return {
    syntax: [...baseExtensions.syntax, mathExtensions.syntax],
    mdast: [...baseExtensions.mdast, mathExtensions.mdast],
  };
}

/** `format` of the page, else of the site; `detect` goes by the extension (mdx-loader 3.10, format). */
function formatOf({ text, file, config }: MarkdownSource): 'md' | 'mdx' {
  const own = frontMatterFormat(text);
  const format = own === 'md' || own === 'mdx' || own === 'detect' ? own : config.format;
  if (format === 'detect') return file.endsWith('.mdx') ? 'mdx' : 'md';
  return format === 'md' ? 'md' : 'mdx';
}

/** Of the front matter alone: a page may show another page's in an example. */
function frontMatterFormat(text: string): unknown {
  const head = text.slice(0, text.indexOf('\n---', 3) + 4);
  if (!head.startsWith('---') || !head.includes('mdx')) return undefined;
  const tree = fromMarkdown(head, {
    extensions: [frontmatter(['yaml'])],
    mdastExtensions: [frontmatterFromMarkdown(['yaml'])],
  });
  const { mdx: own } = frontMatterOf(tree).fields;
  return typeof own === 'object' && own !== null && 'format' in own ? own.format : undefined;
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
    return { fields: {}, warning: `its front matter is no YAML and is ignored (${firstLine(error)})` };
  }
}

const esmStatement = /^(?:import|export)\s[\s\S]*(?:\sfrom\s*['"][^'"\n]+['"];?|[;}])$/;

/** In plain Markdown an `import` is a paragraph like any other, and no reader's business. */
function withoutImports(tree: Root): Root {
  const children = tree.children.filter((node) => {
    const [first, ...others] = node.type === 'paragraph' ? node.children : [];
    return !(first?.type === 'text' && others.length === 0 && esmStatement.test(first.value));
  });
  return { ...tree, children };
}

/** A rewritten line inside a code block gets its own text back. */
function restoreCode(node: Nodes, prepared: { text: string; changed: Map<number, string> }): void {
  if (node.type === 'code' && node.position) {
    const start = node.position.start.line;
    const rewritten = prepared.text.split('\n');
    const lines = node.value.split('\n').map((line, index) => {
      const before = prepared.changed.get(start + index);
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

import type { Code, Heading, List, Nodes, Paragraph, PhrasingContent, Root, RootContent, Table } from 'mdast';
import type { ContainerDirective } from 'mdast-util-directive';
import type { MdxJsxFlowElement, MdxJsxTextElement } from 'mdast-util-mdx';
import { admonitions } from './admonition-titles.ts';
import type { Anchor } from './anchors.ts';
import { htmlText } from './html-text.ts';
import { attributeText, inlineText, joinWords, oneInline, type InlineContext } from './inline-text.ts';

/** First and last line in the page's file, 1-based. */
export type Lines = [number, number];

/** The smallest piece a chunk is made of: a paragraph, a list item, a whole code block or table, a heading. */
export type Block = { lines: Lines } & (
  | { type: 'heading'; depth: number; anchor: Anchor }
  | { type: 'text' | 'item'; text: string }
  | { type: 'code'; text: string; info: string }
  | { type: 'table'; text: string; header: string }
);

export type BlockContext = InlineContext & {
  anchors: ReadonlyMap<Heading, Anchor>;
  /** The blocks of the file that an element stands for (`<Partial />`); null for any other element. */
  partial(name: string, lines: Lines): Block[] | null;
};

type Element = MdxJsxFlowElement | MdxJsxTextElement;
type ToBlocks = (node: never, context: BlockContext) => Block[];

const toBlocks: { [type: string]: ToBlocks } = {
  yaml: () => [],
  definition: () => [],
  thematicBreak: () => [],
  mdxjsEsm: () => [],
  heading: (node: Heading, { anchors }) => [
    {
      type: 'heading',
      depth: node.depth,
      lines: linesOf(node),
      anchor: anchors.get(node) ?? { id: null, text: '' },
    },
  ],
  paragraph: paragraphBlocks,
  html: (node: { value: string } & Nodes) => textBlock(node, htmlText(node.value)),
  mdxFlowExpression: (node: Nodes, context) => textBlock(node, oneInline(node, context)),
  leafDirective: (node: Nodes, context) => textBlock(node, oneInline(node, context)),
  code: codeBlock,
  math: (node: { value: string } & Nodes) => textBlock(node, `$$\n${node.value}\n$$`),
  table: tableBlock,
  list: listBlocks,
  blockquote: (node: { children: RootContent[] }, context) =>
    blocksOf(node.children, context).map((block) =>
      block.type === 'text' ? { ...block, text: quoted(block.text) } : block,
    ),
  footnoteDefinition: (
    node: { label?: string | null; identifier: string; children: RootContent[] } & Nodes,
    context,
  ) => labelled(`[^${node.label ?? node.identifier}]:`, node, blocksOf(node.children, context)),
  containerDirective: directiveBlocks,
  mdxJsxFlowElement: elementBlocks,
};

/** A page's content in reading order. Every piece of text is in exactly one block. */
export function pageBlocks(tree: Root, context: BlockContext): Block[] {
  return blocksOf(tree.children, context);
}

function blocksOf(nodes: readonly RootContent[], context: BlockContext): Block[] {
  return nodes.flatMap((node) => {
    const convert = toBlocks[node.type] as
      | ((node: RootContent, context: BlockContext) => Block[])
      | undefined;
    return convert ? convert(node, context) : textBlock(node, oneInline(node, context));
  });
}

function textBlock(node: Nodes, text: string): Block[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : [{ type: 'text', text: trimmed, lines: linesOf(node) }];
}

/** A paragraph of elements alone is laid open, as MDX does: `<h3>…</h3>` on a line is no running text. */
function paragraphBlocks(node: Paragraph, context: BlockContext): Block[] {
  const isBare = node.children.every(({ type, ...rest }) =>
    type === 'text' ? String('value' in rest ? rest.value : '').trim() === '' : type === 'mdxJsxTextElement',
  );
  if (!isBare) return textBlock(node, inlineText(node.children, context));
  return node.children.flatMap((child) =>
    child.type === 'mdxJsxTextElement' ? elementBlocks(child, context) : [],
  );
}

function codeBlock(node: Code): Block[] {
  const fence = '`'.repeat(Math.max(3, ...[...node.value.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  const info = `${fence}${[node.lang, node.meta].filter(Boolean).join(' ')}`;
  const text = `${info}\n${node.value}\n${fence}`;
  return node.value.trim() === '' ? [] : [{ type: 'code', text, info, lines: linesOf(node) }];
}

function tableBlock(node: Table, context: BlockContext): Block[] {
  const rows = node.children.map((row) => {
    const cells = row.children.map((cell) =>
      inlineText(cell.children, context).replaceAll(/\s+/g, ' ').trim(),
    );
    return `| ${cells.join(' | ')} |`;
  });
  const columns = node.children[0]?.children.length ?? 0;
  const header = `${rows[0] ?? ''}\n|${' --- |'.repeat(columns)}`;
  return [{ type: 'table', text: [header, ...rows.slice(1)].join('\n'), header, lines: linesOf(node) }];
}

/** One block an item; an item that holds headings is laid open, because each heading starts a section. */
function listBlocks(node: List, context: BlockContext): Block[] {
  return node.children.flatMap((item, index): Block[] => {
    const inner = blocksOf(item.children, context);
    const task = item.checked === null || item.checked === undefined ? '' : item.checked ? '[x] ' : '[ ] ';
    const marker = `${node.ordered === true ? `${(node.start ?? 1) + index}.` : '-'} ${task}`;
    if (inner.some(({ type }) => type === 'heading')) return labelled(marker.trim(), item, inner);
    const text = inner.flatMap((block) => ('text' in block ? [block.text] : [])).join('\n');
    if (text === '') return [];
    return [{ type: 'item', text: `${marker}${text.replaceAll('\n', '\n  ')}`, lines: linesOf(item) }];
  });
}

function directiveBlocks(node: ContainerDirective, context: BlockContext): Block[] {
  const [first, ...rest] = node.children;
  const isLabel = first?.type === 'paragraph' && first.data?.directiveLabel === true;
  const inner = blocksOf(isLabel ? rest : node.children, context);
  const title = node.attributes?.['title'] ?? (isLabel ? inlineText(first.children, context) : '');
  const kind = admonitions.includes(node.name) ? capital(node.name) : '';
  return labelled([kind, title].filter(Boolean).join(': '), node, inner);
}

/** An element's own words, then what is in it: tabs with their labels, details with their summary. */
function elementBlocks(node: Element, context: BlockContext): Block[] {
  const partial = node.name === null ? null : context.partial(node.name, linesOf(node));
  if (partial !== null) return partial;
  const heading = rawHeading(node, context);
  if (heading !== null) return [heading];
  const inner = blocksOf(node.children as RootContent[], context);
  const own = attributeText(node);
  const type = node.name === 'Admonition' ? attribute(node, 'type') : undefined;
  const label = [type === undefined ? '' : capital(type), own].filter(Boolean).join(': ');
  return label === ''
    ? inner
    : labelled(
        inner.length === 0 || type !== undefined || /[:.?!]$/.test(label) ? label : `${label}:`,
        node,
        inner,
      );
}

/** `<h2 id="x">` is an anchor like any other; without an id its text belongs to the anchor above. */
function rawHeading(node: Element, context: BlockContext): Block | null {
  const depth = /^h([1-6])$/.exec(node.name ?? '')?.[1];
  const id = attribute(node, 'id');
  if (depth === undefined || id === undefined) return null;
  const text = inlineText(node.children as unknown as PhrasingContent[], context).replaceAll(/\s+/g, ' ');
  return { type: 'heading', depth: Number(depth), lines: linesOf(node), anchor: { id, text: text.trim() } };
}

function attribute(node: Element, name: string): string | undefined {
  for (const one of node.attributes)
    if (one.type === 'mdxJsxAttribute' && one.name === name && typeof one.value === 'string')
      return one.value;
  return undefined;
}

/** The label goes in front of a first paragraph, else on a line of its own. */
function labelled(label: string, node: Nodes | Element, inner: Block[]): Block[] {
  if (label === '') return inner;
  const [first, ...rest] = inner;
  if (first?.type !== 'text') return [{ type: 'text', text: label, lines: firstLine(node) }, ...inner];
  const text = /[:.?!]$/.test(label) ? joinWords(label, first.text) : `${label}. ${first.text}`;
  return [{ ...first, text, lines: [linesOf(node)[0], first.lines[1]] }, ...rest];
}

function quoted(text: string): string {
  return `> ${text.replaceAll('\n', '\n> ')}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function linesOf(node: { position?: Nodes['position'] }): Lines {
  return [node.position?.start.line ?? 1, node.position?.end.line ?? 1];
}

function firstLine(node: { position?: Nodes['position'] }): Lines {
  const [line] = linesOf(node);
  return [line, line];
}

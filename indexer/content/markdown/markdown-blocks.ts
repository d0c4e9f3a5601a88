import type { Code, Heading, List, Nodes, Paragraph, PhrasingContent, Root, RootContent, Table } from 'mdast';
import type { ContainerDirective } from 'mdast-util-directive';
import type { MdxJsxFlowElement, MdxJsxTextElement, MdxjsEsm } from 'mdast-util-mdx';
import {
  admonitionLabel,
  codeBlock,
  itemBlock,
  quoteBlocks,
  tableBlock,
  textBlock,
  withLabel,
  type Block,
  type HeadingAnchor,
  type LineRange,
} from '../block.ts';
import { attributeText, inlineNodeText, inlineText, isHidden, type InlineContext } from './inline-text.ts';
import { admonitionKinds } from './prepare-markdown.ts';
import { htmlText } from './raw-html-text.ts';

export type BlockContext = InlineContext & {
  anchors: ReadonlyMap<Heading, HeadingAnchor>;
  /** The blocks of the partial that an element names (`<Partial />`); null for any other element. */
  partialBlocks(name: string, lines: LineRange): Block[] | null;
};

type Element = MdxJsxFlowElement | MdxJsxTextElement;
type NodeConverter = (node: never, context: BlockContext) => Block[];

const converters: { [type: string]: NodeConverter } = {
  yaml: () => [],
  definition: () => [],
  thematicBreak: () => [],
  mdxjsEsm: (node: MdxjsEsm, context) => {
    for (const statement of node.data?.estree?.body ?? [])
      if (containsText(statement)) context.onExpression(node.value);
    return [];
  },
  heading: (node: Heading, { anchors }) => [
    {
      type: 'heading',
      depth: node.depth,
      lines: linesOf(node),
      anchor: anchors.get(node) ?? { id: null, text: '' },
    },
  ],
  paragraph: paragraphBlocks,
  html: (node: { value: string } & Nodes) => textBlockOf(node, htmlText(node.value)),
  mdxFlowExpression: (node: Nodes, context) => textBlockOf(node, inlineNodeText(node, context)),
  leafDirective: (node: Nodes, context) => textBlockOf(node, inlineNodeText(node, context)),
  code: (node: Code) =>
    codeBlock({
      code: node.value,
      name: [node.lang, node.meta].filter(Boolean).join(' '),
      lines: linesOf(node),
    }),
  math: (node: { value: string } & Nodes) => textBlockOf(node, `$$\n${node.value}\n$$`),
  table: (node: Table, context) =>
    tableBlock({
      rows: node.children.map((row) => row.children.map((cell) => inlineText(cell.children, context))),
      lines: linesOf(node),
    }),
  list: listBlocks,
  blockquote: (node: { children: RootContent[] }, context) => quoteBlocks(blocksOf(node.children, context)),
  footnoteDefinition: (
    node: { label?: string | null; identifier: string; children: RootContent[] } & Nodes,
    context,
  ) => withLabel(`[^${node.label ?? node.identifier}]:`, linesOf(node), blocksOf(node.children, context)),
  containerDirective: directiveBlocks,
  mdxJsxFlowElement: elementBlocks,
};

/** The content of a page in reading order. Every piece of text is in exactly one block. */
export function markdownBlocks(tree: Root, context: BlockContext): Block[] {
  return blocksOf(tree.children, context);
}

/** Consecutive inline nodes become one paragraph: in JSX, text need not be wrapped in a paragraph. */
function blocksOf(nodes: readonly RootContent[], context: BlockContext): Block[] {
  const blocks: Block[] = [];
  let run: RootContent[] = [];
  const flush = (): void => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return;
    const text = inlineText(run as PhrasingContent[], context);
    blocks.push(...textBlock({ text, lines: [linesOf(first)[0], linesOf(last)[1]] }));
    run = [];
  };
  for (const node of nodes) {
    const convert = converters[node.type] as
      | ((node: RootContent, context: BlockContext) => Block[])
      | undefined;
    if (convert === undefined) run.push(node);
    else {
      flush();
      blocks.push(...convert(node, context));
    }
  }
  flush();
  return blocks;
}

/** Whether an exported component has text of its own, which only a build would render. */
function containsText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('type' in value && value.type === 'JSXText')
    return 'value' in value && /\p{L}/u.test(String(value.value));
  return Object.values(value).some(containsText);
}

function textBlockOf(node: Nodes, text: string): Block[] {
  return textBlock({ text, lines: linesOf(node) });
}

/** A paragraph of elements alone is unwrapped, as MDX does: `<h3>…</h3>` on a line is not a paragraph. */
function paragraphBlocks(node: Paragraph, context: BlockContext): Block[] {
  const hasOnlyElements = node.children.every(({ type, ...rest }) =>
    type === 'text' ? String('value' in rest ? rest.value : '').trim() === '' : type === 'mdxJsxTextElement',
  );
  if (!hasOnlyElements) return textBlockOf(node, inlineText(node.children, context));
  return node.children.flatMap((child) =>
    child.type === 'mdxJsxTextElement' ? elementBlocks(child, context) : [],
  );
}

function listBlocks(node: List, context: BlockContext): Block[] {
  return node.children.flatMap((item, index): Block[] => {
    const task = item.checked === null || item.checked === undefined ? '' : item.checked ? '[x] ' : '[ ] ';
    const marker = `${node.ordered === true ? `${(node.start ?? 1) + index}.` : '-'} ${task}`;
    return itemBlock({ marker, inner: blocksOf(item.children, context), lines: linesOf(item) });
  });
}

function directiveBlocks(node: ContainerDirective, context: BlockContext): Block[] {
  const [first, ...rest] = node.children;
  const isLabel = first?.type === 'paragraph' && first.data?.directiveLabel === true;
  const inner = blocksOf(isLabel ? rest : node.children, context);
  const title = node.attributes?.['title'] ?? (isLabel ? inlineText(first.children, context) : '');
  const kind = admonitionKinds.includes(node.name) ? node.name : '';
  return withLabel(admonitionLabel(kind, title), linesOf(node), inner);
}

/** The text of an element's attributes, then its content: tabs with their labels, details with their summary. */
function elementBlocks(node: Element, context: BlockContext): Block[] {
  if (isHidden(node)) return [];
  const partial = node.name === null ? null : context.partialBlocks(node.name, linesOf(node));
  if (partial !== null) return partial;
  const heading = rawHeading(node, context);
  if (heading !== null) return [heading];
  const inner = blocksOf(node.children as RootContent[], context);
  const ownText = attributeText(node, context);
  const type = node.name === 'Admonition' ? stringAttribute(node, 'type') : undefined;
  const label = admonitionLabel(type ?? '', ownText);
  return label === ''
    ? inner
    : withLabel(
        inner.length === 0 || type !== undefined || /[:.?!]$/.test(label) ? label : `${label}:`,
        linesOf(node),
        inner,
      );
}

/** `<h2 id="x">` is a heading with an anchor; without an id its text belongs to the anchor above. */
function rawHeading(node: Element, context: BlockContext): Block | null {
  const depth = /^h([1-6])$/.exec(node.name ?? '')?.[1];
  const id = stringAttribute(node, 'id');
  if (depth === undefined || id === undefined) return null;
  const text = inlineText(node.children as unknown as PhrasingContent[], context).replaceAll(/\s+/g, ' ');
  return { type: 'heading', depth: Number(depth), lines: linesOf(node), anchor: { id, text: text.trim() } };
}

function stringAttribute(node: Element, name: string): string | undefined {
  for (const attribute of node.attributes)
    if (
      attribute.type === 'mdxJsxAttribute' &&
      attribute.name === name &&
      typeof attribute.value === 'string'
    )
      return attribute.value;
  return undefined;
}

function linesOf(node: { position?: Nodes['position'] }): LineRange {
  return [node.position?.start.line ?? 1, node.position?.end.line ?? 1];
}

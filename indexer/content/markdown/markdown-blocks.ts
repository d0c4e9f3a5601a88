import type { Code, Heading, List, Nodes, Paragraph, PhrasingContent, RootContent, Table } from 'mdast';
import type { ContainerDirective } from 'mdast-util-directive';
import {
  admonitionLabel,
  codeBlock,
  itemBlock,
  quoteBlocks,
  tableBlock,
  textBlock,
  withLabel,
  type Block,
} from '../block.ts';
import { elementBlocks, linesOf } from './element-blocks.ts';
import { expressionBlocks } from './expression-blocks.ts';
import { expressionOf, inlineNodeText, inlineText, isLink } from './inline-text.ts';
import { admonitionKinds } from './prepare-markdown.ts';
import { htmlText } from './raw-html-text.ts';
import type { BlockContext } from './reading-context.ts';

type NodeConverter = (node: never, context: BlockContext) => Block[];

const converters: { [type: string]: NodeConverter } = {
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
  html: (node: { value: string } & Nodes) => textBlockOf(node, htmlText(node.value)),
  mdxFlowExpression: (node: Nodes, context) => {
    const expression = expressionOf(node as Parameters<typeof expressionOf>[0]);
    return expression === null ? [] : expressionBlocks(expression, { context, lines: linesOf(node) });
  },
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

/**
 * The content of nodes in reading order; every piece of text is in exactly one block. Consecutive inline nodes become one
 * paragraph: in JSX, text need not be wrapped in a paragraph.
 */
export function blocksOf(nodes: readonly RootContent[], context: BlockContext): Block[] {
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

function textBlockOf(node: Nodes, text: string): Block[] {
  return textBlock({ text, lines: linesOf(node) });
}

/** A paragraph of elements alone is unwrapped, as MDX does: `<h3>…</h3>` on a line is not a paragraph. */
function paragraphBlocks(node: Paragraph, context: BlockContext): Block[] {
  const hasOnlyElements = node.children.every(({ type, ...rest }) =>
    type === 'text'
      ? String('value' in rest ? rest.value : '').trim() === ''
      : type === 'mdxJsxTextElement' && !('name' in rest && isLink(rest.name)),
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

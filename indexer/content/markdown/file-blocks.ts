import type { RootContent } from 'mdast';
import { completeFields, type StaticFields } from '../../../javascript/static/static-value.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { walk } from '../../../javascript/walk.ts';
import type { Block } from '../block.ts';
import { attributeValues } from '../mdx/attribute-text.ts';
import { childrenValue } from '../mdx/children-value.ts';
import { componentBody } from '../mdx/component-scope.ts';
import { elementName } from '../mdx/jsx-nodes.ts';
import type { NamedContent, SourceModule } from '../mdx/source-module.ts';
import { headingAnchors } from './heading-anchors.ts';
import { attributeValue } from './inline-text.ts';
import { expressionBlocks } from './expression-blocks.ts';
import { linesOf } from './element-blocks.ts';
import { blocksOf } from './markdown-blocks.ts';
import type { ParsedMarkdown } from './parse-markdown.ts';
import type { BlockContext, ComponentInput, MdxElement, UnreadableContent } from './reading-context.ts';

/** Components nest: each level may show its content several times. */
const maxDepth = 12;

type FileReading = {
  maintainCase: boolean;
  unreadable: UnreadableContent;
  depth: number;
  input: ComponentInput | null;
};

/** The content of a page, with that of the partials and components that it shows. */
export function pageBlocks(
  file: { parsed: ParsedMarkdown; module: SourceModule },
  options: { maintainCase: boolean; unreadable: UnreadableContent },
): Block[] {
  return fileBlocks(file, { ...options, depth: 0, input: null });
}

/** The headings of a partial get a slugger of their own. */
function fileBlocks(
  { parsed, module }: { parsed: ParsedMarkdown; module: SourceModule },
  reading: FileReading,
): Block[] {
  const props = propsOf(reading.input);
  const inline = contextFor({ ...module, text: parsed.text }, { reading, bindings: { props } });
  const anchors = headingAnchors({ tree: parsed.tree, maintainCase: reading.maintainCase, context: inline });
  return blocksOf(parsed.tree.children, { ...inline, anchors });
}

function contextFor(
  module: SourceModule,
  { reading, bindings = {} }: { reading: FileReading; bindings?: StaticFields },
): BlockContext {
  const values = Object.entries(bindings).map(([name, value]) => [name, () => value] as const);
  return {
    text: module.text,
    names: module.names,
    scope: {
      ...module.scope,
      code: module.text,
      bindings: new Map([...module.scope.bindings, ...values]),
    },
    children: reading.input?.children ?? null,
    unreadable: reading.unreadable,
    anchors: new Map(),
    tabLabels: new Map(),
    readsAllBranches: false,
    blocksOf,
    componentBlocks: (node, context) =>
      namedBlocks(
        node,
        { anchors: new Map(), tabLabels: new Map(), readsAllBranches: false, blocksOf, ...context },
        reading,
      ),
  };
}

/** The blocks of the partial or component that an element names; null for any other element. */
function namedBlocks(node: MdxElement, context: BlockContext, reading: FileReading): Block[] | null {
  const content = node.name === null ? undefined : context.names.get(node.name);
  if (content?.type !== 'markdown' && content?.type !== 'component') return null;
  if (reading.depth >= maxDepth) return null;
  let children: Block[] | null = null;
  const input: ComponentInput = {
    props: attributeValues(node, (expression) => attributeValue(expression, context)),
    hasSpread: node.attributes.some(({ type }) => type === 'mdxJsxExpressionAttribute'),
    children: () => (children ??= blocksOf(node.children as RootContent[], context)),
  };
  const inner = { ...reading, depth: reading.depth + 1, input };
  const lines = linesOf(node);
  const blocks = content.type === 'markdown' ? fileBlocks(content, inner) : componentBlocks(content, inner);
  return blocks?.map((block) => ({ ...block, lines })) ?? null;
}

/** What a file or a component is given. A prop that no attribute gives is undefined, unless a spread may. */
function propsOf(input: ComponentInput | null): StaticFields {
  const props = { ...input?.props, children: childrenValue() };
  return input?.hasSpread === false ? completeFields(props) : props;
}

type Component = Extract<NamedContent, { type: 'component' }>;

/**
 * What a component shows, where that follows from its source. One with an expression that only a build can evaluate is
 * read by its attributes instead (null), unless it shows Markdown.
 */
function componentBlocks({ fn, module }: Component, reading: FileReading): Block[] | null {
  const props = propsOf(reading.input);
  const body = componentBody(fn, { outer: { ...module.scope, code: module.text }, props });
  if (body === null) return null;
  const showsFiles = showsMarkdown(body.returned, module, []);
  if (body.isStateful && !showsFiles) return null;
  const unread: (() => void)[] = [];
  const { unreadable } = reading;
  const context = contextFor(module, {
    reading: {
      ...reading,
      unreadable: {
        expression: (source) => unread.push(() => unreadable.expression(source)),
        component: (name, options) => unread.push(() => unreadable.component(name, options)),
      },
    },
  });
  const blocks = expressionBlocks(body.returned, {
    context: { ...context, scope: body.scope, readsAllBranches: showsFiles },
    lines: [1, 1],
  });
  if (!showsFiles && (unread.length > 0 || blocks.length === 0)) return null;
  for (const report of unread) report();
  return blocks;
}

/** Whether an expression shows a Markdown file, itself or through a component of its module. */
function showsMarkdown(node: Node, module: SourceModule, visited: readonly Node[]): boolean {
  return walk(node).some(({ node: inner }) => {
    if (inner.type !== 'JSXOpeningElement') return false;
    const content = module.names.get(elementName(inner.name));
    if (content?.type === 'markdown') return true;
    if (content?.type !== 'component' || visited.includes(content.fn)) return false;
    return showsMarkdown(content.fn, content.module, [...visited, content.fn]);
  });
}

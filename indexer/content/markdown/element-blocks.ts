import type { PhrasingContent, RootContent } from 'mdast';
import { fieldsOf, type StaticValue } from '../../../javascript/static/static-value.ts';
import {
  admonitionLabel,
  codeBlock,
  labelledBlocks,
  tableBlock,
  textBlock,
  withLabel,
  type Block,
  type LineRange,
} from '../block.ts';
import { isFunction } from '../../../javascript/syntax-tree.ts';
import { attributeText, attributeValues, isComponentName } from '../mdx/attribute-text.ts';
import { componentBody } from '../mdx/component-scope.ts';
import { expressionBlocks } from './expression-blocks.ts';
import { attributeValue, expressionOf, inlineText, isHidden } from './inline-text.ts';
import type { BlockContext, MdxElement } from './reading-context.ts';

/** Components of Docusaurus without text of their own. */
const builtInElement =
  /^(?:Tabs|TabItem|TOCInline|BrowserOnly|Heading|Link|Translate|Details|Admonition|ThemedImage|IdealImage|(?:React\.)?(?:Fragment|Suspense|StrictMode))$/;

/** The text of an element's attributes, then its content: tabs with their labels, details with their summary. */
export function elementBlocks(node: MdxElement, context: BlockContext): Block[] {
  if (isHidden(node)) return [];
  const lines = linesOf(node);
  const component = context.componentBlocks(node, context);
  if (component !== null) return component.map((block) => ({ ...block, lines }));
  const values = attributeValues(node, (expression) => attributeValue(expression, context));
  const heading = rawHeading(node, values, context);
  if (heading !== null) return [heading];
  if (node.name === 'table' && !hasExpression(node)) return tableOf(node, context);
  if (node.name === 'CodeBlock') return listing(node, values, context);
  const shown = node.name === 'BrowserOnly' ? renderedBlocks(node, context) : null;
  if (shown !== null) return shown;
  const inner = context.blocksOf(node.children as RootContent[], withTabLabels(node, values, context));
  const { label: ownLabel, details } = attributeText(node, (value) => attributeValue(value, context));
  const type = node.name === 'Admonition' && typeof values['type'] === 'string' ? values['type'] : undefined;
  const label = admonitionLabel(type ?? '', tabLabel(node, values, context) ?? ownLabel);
  reportComponent(node, context, { isSilent: label === '' && details.length === 0 && inner.length === 0 });
  const content = [...textBlock({ text: details.join('\n'), lines }), ...inner];
  if (label === '') return content;
  if (content.length === 0 || type !== undefined) return withLabel(label, lines, content);
  return labelledBlocks(label, lines, content);
}

/** What a function shows that is an element's content: `<BrowserOnly>{() => <p>…</p>}</BrowserOnly>`. Null without one. */
function renderedBlocks(node: MdxElement, context: BlockContext): Block[] | null {
  for (const child of node.children) {
    const fn = expressionOf(child as Parameters<typeof expressionOf>[0]);
    const body =
      fn !== null && isFunction(fn) ? componentBody(fn, { outer: context.scope, props: {} }) : null;
    if (body === null || body.isStateful) continue;
    return expressionBlocks(body.returned, {
      context: { ...context, scope: body.scope },
      lines: linesOf(node),
    });
  }
  return null;
}

/** A component that is read by its attributes and content alone may show more: that text is in its code. */
function reportComponent(
  { name }: MdxElement,
  { unreadable, names }: BlockContext,
  options: { isSilent: boolean },
): void {
  if (name === null || !isComponentName(name) || builtInElement.test(name)) return;
  if (names.get(name)?.type !== 'missing') unreadable.component(name, options);
}

/** `<h2 id="x">` is a heading with an anchor; without an id its text belongs to the anchor above. */
function rawHeading(
  node: MdxElement,
  values: { [name: string]: StaticValue },
  context: BlockContext,
): Block | null {
  const element = node.name === 'Heading' ? values['as'] : node.name;
  const depth = /^h([1-6])$/.exec(String(element))?.[1];
  const { id } = values;
  if (depth === undefined || typeof id !== 'string') return null;
  const text = inlineText(node.children as PhrasingContent[], context)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { type: 'heading', depth: Number(depth), lines: linesOf(node), anchor: { id, text } };
}

function tableOf(node: MdxElement, context: BlockContext): Block[] {
  const rows = elementsIn(node, /^tr$/).map((row) =>
    elementsIn(row, /^t[hd]$/).map((cell) => inlineText(cell.children as PhrasingContent[], context)),
  );
  const caption = elementsIn(node, /^caption$/).flatMap(({ children }) =>
    textBlock({ text: inlineText(children as PhrasingContent[], context), lines: linesOf(node) }),
  );
  return rows.length === 0 ? [] : [...caption, ...tableBlock({ rows, lines: linesOf(node) })];
}

/** Whether rows or cells come from an expression (`{rows.map(…)}`); such a table is read cell by cell. */
function hasExpression(node: { children?: readonly unknown[] }): boolean {
  return (node.children ?? []).some((child) => {
    const { type, name, children = [] } = child as { type: string; name?: string; children?: unknown[] };
    if (/^mdx(?:Flow|Text)Expression$/.test(type)) return expressionOf(child as object) !== null;
    return !/^t[hd]$/.test(name ?? '') && hasExpression({ children });
  });
}

/** The elements of that name inside, but not those inside one of them. */
function elementsIn(node: { children?: readonly unknown[] }, name: RegExp): MdxElement[] {
  return (node.children ?? []).flatMap((child): MdxElement[] => {
    const element = child as MdxElement;
    if ('name' in element && name.test(element.name ?? '')) return [element];
    return 'children' in element ? elementsIn(element, name) : [];
  });
}

/** `<CodeBlock language="js">{source}</CodeBlock>`, or with the source as the attribute `children`. */
function listing(node: MdxElement, values: { [name: string]: StaticValue }, context: BlockContext): Block[] {
  const { children } = values;
  const inner = inlineText(node.children as PhrasingContent[], context);
  const shown = inner.trim() === '' && typeof children === 'string' ? children : inner;
  const code = shown.replace(/^\n+|\s+$/g, '');
  const className = typeof values['className'] === 'string' ? values['className'] : '';
  const language = values['language'] ?? /language-(\S+)/.exec(className)?.[1] ?? '';
  const title = typeof values['title'] === 'string' ? ` title="${values['title']}"` : '';
  return codeBlock({ code, name: `${String(language)}${title}`.trim(), lines: linesOf(node) });
}

/** `<Tabs values={[{label: 'macOS', value: 'mac'}]}>` names the labels of the tabs inside it. */
function withTabLabels(
  { name }: MdxElement,
  { values }: { [name: string]: StaticValue },
  context: BlockContext,
): BlockContext {
  if (name !== 'Tabs' || !Array.isArray(values)) return context;
  const tabLabels = new Map<string, string>();
  for (const { label, value } of values.map((entry) => fieldsOf(entry) ?? {}))
    if (typeof label === 'string' && typeof value === 'string') tabLabels.set(value, label);
  return { ...context, tabLabels };
}

function tabLabel(
  { name }: MdxElement,
  { label, value }: { [name: string]: StaticValue },
  { tabLabels }: BlockContext,
): string | null {
  if (name !== 'TabItem' || typeof label === 'string') return null;
  return typeof value === 'string' ? (tabLabels.get(value) ?? null) : null;
}

/** First and last line of a node in its file. */
export function linesOf(node: {
  position?: { start: { line: number }; end: { line: number } } | undefined;
}): LineRange {
  return [node.position?.start.line ?? 1, node.position?.end.line ?? 1];
}

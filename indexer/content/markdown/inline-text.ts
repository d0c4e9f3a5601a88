import type { Nodes, PhrasingContent, RootContent } from 'mdast';
import { memberName } from '../../../javascript/names.ts';
import { evaluate } from '../../../javascript/static/evaluate.ts';
import { isUnresolved, type StaticValue } from '../../../javascript/static/static-value.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { joinWords, textOfBlocks } from '../block.ts';
import { attributeText, attributeValues } from '../mdx/attribute-text.ts';
import { isJsx, jsxNodes } from '../mdx/jsx-nodes.ts';
import { linkText } from '../link-text.ts';
import { mappedEntries } from '../mdx/mapped-entries.ts';
import { namedElement } from '../mdx/named-element.ts';
import { isChildren } from '../mdx/children-value.ts';
import type { InlineContext, MdxElement } from './reading-context.ts';
import { hiddenElement, htmlText, lineEndingElement } from './raw-html-text.ts';

type InlineConverter = (node: never, context: InlineContext) => string;

const inlineConverters: { [type: string]: InlineConverter } = {
  text: (node: { value: string }) => node.value,
  inlineCode: (node: { value: string }) => `\`${node.value}\``,
  inlineMath: (node: { value: string }) => `$${node.value}$`,
  break: () => '\n',
  image: (node: { alt?: string | null }) => node.alt ?? '',
  imageReference: (node: { alt?: string | null }) => node.alt ?? '',
  link: (node: { url: string; children: PhrasingContent[] }, context) =>
    linkText(inlineText(node.children, context), node.url),
  footnoteReference: (node: { label?: string | null; identifier: string }) =>
    `[^${node.label ?? node.identifier}]`,
  html: (node: { value: string }) => htmlText(node.value),
  // `a:b` parses as a directive. Docusaurus has none of its own in a line, so it shows them as written.
  textDirective: sourceText,
  leafDirective: sourceText,
  mdxTextExpression: expressionNodeText,
  mdxFlowExpression: expressionNodeText,
  mdxJsxTextElement: elementText,
  mdxJsxFlowElement: elementText,
};

/** The text of inline nodes: link texts, `alt` of images, code in backticks. */
export function inlineText(
  nodes: readonly (PhrasingContent | RootContent)[],
  context: InlineContext,
): string {
  return nodes.map((node) => inlineNodeText(node, context)).join('');
}

/** The text of one inline node; empty for a node without text. */
export function inlineNodeText(node: Nodes, context: InlineContext): string {
  const convert = inlineConverters[node.type] as
    | ((node: Nodes, context: InlineContext) => string)
    | undefined;
  if (convert) return convert(node, context);
  return 'children' in node ? inlineText(node.children as PhrasingContent[], context) : '';
}

/** Whether an element has no text for a reader (`<style>`, `<script>`, Docusaurus's `<Head>`). */
export function isHidden({ name }: { name: string | null }): boolean {
  return name === 'Head' || hiddenElement.test(name ?? '');
}

function elementText(node: MdxElement, context: InlineContext): string {
  if (isHidden(node)) return '';
  const component = context.componentBlocks(node, context);
  if (component !== null) return textOfBlocks(component);
  const { label, details } = attributeText(node, (expression) => attributeValue(expression, context));
  const text = joinWords(label, details.join('; '), withAddress(node, context));
  return lineEndingElement.test(node.name ?? '') && !text.endsWith('\n') ? `${text}\n` : text;
}

export function isLink(name: string | null): boolean {
  return name === 'a' || name === 'Link';
}

/** The content of an element; of a link also its address, where the text says as little as "here". */
function withAddress(node: MdxElement, context: InlineContext): string {
  const text = inlineText(node.children, context);
  if (!isLink(node.name)) return text;
  const { href, to } = attributeValues(node, (expression) => attributeValue(expression, context));
  const address = typeof href === 'string' ? href : to;
  return typeof address === 'string' ? linkText(text, address) : text;
}

/** The value of an attribute's expression; of the elements and templates in it their text. */
export function attributeValue(expression: Node, context: InlineContext): StaticValue {
  const elementText = (node: Node): string => inlineText(jsxNodes(node, context.text), context);
  return evaluate(expression, { ...context.scope, elementText });
}

/** The expression in `{…}`; null for a comment. */
export function expressionOf(node: { data?: { estree?: unknown } | undefined }): Node | null {
  const program = node.data?.estree as { body?: { type: string; expression?: Node }[] } | null | undefined;
  const [statement] = program?.body ?? [];
  return statement?.expression ?? null;
}

function expressionNodeText(node: { data?: { estree?: unknown } }, context: InlineContext): string {
  const expression = expressionOf(node);
  return expression === null ? '' : expressionText(expression, context);
}

/**
 * The text that an expression shows. What is not known is kept as written: `${x}` in a template, `{x}` of a name; any
 * other expression is reported and left out.
 */
export function expressionText(node: Node, context: InlineContext): string {
  if (isJsx(node)) return inlineText(jsxNodes(node, context.text), context);
  const element = namedElement(node, context);
  if (element !== null) return inlineText(element.nodes, element.context);
  const entries = mappedEntries(node, context.scope);
  if (entries !== null)
    return entries.map(({ body, scope }) => expressionText(body, { ...context, scope })).join('');
  const value = evaluate(node, context.scope);
  const branch = isUnresolved(value) ? branchOf(node, context) : null;
  if (branch !== null) return expressionText(branch, context);
  if (isChildren(value)) return textOfBlocks(context.children?.() ?? []);
  if (!isUnresolved(value)) return textOfValue(value);
  const template = templateOf(node);
  if (template !== null) return templateText(template, context);
  if (node.type === 'Identifier' && context.names.get(node.name)?.type === 'missing') return '';
  const source = context.text.slice(node.start, node.end);
  context.unreadable.expression(source);
  const isName =
    node.type === 'Identifier' || (node.type === 'MemberExpression' && memberName(node) !== null);
  return isName ? `{${source}}` : '';
}

/** What `test && <b>…</b>` or `test ? a : b` shows, where the test is known; null for any other expression. */
function branchOf(node: Node, { scope }: InlineContext): Node | null {
  if (node.type !== 'LogicalExpression' && node.type !== 'ConditionalExpression') return null;
  const test = evaluate(node.type === 'LogicalExpression' ? node.left : node.test, scope);
  if (isUnresolved(test)) return null;
  if (node.type === 'ConditionalExpression') return test ? node.consequent : node.alternate;
  const isRight =
    node.operator === '&&' ? test : node.operator === '??' ? test === null || test === undefined : !test;
  return isRight ? node.right : node.left;
}

/** The template of `…`, of `…`.trim() and of dedent`…`; null for any other expression. */
function templateOf(node: Node): Extract<Node, { type: 'TemplateLiteral' }> | null {
  if (node.type === 'TemplateLiteral') return node;
  if (node.type === 'TaggedTemplateExpression') return node.quasi;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  return /^(?:trim|trimStart|trimEnd)$/.test(memberName(node.callee) ?? '')
    ? templateOf(node.callee.object)
    : null;
}

function templateText(
  { quasis, expressions }: Extract<Node, { type: 'TemplateLiteral' }>,
  context: InlineContext,
): string {
  return quasis
    .map(({ value }, index) => {
      const expression = expressions[index];
      const before = value.cooked ?? value.raw;
      if (expression === undefined) return before;
      const inner = evaluate(expression, context.scope);
      const source = context.text.slice(expression.start, expression.end);
      return `${before}${isUnresolved(inner) ? `\${${source}}` : textOfValue(inner)}`;
    })
    .join('');
}

/** As React shows a value: nothing for booleans and null, the entries of a list one after the other. */
function textOfValue(value: StaticValue): string {
  if (Array.isArray(value)) return value.map(textOfValue).join('');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function sourceText(node: Nodes, context: InlineContext): string {
  const { start, end } = node.position ?? {};
  return context.text.slice(start?.offset ?? 0, end?.offset ?? 0);
}

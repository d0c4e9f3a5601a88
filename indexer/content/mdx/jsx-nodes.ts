import type { RootContent } from 'mdast';
import type { Node } from '../../../javascript/syntax-tree.ts';

/** An element's attribute in mdast, whose expressions keep their syntax tree. */
type MdastAttribute =
  | { type: 'mdxJsxAttribute'; name: string; value: string | object | null }
  | { type: 'mdxJsxExpressionAttribute'; value: string; data: { estree: object } };

/**
 * The elements of a JSX expression as the nodes that MDX would parse, so that a component's text is read like a page's.
 * `code` is the text that the offsets refer to.
 */
export function jsxNodes(node: Node, code: string): RootContent[] {
  switch (node.type as string) {
    case 'JSXElement':
      return [elementNode(node as JsxElement, { code, isInline: false })];
    case 'JSXFragment':
      return childNodes((node as JsxElement).children, code);
    default:
      return [expressionNode(node, { code, isInline: false })];
  }
}

/** Whether a node is an element or a fragment. */
export function isJsx(node: Node): boolean {
  return node.type === 'JSXElement' || (node.type as string) === 'JSXFragment';
}

/** `Tabs` and `Parts.Ios`. */
export function elementName(node: Node): string {
  if (node.type === 'JSXIdentifier') return node.name;
  return node.type === 'JSXMemberExpression'
    ? `${elementName(node.object)}.${elementName(node.property)}`
    : '';
}

type JsxElement = Extract<Node, { type: 'JSXElement' }>;

/** Where a node is: `isInline` beside text, where an element is part of the paragraph. */
type JsxPlace = { code: string; isInline: boolean };

const inlineElement =
  /^(?:a|abbr|b|bdi|bdo|br|cite|code|del|dfn|em|i|img|ins|kbd|label|mark|q|s|samp|small|span|strong|sub|sup|time|u|var)$/;

function elementNode({ openingElement, children }: JsxElement, { code, isInline }: JsxPlace): RootContent {
  if (openingElement.type !== 'JSXOpeningElement') throw new TypeError('An element has an opening tag.');
  const name = elementName(openingElement.name);
  const isText = inlineElement.test(name) || (isInline && /^[A-Z]/.test(name));
  return {
    type: isText ? 'mdxJsxTextElement' : 'mdxJsxFlowElement',
    name,
    attributes: openingElement.attributes.flatMap((attribute) => attributeNode(attribute, code)),
    children: childNodes(children, code),
  } as unknown as RootContent;
}

function attributeNode(node: Node, code: string): MdastAttribute[] {
  if (node.type === 'JSXSpreadAttribute')
    return [
      {
        type: 'mdxJsxExpressionAttribute',
        value: sourceOf(node, code),
        data: treeOf(spreadOf(node.argument)),
      },
    ];
  if (node.type !== 'JSXAttribute' || typeof node.name.name !== 'string') return [];
  const { name, value } = node;
  const text = value?.type === 'Literal' ? String(value.value) : null;
  const expression = value?.type === 'JSXExpressionContainer' ? value.expression : null;
  return [
    {
      type: 'mdxJsxAttribute',
      name: name.name as string,
      value:
        expression === null
          ? text
          : {
              type: 'mdxJsxAttributeValueExpression',
              value: sourceOf(expression, code),
              data: treeOf(expression),
            },
    },
  ];
}

/** MDX parses `{...rest}` as an object with a spread. */
function spreadOf(argument: Node): Node {
  const properties = [{ type: 'SpreadElement', argument, start: argument.start, end: argument.end }];
  return {
    type: 'ObjectExpression',
    properties,
    start: argument.start,
    end: argument.end,
  } as unknown as Node;
}

function childNodes(children: readonly Node[], code: string): RootContent[] {
  const isInline = children.some((child) => child.type === 'JSXText' && child.value.trim() !== '');
  return children.flatMap((child): RootContent[] => {
    if (child.type === 'JSXText') {
      const value = displayedText(child.value);
      return value === '' ? [] : [{ type: 'text', value }];
    }
    const node = child.type === 'JSXExpressionContainer' ? child.expression : child;
    if (node.type === 'JSXElement') return [elementNode(node, { code, isInline })];
    return isJsx(node) ? jsxNodes(node, code) : [expressionNode(node, { code, isInline })];
  });
}

/** As React shows text: lines are trimmed and joined by a space, blank ones are dropped. */
function displayedText(value: string): string {
  const lines = value.split('\n');
  return lines
    .map((line, index) => {
      const start = index === 0 ? line : line.replace(/^[ \t]+/, '');
      return index === lines.length - 1 ? start : start.replace(/[ \t]+$/, '');
    })
    .filter((line) => line !== '')
    .join(' ');
}

function expressionNode(node: Node, { code, isInline }: JsxPlace): RootContent {
  const type = isInline ? 'mdxTextExpression' : 'mdxFlowExpression';
  return { type, value: sourceOf(node, code), data: treeOf(node) } as unknown as RootContent;
}

function treeOf(expression: Node): { estree: object } {
  const isEmpty = (expression.type as string) === 'JSXEmptyExpression';
  return { estree: { type: 'Program', body: isEmpty ? [] : [{ type: 'ExpressionStatement', expression }] } };
}

function sourceOf({ start, end }: Node, code: string): string {
  return code.slice(start, end);
}

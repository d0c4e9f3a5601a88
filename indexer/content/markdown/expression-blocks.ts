import type { RootContent } from 'mdast';
import { memberName } from '../../../javascript/names.ts';
import { evaluate, type StaticScope } from '../../../javascript/static/evaluate.ts';
import { fieldsOf, isUnresolved, type StaticValue } from '../../../javascript/static/static-value.ts';
import { isFunction, type Node } from '../../../javascript/syntax-tree.ts';
import { textBlock, type Block, type LineRange } from '../block.ts';
import { isChildren } from '../mdx/children-value.ts';
import { bindParameter } from '../mdx/component-scope.ts';
import { isJsx, jsxNodes } from '../mdx/jsx-nodes.ts';
import { expressionText } from './inline-text.ts';
import type { BlockContext } from './reading-context.ts';

type ExpressionPlace = { context: BlockContext; lines: LineRange };

/** What an expression between paragraphs shows: elements, `children`, a list of either, or text. */
export function expressionBlocks(node: Node, place: ExpressionPlace): Block[] {
  const { context, lines } = place;
  if (isJsx(node)) return context.blocksOf(jsxNodes(node, context.text) as RootContent[], context);
  switch (node.type) {
    case 'LogicalExpression':
    case 'ConditionalExpression': {
      const test = evaluate(node.type === 'LogicalExpression' ? node.left : node.test, context.scope);
      if (isUnresolved(test)) {
        if (!context.readsAllBranches) break;
        const branches = node.type === 'LogicalExpression' ? [node.right] : [node.consequent, node.alternate];
        return branches.flatMap((branch) => expressionBlocks(branch, place));
      }
      if (node.type === 'ConditionalExpression')
        return expressionBlocks(test ? node.consequent : node.alternate, place);
      if (node.operator === '&&') return test ? expressionBlocks(node.right, place) : [];
      return expressionBlocks(isEmptyValue(test, node.operator) ? node.right : node.left, place);
    }
    case 'ArrayExpression':
      return node.elements.flatMap((element) =>
        element === null || element.type === 'SpreadElement' ? [] : expressionBlocks(element, place),
      );
    case 'CallExpression': {
      const blocks = mappedBlocks(node, place);
      if (blocks !== null) return blocks;
    }
  }
  if (isChildren(evaluate(node, context.scope))) return context.children?.() ?? [];
  return textBlock({ text: expressionText(node, context), lines });
}

/** `list.map((entry) => <li>{entry.name}</li>)` of a list that is known; null for any other call. */
function mappedBlocks(
  node: Extract<Node, { type: 'CallExpression' }>,
  place: ExpressionPlace,
): Block[] | null {
  const { callee, arguments: args } = node;
  const [callback] = args;
  if (callee.type !== 'MemberExpression' || memberName(callee) !== 'map') return null;
  if (callback === undefined || !isFunction(callback) || callback.body.type === 'BlockStatement') return null;
  const { body, params } = callback;
  const { context, lines } = place;
  const list = listOf(callee.object, context.scope);
  if (list === null) return null;
  return list.flatMap((entry, index) => {
    const scope: StaticScope = { ...context.scope, bindings: new Map(context.scope.bindings) };
    if (params[0] !== undefined) bindParameter(params[0], entry, scope);
    if (params[1] !== undefined) bindParameter(params[1], index, scope);
    return expressionBlocks(body, { context: { ...context, scope }, lines });
  });
}

/** A list, or the entries, keys or values of an object, where they are known. */
function listOf(node: Node, scope: StaticScope): StaticValue[] | null {
  const value = evaluate(node, scope);
  if (Array.isArray(value)) return value;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { object } = node.callee;
  const [argument] = node.arguments;
  if (object.type !== 'Identifier' || object.name !== 'Object' || argument === undefined) return null;
  const fields = fieldsOf(evaluate(argument, scope));
  if (fields === null) return null;
  switch (memberName(node.callee)) {
    case 'entries':
      return Object.entries(fields).map(([key, field]): StaticValue => [key, field]);
    case 'keys':
      return Object.keys(fields);
    case 'values':
      return Object.values(fields);
    default:
      return null;
  }
}

function isEmptyValue(value: StaticValue, operator: string): boolean {
  return operator === '??' ? value === null || value === undefined : !value;
}

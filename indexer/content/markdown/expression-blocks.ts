import type { RootContent } from 'mdast';
import { evaluate } from '../../../javascript/static/evaluate.ts';
import { isUnresolved, type StaticValue } from '../../../javascript/static/static-value.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { textBlock, type Block, type LineRange } from '../block.ts';
import { isChildren } from '../mdx/children-value.ts';
import { isJsx, jsxNodes } from '../mdx/jsx-nodes.ts';
import { mappedEntries } from '../mdx/mapped-entries.ts';
import { namedElement } from '../mdx/named-element.ts';
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
  }
  const element = namedElement(node, context);
  if (element !== null) return context.blocksOf(element.nodes, element.context);
  const entries = mappedEntries(node, context.scope);
  if (entries !== null)
    return entries.flatMap(({ body, scope }) =>
      expressionBlocks(body, { context: { ...context, scope }, lines }),
    );
  if (isChildren(evaluate(node, context.scope))) return context.children?.() ?? [];
  return textBlock({ text: expressionText(node, context), lines });
}

function isEmptyValue(value: StaticValue, operator: string): boolean {
  return operator === '??' ? value === null || value === undefined : !value;
}

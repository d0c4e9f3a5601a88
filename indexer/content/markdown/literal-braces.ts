import type { Nodes, Parents, Root } from 'mdast';
import type { Extension } from 'micromark-util-types';

/** For MDX 1, where a brace that nothing closes is no error: a micromark extension that parses none as an expression. */
export const literalBraces: Extension = {
  disable: { null: ['mdxFlowExpression', 'mdxTextExpression'] },
};

/**
 * Turns the expressions of a tree that MDX 1 shows as written into text. In a paragraph, a heading or a list a brace is
 * text there; in a block of JSX, which begins with a tag and ends at an empty line, it holds an expression (@mdx-js/mdx 1.6).
 */
export function keepLiteralBraces(tree: Root, text: string): void {
  replaceExpressions(tree, text);
}

function replaceExpressions(parent: Parents, text: string): void {
  for (const [index, node] of parent.children.entries()) {
    if ('children' in node) replaceExpressions(node, text);
    const isFlow = node.type === 'mdxFlowExpression';
    if (!isFlow && node.type !== 'mdxTextExpression') continue;
    if (isInJsxBlock(node, text)) continue;
    const { position } = node;
    const value = text.slice(position?.start.offset, position?.end.offset);
    const shown = { type: 'text', value, position } as const;
    const replacement: Nodes = isFlow ? { type: 'paragraph', children: [shown], position } : shown;
    (parent.children as Nodes[])[index] = replacement;
  }
}

const emptyLine = /^[ \t>]*$/;
const tagLine = /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*<[A-Za-z>/]/;

/** Whether a line that begins with a tag precedes, with no empty line between. */
function isInJsxBlock({ position }: Nodes, text: string): boolean {
  let end = position?.start.offset ?? 0;
  do {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end);
    if (tagLine.test(line)) return true;
    // The line of the expression itself may hold nothing before it.
    if (emptyLine.test(line) && end !== position?.start.offset) return false;
    end = start - 1;
  } while (end > 0);
  return false;
}

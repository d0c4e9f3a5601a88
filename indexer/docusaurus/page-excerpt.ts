import type { Nodes, Root } from 'mdast';
import { toString } from 'mdast-util-to-string';

const silentNode = /^(?:yaml|mdxjsEsm|code|definition|thematicBreak|html|mdxFlowExpression)$/;

/**
 * The description that Docusaurus gives a page without one in its front matter: the first line with text that is not an
 * import, code or the title (@docusaurus/utils 3.10, createExcerpt). Empty when there is none.
 */
export function pageExcerpt({ children }: Root): string {
  return firstLine(children);
}

function firstLine(nodes: readonly Nodes[]): string {
  for (const node of nodes) {
    const line = lineOf(node);
    if (line !== '') return line;
  }
  return '';
}

function lineOf(node: Nodes): string {
  if (silentNode.test(node.type) || (node.type === 'heading' && node.depth === 1)) return '';
  if (node.type === 'paragraph' && node.data !== undefined && 'directiveLabel' in node.data) return '';
  if (node.type === 'tableRow') return node.children.map((cell) => toString(cell)).join(' ');
  if (node.type !== 'paragraph' && node.type !== 'heading' && 'children' in node)
    return firstLine(node.children);
  return toString(node).trim().split('\n', 1)[0] ?? '';
}

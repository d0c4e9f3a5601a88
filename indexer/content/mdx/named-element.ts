import type { RootContent } from 'mdast';
import type { Node } from '../../../javascript/syntax-tree.ts';
import type { InlineContext } from '../markdown/reading-context.ts';
import { jsxNodes } from './jsx-nodes.ts';

/** The nodes of the element that a name stands for (`const note = <p>…</p>`), and the context of its file; null for any other expression. */
export function namedElement<Context extends InlineContext>(
  node: Node,
  context: Context,
): { nodes: RootContent[]; context: Context } | null {
  const content = node.type === 'Identifier' ? context.names.get(node.name) : undefined;
  if (content?.type !== 'element') return null;
  const { text, names, scope } = content.module;
  return { nodes: jsxNodes(content.node, text), context: { ...context, text, names, scope } };
}

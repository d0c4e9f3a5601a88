import type { SourceFile } from './source-file.ts';
import type { FunctionNode, Node } from './syntax-tree.ts';

/** The function around a node; null at the top of a file. */
export function functionAround({ scopes }: SourceFile, start: Node): FunctionNode | null {
  for (let node = scopes.parentOf(start); node !== undefined; node = scopes.parentOf(node))
    if (/^(?:Arrow)?Function/.test(node.type)) return node as FunctionNode;
  return null;
}

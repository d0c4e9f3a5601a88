import type { Node } from './syntax-tree.ts';

/** A node and the one that contains it; the root has no parent. */
export type VisitedNode = { node: Node; parent: Node | undefined };

/** No value passes through these fields. */
const ignoredFields = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'superTypeParameters',
  'implements',
  'loc',
]);

/**
 * The node and everything below it, in the order of the text; types are left out, and so is what is inside a node of
 * which `isOpaque` is true.
 */
export function walk(root: Node, isOpaque: (node: Node) => boolean = () => false): VisitedNode[] {
  const visited: VisitedNode[] = [];
  // A stack instead of recursion: a bundle nests too deeply for the call stack.
  const open: VisitedNode[] = [{ node: root, parent: undefined }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    visited.push(next);
    const { node } = next;
    if (node !== root && isOpaque(node)) continue;
    for (const child of childrenOf(node).toReversed()) open.push({ node: child, parent: node });
  }
  return visited;
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const field in node) {
    const value: unknown = node[field as keyof Node];
    if (typeof value !== 'object' || value === null || ignoredFields.has(field)) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) children.push(value);
    } else for (const child of value as unknown[]) if (isNode(child)) children.push(child);
  }
  return children;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

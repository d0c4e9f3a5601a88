import type { AnyNode, MemberExpression } from 'acorn';

/** The name of a field that is asked for; undefined for one that only running the file would tell. */
export function propertyName(node: MemberExpression): string | undefined {
  if (node.computed) return node.property.type === 'Literal' ? String(node.property.value) : undefined;
  return keyName(node.property);
}

export function keyName(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : undefined;
}

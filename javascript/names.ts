import type { Identifier, Literal } from 'acorn';
import type { Node } from './syntax-tree.ts';

/** `name` of `{ name: … }`, `{ 'name': … }` and of a class's members; null for a computed key. */
export function propertyKey(node: { key: Node; computed: boolean }): string | null {
  const { key } = node;
  if (!node.computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier')) return key.name;
  return key.type === 'Literal' ? String(key.value) : null;
}

/** `b` of `a.b` and `a['b']`; null for a computed name. */
export function memberName(node: { property: Node; computed: boolean }): string | null {
  return propertyKey({ key: node.property, computed: node.computed });
}

/** `b` of `import { b as c }`, which may be a string: `import { 'b-d' as c }`. */
export function specifierName(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}

/** `a.b.c` of a member expression, `a['b']` included; empty for anything else. */
export function dottedName(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ChainExpression') return dottedName(node.expression);
  // `(0, react.useState)(…)` of a bundler
  if (node.type === 'SequenceExpression') return dottedName(node.expressions.at(-1)!);
  if (node.type !== 'MemberExpression') return '';
  const [owner, name] = [dottedName(node.object), memberName(node)];
  return owner === '' || name === null ? '' : `${owner}.${name}`;
}

/** `post` of `client.post(…)` and `fetch` of `fetch(…)`: the last name of what is called; empty when it has none. */
export function calleeName(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'ChainExpression') return calleeName(callee.expression);
  if (callee.type === 'SequenceExpression') return calleeName(callee.expressions.at(-1)!);
  return callee.type === 'MemberExpression' && 'name' in callee.property ? callee.property.name : '';
}

/** Whether a call makes an element of a component and its properties: what a build makes of JSX. */
export const isElementFactory = (callee: Node): boolean =>
  /^(?:jsxs?|jsxDEV|createElement)$/.test(calleeName(callee));

import { isFunction } from '../../../../javascript/syntax-tree.ts';
import { walk } from '../../../../javascript/walk.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';

/** What the function at a reference returns, in the calls of that reference. */
export function returnValues(tracer: Tracer, reference: Reference): Reference[] {
  const { node } = reference;
  if (!isFunction(node)) return [];
  if (node.body.type !== 'BlockStatement') return [...tracer(withNode(reference, node.body))];
  // The `return` of a function inside this one is not its own.
  return walk(node.body, isFunction).flatMap(({ node: statement }) =>
    statement.type === 'ReturnStatement' && statement.argument != null
      ? [...tracer(withNode(reference, statement.argument))]
      : [],
  );
}

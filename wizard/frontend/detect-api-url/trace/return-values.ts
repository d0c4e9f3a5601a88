import { followsGuardedReturn } from '../../../../javascript/guarded-value.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import { walk } from '../../../../javascript/walk.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';

/** What the function at a reference returns, in the calls of that reference. */
export function returnValues(tracer: Tracer, reference: Reference): Reference[] {
  const { node } = reference;
  if (!isFunction(node)) return [];
  if (node.body.type !== 'BlockStatement') return [...tracer(withNode(reference, node.body))];
  return tracer.returnsIn(node.body).flatMap((value) => {
    const isFallback = reference.isFallback || followsGuardedReturn(reference.file, value);
    return [...tracer({ ...withNode(reference, value), isFallback })];
  });
}

/** The expressions that the body of a function returns; the `return` of a function inside it is not its own. */
export function returnsIn(body: Node): Node[] {
  return walk(body, isFunction).flatMap(({ node }) =>
    node.type === 'ReturnStatement' && node.argument != null ? [node.argument] : [],
  );
}

import type { Node } from '../../../../javascript/syntax-tree.ts';
import { argumentAt } from './resolve-name.ts';
import { withNode, type CallContext, type Reference, type Tracer } from './reference.ts';

const maxCallers = 60;
const maxCallDepth = 4;

/** A value of an expression, with the calls in which the expression has it. */
export type ValueInCall<Value> = { value: Value; context: CallContext };

/**
 * Evaluates an expression for every caller of the function that it is in. Parameters are taken from one call at a time,
 * so that the URL of one call is never combined with the path of another.
 */
export function evaluateInCalls<Value>(
  tracer: Tracer,
  reference: Reference,
  evaluate: (at: Reference) => readonly Value[],
): readonly ValueInCall<Value>[] {
  let callers = 0;
  const inEveryCall = (at: Reference, depth: number): readonly ValueInCall<Value>[] => {
    tracer.unboundFunctions.clear();
    const values = evaluate(at).map((value) => ({ value, context: at.context }));
    const [unbound] = tracer.unboundFunctions;
    if (unbound === undefined || depth >= maxCallDepth) return values;
    const sites = tracer.callGraph().callersOf(unbound);
    if (sites.length === 0) return values;
    return sites.flatMap((site) => {
      callers += 1;
      if (callers > maxCallers) return [];
      return [...inEveryCall({ ...at, context: new Map([...at.context, [unbound, site]]) }, depth + 1)];
    });
  };
  return inEveryCall(reference, 0).slice(0, maxCallers);
}

/** Whether `name === 'text'` holds in the calls of a reference; null where they do not show it. */
export function comparedInCall(tracer: Tracer, reference: Reference, test: Node): boolean | null {
  if (test.type === 'LogicalExpression' && test.operator === '||') {
    const sides = [test.left, test.right].map((side) => comparedInCall(tracer, reference, side));
    return sides.includes(true) ? true : sides.includes(null) ? null : false;
  }
  if (test.type !== 'BinaryExpression' || !/^[!=]==?$/.test(test.operator)) return null;
  const sides = [test.left, test.right] as const;
  const name = sides.find(({ type }) => type === 'Identifier');
  const text = sides.find(({ type }) => type === 'Literal');
  const other = text?.type === 'Literal' ? text.value : null;
  if (name === undefined || typeof other !== 'string') return null;
  const equal = givenTexts(tracer, withNode(reference, name, [])).map(({ node }) => equals(node, other));
  const [first] = equal;
  if (first === undefined || first === null || equal.some((value) => value !== first)) return null;
  return test.operator.startsWith('!') ? !first : first;
}

/**
 * What the calls of a reference give for a name: texts, also of a table. Empty for a name that code changes later, such as
 * a state.
 */
function givenTexts(tracer: Tracer, reference: Reference): readonly Reference[] {
  const { node, file, context } = reference;
  if (node.type === 'Literal' || node.type === 'TemplateLiteral') return [reference];
  if (node.type === 'MemberExpression') return isInTable(reference) ? tracer(reference) : [];
  if (node.type !== 'Identifier') return [];
  const [source, ...others] = file.scopes.sourcesOf(node, node.name) ?? [];
  if (source?.type !== 'parameter' || source.path.length > 0 || others.length > 0) return [];
  const call = context.get(source.fn);
  const argument = call === undefined ? null : argumentAt(call, source.index);
  if (call === undefined || argument === null) return [];
  const merged = new Map([...context, ...call.context]);
  return givenTexts(tracer, { ...reference, node: argument, file: call.file, context: merged, path: [] });
}

/** Whether a member is one of an object that a file exports or declares whole. */
function isInTable({ node, file }: Reference): boolean {
  let root = node;
  while (root.type === 'MemberExpression') root = root.object;
  const [source, ...others] =
    root.type === 'Identifier' ? (file.scopes.sourcesOf(root, root.name) ?? []) : [];
  if (source === undefined || others.length > 0) return false;
  return (
    source.type === 'import' || (source.type === 'expression' && source.node.type === 'ObjectExpression')
  );
}

/** Whether a value is a text; a template whose beginning differs is not. */
function equals(value: Node, text: string): boolean | null {
  if (value.type === 'Literal') return value.value === text;
  const start = value.type === 'TemplateLiteral' ? (value.quasis[0]?.value.cooked ?? '') : '';
  return text.startsWith(start) ? null : false;
}

import { memberName } from '../../../javascript/names.ts';
import { evaluate, type StaticScope } from '../../../javascript/static/evaluate.ts';
import { fieldsOf, isUnresolved, type StaticValue } from '../../../javascript/static/static-value.ts';
import { isFunction, type Node } from '../../../javascript/syntax-tree.ts';
import { bindParameter } from './component-scope.ts';

/**
 * What `list.map((entry) => <li>{entry.name}</li>)` shows for each entry of a list that is known: the expression, and the
 * scope with that entry's values. Null for any other expression.
 */
export function mappedEntries(node: Node, scope: StaticScope): { body: Node; scope: StaticScope }[] | null {
  if (node.type !== 'CallExpression') return null;
  const { callee, arguments: args } = node;
  const [callback] = args;
  if (callee.type !== 'MemberExpression' || memberName(callee) !== 'map') return null;
  if (callback === undefined || !isFunction(callback)) return null;
  const { params } = callback;
  const body = returnedBy(callback.body);
  const list = listOf(callee.object, scope);
  if (list === null || body === null) return null;
  return list.map((entry, index) => {
    const inner: StaticScope = { ...scope, bindings: new Map(scope.bindings) };
    if (params[0] !== undefined) bindParameter(params[0], entry, inner);
    if (params[1] !== undefined) bindParameter(params[1], index, inner);
    return { body, scope: inner };
  });
}

/** The expression of a function's body, or of the one statement in it. */
function returnedBy(body: Node): Node | null {
  if (body.type !== 'BlockStatement') return body;
  const [statement, ...others] = body.body;
  return statement?.type === 'ReturnStatement' && others.length === 0 ? (statement.argument ?? null) : null;
}

/** A list, or the entries, keys or values of an object, where they are known. */
function listOf(node: Node, scope: StaticScope): StaticValue[] | null {
  const value = evaluate(node, scope);
  if (Array.isArray(value)) return value;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { object } = node.callee;
  const [argument] = node.arguments;
  const kept = chosenEntries(node, scope);
  if (kept !== null) return kept;
  if (object.type !== 'Identifier' || object.name !== 'Object' || argument === undefined) return null;
  const fields = fieldsOf(evaluate(argument, scope));
  if (fields === null) return null;
  switch (memberName(node.callee)) {
    case 'entries':
      return Object.entries(fields).map(([key, field]): StaticValue => [key, field]);
    case 'keys':
      return Object.keys(fields);
    case 'values':
      return Object.values(fields);
    default:
      return null;
  }
}

/** The entries of `list.filter((entry) => entry.isOpen)`, and of `list.sort()`; null for what is not known. */
function chosenEntries(
  call: Extract<Node, { type: 'CallExpression' }>,
  scope: StaticScope,
): StaticValue[] | null {
  const { callee, arguments: args } = call;
  const name = callee.type === 'MemberExpression' ? memberName(callee) : null;
  if (callee.type !== 'MemberExpression' || !/^(?:filter|sort|toSorted|reverse|toReversed)$/.test(name ?? ''))
    return null;
  const list = listOf(callee.object, scope);
  const [callback] = args;
  if (list === null) return null;
  if (callback === undefined) {
    if (/reverse/i.test(name ?? '')) return list.toReversed();
    return list.every((entry) => typeof entry === 'string') ? list.toSorted() : null;
  }
  const body = name === 'filter' && isFunction(callback) ? returnedBy(callback.body) : null;
  if (body === null || !isFunction(callback)) return null;
  const [parameter] = callback.params;
  const tests = list.map((entry) => {
    const inner: StaticScope = { ...scope, bindings: new Map(scope.bindings) };
    if (parameter !== undefined) bindParameter(parameter, entry, inner);
    return evaluate(body, inner);
  });
  return tests.some(isUnresolved) ? null : list.filter((_, index) => Boolean(tests[index]));
}

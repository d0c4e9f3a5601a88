import type { Expression, Program } from 'acorn';
import { dottedName, memberName, propertyKey } from '../names.ts';
import type { FunctionNode, Node } from '../syntax-tree.ts';
import { applyOperator, builtInMethod, memberOfSequence, nameFrom } from './built-ins.ts';
import {
  fieldsOf,
  isComplete,
  isUnresolved,
  mergeSpread,
  parsedJson,
  type StaticFields,
  type StaticValue,
  type UnresolvedValue,
} from './static-value.ts';

export type StaticScope = {
  code: string;
  bindings: Map<string, () => StaticValue>;
  /** The exports of a file that is required; undefined for a package. */
  require(specifier: string): StaticValue;
  /** The text of a JSX element. With it values are read as text: a template keeps what is not known as written. */
  elementText?(node: Node): string;
};
export type ModuleStatement = Program['body'][number];
type NodeEvaluator = (node: never, scope: StaticScope) => StaticValue;
type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;

/** Adds what a statement declares to the scope: constants, functions, and properties assigned later. */
export function declare(statement: ModuleStatement, scope: StaticScope): void {
  const { bindings } = scope;
  if (statement.type === 'FunctionDeclaration') bind(scope, statement.id.name, statement);
  else if (statement.type === 'VariableDeclaration') {
    for (const { id, init } of statement.declarations) if (init) bindPattern(id, init, scope);
  } else if (
    statement.type === 'ExpressionStatement' &&
    statement.expression.type === 'AssignmentExpression'
  ) {
    const { left, right } = statement.expression;
    if (left.type !== 'MemberExpression' || left.object.type !== 'Identifier') return;
    const [owner, key] = [bindings.get(left.object.name), memberName(left)];
    if (owner === undefined || key === null) return;
    bindings.set(left.object.name, () => {
      const fields = fieldsOf(owner());
      return fields === null ? owner() : { ...fields, [key]: evaluate(right, scope) };
    });
  }
}

function bindPattern(id: Node, init: Expression, scope: StaticScope): void {
  if (id.type === 'Identifier') bind(scope, id.name, init);
  if (id.type !== 'ObjectPattern') return;
  for (const property of id.properties) {
    if (property.type !== 'Property') continue;
    const { value } = property;
    const [local, defaultNode] =
      value.type === 'AssignmentPattern' ? [value.left, value.right] : [value, null];
    if (local.type !== 'Identifier') continue;
    const key = propertyKey(property) ?? '';
    const unresolvedProperty = (): UnresolvedValue => ({
      ...unresolved(init, scope),
      ...(defaultNode === null ? {} : { fallback: evaluate(defaultNode, scope) }),
    });
    scope.bindings.set(local.name, () => fieldsOf(evaluate(init, scope))?.[key] ?? unresolvedProperty());
  }
}

/** A constant is evaluated on first use; one that refers to itself is unresolved. */
function bind(scope: StaticScope, name: string, init: Node): void {
  let state: { value: StaticValue } | 'evaluating' | undefined;
  scope.bindings.set(name, () => {
    if (state === 'evaluating') return { unresolved: name };
    if (state === undefined) {
      state = 'evaluating';
      state = { value: evaluate(init, scope) };
    }
    return state.value;
  });
}

const evaluators: { [type: string]: NodeEvaluator } = {
  Literal: (node: NodeOf<'Literal'>, scope) =>
    node.value instanceof RegExp || typeof node.value === 'bigint' ? unresolved(node, scope) : node.value,
  Identifier: (node: NodeOf<'Identifier'>, scope) => {
    const read = scope.bindings.get(node.name);
    if (read !== undefined) return read();
    return node.name === 'undefined' ? undefined : unresolved(node, scope);
  },
  TemplateLiteral: template,
  ArrayExpression: array,
  ObjectExpression: object,
  MemberExpression: (node: NodeOf<'MemberExpression'>, scope) => {
    const owner = evaluate(node.object, scope);
    const key = memberName(node) ?? nameFrom(node.computed ? evaluate(node.property, scope) : null);
    const fields = fieldsOf(owner);
    if (key === 'NODE_ENV' && isUnresolved(owner) && owner.unresolved === 'process.env') return 'production';
    if (key !== null && fields && (key in fields || isComplete(fields))) return fields[key];
    return memberOfSequence(owner, key) ?? unresolved(node, scope);
  },
  LogicalExpression: logical,
  ConditionalExpression: (node: NodeOf<'ConditionalExpression'>, scope) => {
    const test = evaluate(node.test, scope);
    if (!isUnresolved(test)) return evaluate(test ? node.consequent : node.alternate, scope);
    // The book is built on Vercel; any other unknown condition is assumed to be false.
    const isVercel = test.unresolved === 'process.env.VERCEL';
    const alternatives = [evaluate(node.consequent, scope), evaluate(node.alternate, scope)];
    return { ...unresolved(node, scope), fallback: alternatives[isVercel ? 0 : 1], alternatives };
  },
  UnaryExpression: (node: NodeOf<'UnaryExpression'>, scope) => {
    const value = evaluate(node.argument, scope);
    if (node.operator === '!' && !isUnresolved(value)) return !value;
    return node.operator === '-' && typeof value === 'number' ? -value : unresolved(node, scope);
  },
  BinaryExpression: binary,
  AwaitExpression: (node: NodeOf<'AwaitExpression'>, scope) => evaluate(node.argument, scope),
  CallExpression: call,
  JSXElement: elementValue,
  JSXFragment: elementValue,
  FunctionDeclaration: returnValue,
  FunctionExpression: returnValue,
  ArrowFunctionExpression: returnValue,
};

/** The value of an expression, or of a function's return statement, as far as it follows from the source. */
export function evaluate(node: Node, scope: StaticScope): StaticValue {
  // `as`, `satisfies`, `!` and `<T>` do not change the value.
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
      return evaluate(node.expression, scope);
  }
  const evaluator = evaluators[node.type] as ((node: Node, scope: StaticScope) => StaticValue) | undefined;
  return evaluator ? evaluator(node, scope) : unresolved(node, scope);
}

function unresolved(node: Node, scope: StaticScope): UnresolvedValue {
  return { unresolved: scope.code.slice(node.start, node.end).replaceAll(/\s+/g, ' ').slice(0, 80) };
}

function elementValue(node: Node, scope: StaticScope): StaticValue {
  return scope.elementText?.(node) ?? unresolved(node, scope);
}

function template(node: NodeOf<'TemplateLiteral'>, scope: StaticScope): StaticValue {
  let text = node.quasis[0]?.value.cooked ?? '';
  for (const [index, expression] of node.expressions.entries()) {
    const value = evaluate(expression, scope);
    const isKnown = typeof value === 'string' || typeof value === 'number';
    if (!isKnown && scope.elementText === undefined) return unresolved(node, scope);
    const shown = isKnown ? value : `\${${scope.code.slice(expression.start, expression.end)}}`;
    text += `${shown}${node.quasis[index + 1]?.value.cooked ?? ''}`;
  }
  return text;
}

function binary(node: NodeOf<'BinaryExpression'>, scope: StaticScope): StaticValue {
  const [left, right] = [evaluate(node.left, scope), evaluate(node.right, scope)];
  return applyOperator(node.operator, left, right) ?? unresolved(node, scope);
}

function array(node: NodeOf<'ArrayExpression'>, scope: StaticScope): StaticValue {
  return node.elements.flatMap((element): StaticValue[] => {
    if (element === null) return [];
    if (element.type !== 'SpreadElement') return [evaluate(element, scope)];
    const spread = evaluate(element.argument, scope);
    if (Array.isArray(spread)) return spread;
    const fallback = isUnresolved(spread) && Array.isArray(spread.fallback) ? spread.fallback : [];
    return [...fallback, unresolved(element, scope)];
  });
}

function object(node: NodeOf<'ObjectExpression'>, scope: StaticScope): StaticValue {
  const value: StaticFields = {};
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      mergeSpread(value, evaluate(property.argument, scope));
      continue;
    }
    const key = property.computed ? evaluate(property.key, scope) : propertyKey(property);
    if (typeof key === 'string') value[key] = evaluate(property.value, scope);
  }
  return value;
}

function logical(node: NodeOf<'LogicalExpression'>, scope: StaticScope): StaticValue {
  const left = evaluate(node.left, scope);
  const right = () => evaluate(node.right, scope);
  if (isUnresolved(left)) {
    const fallback = right();
    return { ...unresolved(node.left, scope), fallback, alternatives: [left, fallback] };
  }
  if (node.operator === '&&') return left ? right() : left;
  return (node.operator === '??' ? (left ?? undefined) !== undefined : Boolean(left)) ? left : right();
}

/** A call of a function of this file is its return value; `defineConfig({…})` is its argument. */
function call(node: NodeOf<'CallExpression'>, scope: StaticScope): StaticValue {
  const [first] = node.arguments;
  const name = node.callee.type === 'Identifier' ? node.callee.name : '';
  if (name === 'require' && first?.type === 'Literal')
    return scope.require(String(first.value)) ?? unresolved(node, scope);
  // Docusaurus's translate() shows its message in the language that the site is written in.
  if (name === 'translate' && first?.type === 'ObjectExpression')
    return fieldsOf(evaluate(first, scope))?.['message'] ?? unresolved(node, scope);
  const result = node.arguments.length === 0 ? scope.bindings.get(name)?.() : undefined;
  if (result !== undefined && !isUnresolved(result)) return result;
  if (node.callee.type === 'MemberExpression') return methodCall(node.callee, node, scope);
  // The last return value of an immediately invoked function: branches before it are not followed.
  if (node.callee.type === 'ArrowFunctionExpression' && node.arguments.length === 0)
    return { ...unresolved(node, scope), fallback: evaluate(node.callee, scope) };
  return first?.type === 'ObjectExpression' ? evaluate(first, scope) : unresolved(node, scope);
}

/** The methods that configurations use: `[…].filter(Boolean)`, `versions.slice(0, 2)`, `Object.assign(…)`. */
function methodCall(
  callee: NodeOf<'MemberExpression'>,
  node: NodeOf<'CallExpression'>,
  scope: StaticScope,
): StaticValue {
  const args = node.arguments.map((argument) => evaluate(argument, scope));
  const name = memberName(callee);
  if (name === 'assign') {
    const value: StaticFields = {};
    for (const argument of args) mergeSpread(value, argument);
    return value;
  }
  if (name === 'parse' && dottedName(callee) === 'JSON.parse' && typeof args[0] === 'string')
    return parsedJson(args[0]) ?? unresolved(node, scope);
  const owner = evaluate(callee.object, scope);
  const result = builtInMethod(owner, name, args);
  if (result !== undefined) return result;
  const [first] = node.arguments;
  const isFilter = name === 'filter' && scope.code.slice(first?.start, first?.end) === 'Boolean';
  if (isFilter && Array.isArray(owner)) return owner.filter(Boolean);
  return first?.type === 'ObjectExpression' ? evaluate(first, scope) : unresolved(node, scope);
}

function returnValue(node: FunctionNode, scope: StaticScope): StaticValue {
  if (node.body.type !== 'BlockStatement') return evaluate(node.body, scope);
  const inner: StaticScope = { ...scope, bindings: new Map(scope.bindings) };
  for (const statement of node.body.body) {
    declare(statement, inner);
    if (statement.type === 'ReturnStatement' && statement.argument)
      return evaluate(statement.argument, inner);
  }
  return unresolved(node, scope);
}

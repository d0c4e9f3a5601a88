import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type AnyNode, type Expression, type Program } from 'acorn';

/** What only running the file would tell; `likely` is what it falls back to in the source. */
export type Unread = { unread: string; likely?: Value };
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | Value[]
  | Unread
  | { [key: string]: Value };

type Scope = { code: string; bindings: Map<string, () => Value> };
type Visit = (node: never, scope: Scope) => Value;
type Node<Type extends string> = Extract<AnyNode, { type: Type }>;

const typescript = Parser.extend(tsPlugin());

/**
 * The default export of a JavaScript or TypeScript module as far as it can be read without running it:
 * literals, constants of the same file, spreads, templates, imported JSON, what a function returns.
 * Throws a SyntaxError when the file does not parse.
 */
export async function readDefaultExport(file: string): Promise<Value> {
  const code = await readFile(file, 'utf8');
  const program = typescript.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const scope: Scope = { code, bindings: new Map() };
  for (const statement of program.body) await declare(statement, scope, dirname(file));
  const exported = defaultExport(program);
  return exported === undefined ? { unread: 'no default export' } : evaluate(exported, scope);
}

export function isUnread(value: Value): value is Unread {
  return typeof value === 'object' && value !== null && 'unread' in value && typeof value.unread === 'string';
}

export type Fields = { [key: string]: Value };

/** The object's fields; null for anything that is no object. */
export function fieldsOf(value: Value): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUnread(value)) return null;
  return value;
}

async function declare(statement: Program['body'][number], scope: Scope, dir: string): Promise<void> {
  if (statement.type === 'ExportNamedDeclaration' && statement.declaration)
    return declare(statement.declaration, scope, dir);
  if (statement.type === 'FunctionDeclaration') {
    scope.bindings.set(statement.id.name, () => evaluate(statement, scope));
  } else if (statement.type === 'VariableDeclaration') {
    for (const { id, init } of statement.declarations)
      if (id.type === 'Identifier' && init) bind(scope, id.name, init);
  } else if (statement.type === 'ImportDeclaration') {
    const from = String(statement.source.value);
    const data =
      from.startsWith('.') && from.endsWith('.json') ? await readJson(resolve(dir, from)) : undefined;
    for (const { type, local } of statement.specifiers)
      if (type === 'ImportDefaultSpecifier' && data !== undefined) scope.bindings.set(local.name, () => data);
  }
}

/** Each constant is evaluated when it is first asked for; one that asks for itself stays unread. */
function bind(scope: Scope, name: string, init: Expression): void {
  let state: { value: Value } | 'busy' | undefined;
  scope.bindings.set(name, () => {
    if (state === 'busy') return { unread: name };
    if (state === undefined) {
      state = 'busy';
      state = { value: evaluate(init, scope) };
    }
    return state.value;
  });
}

async function readJson(file: string): Promise<Value> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Value;
  } catch {
    return undefined;
  }
}

function defaultExport(program: Program): AnyNode | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression')
      continue;
    const { left, right } = statement.expression;
    if (left.type === 'MemberExpression' && propertyName(left) === 'exports') return right;
  }
  return undefined;
}

const visits: { [type: string]: Visit } = {
  Literal: (node: Node<'Literal'>, scope) =>
    node.value instanceof RegExp || typeof node.value === 'bigint' ? unread(node, scope) : node.value,
  Identifier: (node: Node<'Identifier'>, scope) =>
    node.name === 'undefined' ? undefined : (scope.bindings.get(node.name)?.() ?? unread(node, scope)),
  TemplateLiteral: template,
  ArrayExpression: array,
  ObjectExpression: object,
  MemberExpression: (node: Node<'MemberExpression'>, scope) => {
    const owner = evaluate(node.object, scope);
    const key = propertyName(node);
    const fields = fieldsOf(owner);
    return key !== undefined && fields && key in fields ? fields[key] : unread(node, scope);
  },
  LogicalExpression: logical,
  ConditionalExpression: (node: Node<'ConditionalExpression'>, scope) => {
    const test = evaluate(node.test, scope);
    if (!isUnread(test)) return evaluate(test ? node.consequent : node.alternate, scope);
    return { ...unread(node, scope), likely: evaluate(node.alternate, scope) };
  },
  UnaryExpression: (node: Node<'UnaryExpression'>, scope) => {
    const value = evaluate(node.argument, scope);
    if (node.operator === '!' && !isUnread(value)) return !value;
    return node.operator === '-' && typeof value === 'number' ? -value : unread(node, scope);
  },
  AwaitExpression: (node: Node<'AwaitExpression'>, scope) => evaluate(node.argument, scope),
  CallExpression: call,
  FunctionDeclaration: returned,
  FunctionExpression: returned,
  ArrowFunctionExpression: returned,
};

function evaluate(node: AnyNode, scope: Scope): Value {
  // `as`, `satisfies`, `!` and `<T>` say nothing about the value.
  if (/^TS(?:As|Satisfies|NonNull)Expression$|^TSTypeAssertion$/.test(node.type) && 'expression' in node)
    return evaluate(node.expression as AnyNode, scope);
  const visit = visits[node.type] as ((node: AnyNode, scope: Scope) => Value) | undefined;
  return visit ? visit(node, scope) : unread(node, scope);
}

function unread(node: AnyNode, scope: Scope): Unread {
  return { unread: scope.code.slice(node.start, node.end).replaceAll(/\s+/g, ' ').slice(0, 80) };
}

function template(node: Node<'TemplateLiteral'>, scope: Scope): Value {
  let text = node.quasis[0]?.value.cooked ?? '';
  for (const [index, expression] of node.expressions.entries()) {
    const value = evaluate(expression, scope);
    if (typeof value !== 'string' && typeof value !== 'number') return unread(node, scope);
    text += `${value}${node.quasis[index + 1]?.value.cooked ?? ''}`;
  }
  return text;
}

function array(node: Node<'ArrayExpression'>, scope: Scope): Value {
  return node.elements.flatMap((element): Value[] => {
    if (element === null) return [];
    if (element.type !== 'SpreadElement') return [evaluate(element, scope)];
    const spread = evaluate(element.argument, scope);
    return Array.isArray(spread) ? spread : [unread(element, scope)];
  });
}

function object(node: Node<'ObjectExpression'>, scope: Scope): Value {
  const value: { [key: string]: Value } = {};
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      Object.assign(value, fieldsOf(evaluate(property.argument, scope)));
      continue;
    }
    const key = property.computed ? evaluate(property.key, scope) : keyName(property.key);
    if (typeof key === 'string') value[key] = evaluate(property.value, scope);
  }
  return value;
}

function logical(node: Node<'LogicalExpression'>, scope: Scope): Value {
  const left = evaluate(node.left, scope);
  const right = () => evaluate(node.right, scope);
  if (isUnread(left)) return node.operator === '&&' ? left : { ...unread(node, scope), likely: right() };
  if (node.operator === '&&') return left ? right() : left;
  return (node.operator === '??' ? (left ?? undefined) !== undefined : Boolean(left)) ? left : right();
}

/** A call of a function of this file has the value it returns; `defineConfig({…})` that of its argument. */
function call(node: Node<'CallExpression'>, scope: Scope): Value {
  const own = node.callee.type === 'Identifier' ? scope.bindings.get(node.callee.name) : undefined;
  if (own && node.arguments.length === 0) return own();
  const [first] = node.arguments;
  return first?.type === 'ObjectExpression' ? evaluate(first, scope) : unread(node, scope);
}

function returned(
  node: Node<'ArrowFunctionExpression' | 'FunctionExpression' | 'FunctionDeclaration'>,
  scope: Scope,
): Value {
  if (node.body.type !== 'BlockStatement') return evaluate(node.body, scope);
  const inner: Scope = { code: scope.code, bindings: new Map(scope.bindings) };
  for (const statement of node.body.body) {
    if (statement.type === 'VariableDeclaration')
      for (const { id, init } of statement.declarations)
        if (id.type === 'Identifier' && init) bind(inner, id.name, init);
    if (statement.type === 'ReturnStatement' && statement.argument)
      return evaluate(statement.argument, inner);
  }
  return unread(node, scope);
}

function propertyName(node: Node<'MemberExpression'>): string | undefined {
  if (node.computed) return node.property.type === 'Literal' ? String(node.property.value) : undefined;
  return keyName(node.property);
}

function keyName(node: AnyNode): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : undefined;
}

import { dottedName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import { isBuildConfig } from '../../file-roles.ts';

/**
 * Whether code never runs in a reader's browser on the deployed site: behind `typeof process` or `typeof window`, the
 * host of a developer's machine, or a build for development.
 *
 * `typeof process` stays `undefined` in a browser, also where the build replaces `process.env.NAME`: a bundler replaces
 * that whole expression only (webpack.js.org, DefinePlugin).
 */
export function isDeadInBrowser(
  file: SourceFile,
  start: Node,
  { hasProcess }: { hasProcess: boolean },
): boolean {
  if (isBuildConfig(file.path) || (hasProcess && file.text.includes('typeof process'))) return false;
  const { parentOf } = file.scopes;
  let node = start;
  for (let parent = parentOf(node); parent !== undefined; node = parent, parent = parentOf(node)) {
    if (isDeadBranch(file, parent, node) || followsReturn(file, parent, node)) return true;
  }
  return false;
}

function isDeadBranch(file: SourceFile, parent: Node, node: Node): boolean {
  if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') {
    if (node === parent.test) return false;
    const value = valueInBrowser(file, parent.test);
    return value !== null && value !== (node === parent.consequent);
  }
  if (parent.type !== 'LogicalExpression' || node !== parent.right || parent.operator === '??') return false;
  return valueInBrowser(file, parent.left) === (parent.operator === '||');
}

/** Whether a statement follows one that a browser leaves the function at. */
function followsReturn(file: SourceFile, parent: Node, node: Node): boolean {
  if (parent.type !== 'BlockStatement') return false;
  return parent.body.some(
    (statement) =>
      statement.end <= node.start &&
      statement.type === 'IfStatement' &&
      statement.alternate == null &&
      endsInReturn(statement.consequent) &&
      valueInBrowser(file, statement.test) === true,
  );
}

function endsInReturn(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.some(endsInReturn);
  return node.type === 'ReturnStatement' || node.type === 'ThrowStatement';
}

/** How many names one condition is followed through. */
const maxNames = 4;

/** The value of a condition in a reader's browser; null where the code does not show it. */
function valueInBrowser(file: SourceFile, node: Node, names = 0): boolean | null {
  const follow = (next: Node): boolean | null => valueInBrowser(file, next, names);
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return follow(node.expression);
    case 'Literal':
      return typeof node.value === 'boolean' ? node.value : null;
    case 'UnaryExpression': {
      const value = node.operator === '!' ? follow(node.argument) : null;
      return value === null ? null : !value;
    }
    case 'LogicalExpression': {
      const [left, right] = [follow(node.left), follow(node.right)];
      if (node.operator === '&&') return left === false || right === false ? false : left && right;
      if (node.operator === '||')
        return left === true || right === true ? true : left === false ? right : null;
      return null;
    }
    case 'BinaryExpression':
      return comparison(node);
    case 'MemberExpression':
      return /\.env\.(?:DEV|PROD)$/.test(metaName(node)) ? metaName(node).endsWith('PROD') : null;
    case 'CallExpression':
      return isHostTest(node) ? false : (calledValue(file, node.callee, names) ?? null);
    case 'Identifier': {
      const sources = names < maxNames ? (file.scopes.sourcesOf(node, node.name) ?? []) : [];
      const [source] = sources;
      if (sources.length !== 1 || source?.type !== 'expression' || source.path.length > 0) return null;
      return valueInBrowser(file, source.node, names + 1);
    }
    default:
      return null;
  }
}

/** `isLocal()` of a function that only returns. */
function calledValue(file: SourceFile, callee: Node, names: number): boolean | null {
  if (callee.type !== 'Identifier' || names >= maxNames) return null;
  const [source, ...others] = file.scopes.sourcesOf(callee, callee.name) ?? [];
  if (source?.type !== 'expression' || others.length > 0 || !isFunction(source.node)) return null;
  const { body } = source.node;
  if (body.type !== 'BlockStatement') return valueInBrowser(file, body, names + 1);
  const [statement, ...rest] = body.body;
  const isOnly = statement?.type === 'ReturnStatement' && rest.length === 0 && statement.argument != null;
  return isOnly ? valueInBrowser(file, statement.argument as Node, names + 1) : null;
}

type Comparison = Extract<Node, { type: 'BinaryExpression' }>;

function comparison({ operator, left, right }: Comparison): boolean | null {
  if (!/^[!=]==?$/.test(operator)) return null;
  const [subject, literal] = right.type === 'Literal' ? [left, right.value] : [right, literalOf(left)];
  const isEqual = equalsInBrowser(subject, literal);
  return isEqual === null ? null : isEqual === operator.startsWith('=');
}

const literalOf = (node: Node): unknown => (node.type === 'Literal' ? node.value : null);

function equalsInBrowser(subject: Node, literal: unknown): boolean | null {
  if (typeof literal !== 'string') return null;
  if (subject.type === 'UnaryExpression' && subject.operator === 'typeof') {
    const name = dottedName(subject.argument);
    if (name === 'process') return literal === 'undefined';
    return /^(?:window|document|navigator)$/.test(name) ? literal === 'object' : null;
  }
  const name = metaName(subject);
  if (/(?:^|\.)env\.(?:NODE_ENV|MODE)$/.test(name))
    return /^(?:production|development|test)$/.test(literal) ? literal === 'production' : null;
  if (!isLocationName(name)) return null;
  return isLocalHost(literal) ? false : null;
}

const isLocationName = (name: string): boolean =>
  /(?:^|\.)location\.(?:host|hostname|origin|href|port)$/.test(name) || /^(?:host|hostname)$/.test(name);

const isLocalHost = (text: string): boolean =>
  /localhost|^(?:https?:\/\/)?(?:127\.|0\.0\.0\.0|192\.168|\[?::1)|^\d{4}$/.test(text);

/** `location.hostname.includes('localhost')` and `['localhost'].includes(location.hostname)`. */
function isHostTest({ callee, arguments: [argument] }: Extract<Node, { type: 'CallExpression' }>): boolean {
  if (callee.type !== 'MemberExpression' || argument === undefined || !('name' in callee.property))
    return false;
  if (!/^(?:includes|startsWith|endsWith|indexOf)$/.test(callee.property.name)) return false;
  const { object } = callee;
  if (object.type === 'ArrayExpression')
    return (
      isLocationName(metaName(argument)) &&
      object.elements.every((element) => element !== null && isLocalHost(String(literalOf(element))))
    );
  return isLocationName(metaName(object)) && isLocalHost(String(literalOf(argument)));
}

/** A dotted name, `import.meta.env.X` and optional chains included. */
function metaName(node: Node): string {
  if (node.type === 'MetaProperty') return 'import.meta';
  if (node.type === 'ChainExpression') return metaName(node.expression);
  if (node.type !== 'MemberExpression' || !('name' in node.property) || node.computed)
    return dottedName(node);
  return `${metaName(node.object)}.${node.property.name}`;
}

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
export function isDeadInBrowser(file: SourceFile, start: Node, page: BrowserPage): boolean {
  const place = { file, ...page };
  if (page.page === null && isBuildConfig(file.path)) return false;
  const { parentOf } = file.scopes;
  let node = start;
  for (let parent = parentOf(node); parent !== undefined; node = parent, parent = parentOf(node)) {
    if (isDeadBranch(place, parent, node) || followsReturn(place, parent, node)) return true;
  }
  return false;
}

/** What is known of the browser's page: `page` is where it was read, and null for source code, which any page may load. */
export type BrowserPage = { hasProcess: boolean; page: URL | null };
type Place = { file: SourceFile } & BrowserPage;

function isDeadBranch(place: Place, parent: Node, node: Node): boolean {
  if (parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') {
    if (node === parent.test) return false;
    const value = valueInBrowser(place, parent.test);
    return value !== null && value !== (node === parent.consequent);
  }
  if (parent.type !== 'LogicalExpression' || node !== parent.right || parent.operator === '??') return false;
  return valueInBrowser(place, parent.left) === (parent.operator === '||');
}

/** Whether a statement follows one that a browser leaves the function at. */
function followsReturn(place: Place, parent: Node, node: Node): boolean {
  if (parent.type !== 'BlockStatement') return false;
  return parent.body.some(
    (statement) =>
      statement.end <= node.start &&
      statement.type === 'IfStatement' &&
      statement.alternate == null &&
      endsInReturn(statement.consequent) &&
      valueInBrowser(place, statement.test) === true,
  );
}

function endsInReturn(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.some(endsInReturn);
  return node.type === 'ReturnStatement' || node.type === 'ThrowStatement';
}

/**
 * Whether an assignment is made whenever the function runs, or the file, that declares its name: it is in no function,
 * loop or `try` of its own, and behind no condition but one that is true in a browser.
 */
export function isAlwaysAssigned(file: SourceFile, assigned: Node, page: BrowserPage): boolean {
  const { parentOf } = file.scopes;
  let node = parentOf(assigned);
  if (node?.type !== 'AssignmentExpression' || node.operator !== '=') return false;
  for (let parent = parentOf(node); parent !== undefined; node = parent, parent = parentOf(node)) {
    if (parent.type === 'Program' || isFunction(parent)) return true;
    if (parent.type === 'IfStatement') {
      const value = valueInBrowser({ file, ...page }, parent.test);
      if (value === null || value !== (node === parent.consequent)) return false;
    } else if (parent.type !== 'ExpressionStatement' && parent.type !== 'BlockStatement') return false;
  }
  return false;
}

/** How many names one condition is followed through. */
const maxNames = 4;

/** The value of a condition in a reader's browser; null where the code does not show it. */
function valueInBrowser(place: Place, node: Node, names = 0): boolean | null {
  const { file, page } = place;
  const follow = (next: Node): boolean | null => valueInBrowser(place, next, names);
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return follow(node.expression);
    case 'Literal':
      // In a bundle a string is often a variable that the build has filled in.
      return typeof node.value === 'boolean' || page !== null ? Boolean(node.value) : null;
    case 'UnaryExpression': {
      if (node.operator === 'void') return false;
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
      return comparison(node, place);
    case 'MemberExpression':
      return /\.env\.(?:DEV|PROD)$/.test(metaName(node)) ? metaName(node).endsWith('PROD') : null;
    case 'CallExpression':
      return hostTest(node, page) ?? calledValue(place, node.callee, names);
    case 'Identifier': {
      const sources = names < maxNames ? (file.scopes.sourcesOf(node, node.name) ?? []) : [];
      const [source] = sources;
      if (sources.length !== 1 || source?.type !== 'expression' || source.path.length > 0) return null;
      return valueInBrowser(place, source.node, names + 1);
    }
    default:
      return null;
  }
}

/** `isLocal()` of a function that only returns. */
function calledValue(place: Place, callee: Node, names: number): boolean | null {
  const { file } = place;
  if (callee.type !== 'Identifier' || names >= maxNames) return null;
  const [source, ...others] = file.scopes.sourcesOf(callee, callee.name) ?? [];
  if (source?.type !== 'expression' || others.length > 0 || !isFunction(source.node)) return null;
  const { body } = source.node;
  if (body.type !== 'BlockStatement') return valueInBrowser(place, body, names + 1);
  const [statement, ...rest] = body.body;
  const isOnly = statement?.type === 'ReturnStatement' && rest.length === 0 && statement.argument != null;
  return isOnly ? valueInBrowser(place, statement.argument as Node, names + 1) : null;
}

type Comparison = Extract<Node, { type: 'BinaryExpression' }>;

function comparison({ operator, left, right }: Comparison, place: Place): boolean | null {
  if (operator === '<' || operator === '>') return minifiedTypeTest({ operator, left, right }, place);
  if (!/^[!=]==?$/.test(operator)) return null;
  const [subject, literal] = right.type === 'Literal' ? [left, right.value] : [right, literalOf(left)];
  const isEqual =
    place.page !== null && subject.type === 'Literal'
      ? subject.value === literal
      : equalsInBrowser(subject, literal, place);
  return isEqual === null ? null : isEqual === operator.startsWith('=');
}

/** `"u" < typeof a`, which a minifier writes for `typeof a === "undefined"`: no other type comes after "u". */
function minifiedTypeTest(
  { operator, left, right }: { operator: '<' | '>'; left: Node; right: Node },
  place: Place,
): boolean | null {
  const [smaller, greater] = operator === '<' ? [left, right] : [right, left];
  const isLess = literalOf(greater) === 'u';
  if (!isLess && literalOf(smaller) !== 'u') return null;
  const isUndefined = equalsInBrowser(isLess ? smaller : greater, 'undefined', place);
  return isUndefined === null ? null : isUndefined !== isLess;
}

const literalOf = (node: Node): unknown => (node.type === 'Literal' ? node.value : null);

function equalsInBrowser(subject: Node, literal: unknown, { hasProcess, page }: Place): boolean | null {
  if (typeof literal !== 'string') return null;
  if (subject.type === 'UnaryExpression' && subject.operator === 'typeof') {
    const name = dottedName(subject.argument);
    if (name === 'process') return (literal === 'undefined') !== hasProcess;
    return /^(?:window|document|navigator)$/.test(name) ? literal === 'object' : null;
  }
  const name = metaName(subject);
  if (/(?:^|\.)env\.(?:NODE_ENV|MODE)$/.test(name))
    return /^(?:production|development|test)$/.test(literal) ? literal === 'production' : null;
  if (!isLocationName(name)) return null;
  if (page !== null) return locationValue(name, page) === literal;
  return isOtherHost(literal) ? false : null;
}

const isLocationName = (name: string): boolean =>
  /(?:^|\.)location\.(?:host|hostname|origin|href|port)$/.test(name) || /^(?:host|hostname)$/.test(name);

/** Hosts on which no reader opens a site that is deployed on Vercel: a developer's machine, other platforms. */
const isOtherHost = (text: string): boolean =>
  /(?:^|\.)(?:github\.io|gitlab\.io|netlify\.app|pages\.dev|surge\.sh)$|localhost|^(?:https?:\/\/)?(?:127\.|0\.0\.0\.0|192\.168|\[?::1)|^\d{4}$/.test(
    text,
  );

/** What `location.hostname` and its like are on a page. */
function locationValue(name: string, page: URL): string {
  const key = name.split('.').at(-1) ?? '';
  return key === 'host' || key === 'origin' || key === 'href' || key === 'port' ? page[key] : page.hostname;
}

/** `location.hostname.includes('localhost')` and `['localhost'].includes(location.hostname)`; null for other calls. */
function hostTest(
  { callee, arguments: [argument] }: Extract<Node, { type: 'CallExpression' }>,
  page: URL | null,
): boolean | null {
  if (callee.type !== 'MemberExpression' || argument === undefined || !('name' in callee.property))
    return null;
  const { object, property } = callee;
  const method = /^(?:includes|startsWith|endsWith)$/.exec(property.name)?.[0];
  if (object.type === 'ArrayExpression') {
    const hosts = object.elements.map((element) => String(element === null ? '' : literalOf(element)));
    const name = metaName(argument);
    if (method !== 'includes' || !isLocationName(name)) return null;
    if (page !== null) return hosts.includes(locationValue(name, page));
    return hosts.every(isOtherHost) ? false : null;
  }
  const [name, literal] = [metaName(object), String(literalOf(argument))];
  if (method === undefined || !isLocationName(name)) return null;
  if (page === null) return isOtherHost(literal) ? false : null;
  const value = locationValue(name, page);
  if (method === 'includes') return value.includes(literal);
  return method === 'startsWith' ? value.startsWith(literal) : value.endsWith(literal);
}

/** A dotted name, `import.meta.env.X` and optional chains included. */
function metaName(node: Node): string {
  if (node.type === 'MetaProperty') return 'import.meta';
  if (node.type === 'ChainExpression') return metaName(node.expression);
  if (node.type !== 'MemberExpression' || !('name' in node.property) || node.computed)
    return dottedName(node);
  return `${metaName(node.object)}.${node.property.name}`;
}

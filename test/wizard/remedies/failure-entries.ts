/** Every failure code in the source with its remedy, wherever it is written. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type Node } from 'acorn';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** The server's and the indexer's failures become the wizard's. */
const rooms = ['wizard', 'server', 'indexer'];

/** In a `.ts` file `<T>(x: T) => x` is a type parameter; with JSX on it would be an element. */
const parserOf = (path: string): typeof Parser =>
  Parser.extend(tsPlugin(path.endsWith('x') ? { jsx: true } : undefined));

type AnyNode = Node & Record<string, unknown>;

/** A code with what helps, at one place of the source. `message` has only its literal parts. */
export type Entry = { path: string; code: string; message: string; remedy: string };
/** A code that is no literal and not resolved here: `path: expression`. */
export type Forwarded = string;
export type Scan = { entries: Entry[]; forwarded: Forwarded[] };

/** Reads every file of the rooms. */
export function scanFailures(): Scan {
  const files = rooms.flatMap((room) =>
    readdirSync(`${root}/${room}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${room}/${path}`),
  );
  const scans = files.toSorted().map((path) => scanFile(path, readFileSync(`${root}/${path}`, 'utf8')));
  return {
    entries: scans.flatMap(({ entries }) => entries),
    forwarded: [...new Set(scans.flatMap(({ forwarded }) => forwarded))],
  };
}

/** Reads one file. */
export function scanFile(path: string, source: string): Scan {
  const scan: Scan = { entries: [], forwarded: [] };
  if (!source.includes('remedy')) return scan;
  const ast = parserOf(path).parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const nodes = nodesIn(ast);
  const helpers = new Map(nodes.flatMap((node) => helperIn(node)));
  const textOf = textReader(nodes);
  for (const node of nodes) {
    if (node.type === 'ObjectExpression') readObject(node, { path, source, scan, nodes, textOf });
    if (node.type === 'CallExpression') readCall(node, { path, helpers, scan, textOf });
  }
  return scan;
}

function nodesIn(ast: Node): AnyNode[] {
  const nodes: AnyNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const node = value as AnyNode;
    if (typeof node.type === 'string') nodes.push(node);
    for (const [key, child] of Object.entries(node)) if (key !== 'loc') visit(child);
  };
  visit(ast);
  return nodes;
}

type TextOf = (node: AnyNode | undefined) => string;
type FileToRead = { path: string; scan: Scan; textOf: TextOf };

/** An object with a code and a remedy, but no event's: a notice may have nothing to do. */
function readObject(
  node: AnyNode,
  { path, source, scan, nodes, textOf }: FileToRead & { source: string; nodes: readonly AnyNode[] },
): void {
  const [code, remedy] = [fieldOf(node, 'code'), fieldOf(node, 'remedy')];
  if (code === undefined || remedy === undefined || fieldOf(node, 'type') !== undefined) return;
  const message = textOf(fieldOf(node, 'message') ?? fieldOf(node, 'words') ?? fieldOf(node, 'means'));
  const codes = branchesOf(code);
  if (codes.every(({ type }) => type === 'Literal')) {
    const remedies = branchesOf(remedy);
    codes.forEach((branch, index) => {
      const own = remedies.length === codes.length ? remedies[index] : remedy;
      scan.entries.push({ path, code: textOf(branch), message, remedy: textOf(own) });
    });
  } else if (!(code.type === 'Identifier' && isParameter(nodes, String(code['name']))))
    scan.forwarded.push(`${path}: ${source.slice(code.start, code.end)}`);
}

/** Whether a function of the file takes the code from its callers, which are read where they are. */
function isParameter(nodes: readonly AnyNode[], name: string): boolean {
  return nodes.some(
    (node) =>
      isFunction(node) &&
      (node['params'] as AnyNode[]).some((parameter) =>
        nodesIn(parameter).some(({ type, name: own }) => type === 'Identifier' && own === name),
      ),
  );
}

type Helper = { code: number; remedy: number; message: number };

/** A function with the parameters `code` and `remedy`, that makes something other than a notice. */
function helperIn(node: AnyNode): [string, Helper][] {
  const [name, body] =
    node.type === 'VariableDeclarator'
      ? [(node['id'] as AnyNode)['name'], node['init'] as AnyNode | null]
      : [(node['id'] as AnyNode | null)?.['name'], node];
  if (typeof name !== 'string' || body === null || !isFunction(body)) return [];
  const names = (body['params'] as AnyNode[]).map((parameter) =>
    String((parameter.type === 'AssignmentPattern' ? (parameter['left'] as AnyNode) : parameter)['name']),
  );
  const isNotice = nodesIn(body).some(
    (inner) => inner.type === 'ObjectExpression' && fieldOf(inner, 'type')?.['value'] === 'notice',
  );
  const at = {
    code: names.indexOf('code'),
    remedy: names.indexOf('remedy'),
    message: names.indexOf('message'),
  };
  return isNotice || at.code < 0 || at.remedy < 0 ? [] : [[name, at]];
}

function readCall(
  node: AnyNode,
  { path, helpers, scan, textOf }: FileToRead & { helpers: ReadonlyMap<string, Helper> },
): void {
  const helper = helpers.get(String((node['callee'] as AnyNode)['name']));
  if (helper === undefined) return;
  const values = node['arguments'] as AnyNode[];
  const code = values[helper.code];
  if (code?.type !== 'Literal') return;
  scan.entries.push({
    path,
    code: textOf(code),
    message: textOf(values[helper.message]),
    remedy: textOf(values[helper.remedy]),
  });
}

const isFunction = ({ type }: AnyNode): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';

function fieldOf(node: AnyNode, name: string): AnyNode | undefined {
  const properties = node['properties'] as { key?: { name?: string }; value?: AnyNode }[];
  return properties.find(({ key }) => key?.name === name)?.value;
}

/** Every choice of a condition. */
function branchesOf(node: AnyNode): AnyNode[] {
  if (node.type !== 'ConditionalExpression') return [node];
  return [...branchesOf(node['consequent'] as AnyNode), ...branchesOf(node['alternate'] as AnyNode)];
}

/** Reads the literal parts of a text, every choice of a condition, and constants of the file. */
function textReader(nodes: readonly AnyNode[]): TextOf {
  const constants = new Map(
    nodes.flatMap(({ type, ...node }): [string, AnyNode][] => {
      const value = node['init'] as AnyNode | null;
      const isText =
        value !== null && ['Literal', 'TemplateLiteral', 'BinaryExpression'].includes(value?.type ?? '');
      return type === 'VariableDeclarator' && isText
        ? [[String((node['id'] as AnyNode)['name']), value]]
        : [];
    }),
  );
  const textOf: TextOf = (node) => {
    if (node === undefined) return '';
    if (node.type === 'Literal') return String(node['value']);
    if (node.type === 'ArrowFunctionExpression') return textOf(node['body'] as AnyNode);
    if (node.type === 'Identifier') {
      const value = constants.get(String(node['name']));
      return value === undefined ? '…' : textOf(value);
    }
    if (node.type === 'TemplateLiteral') {
      const texts = (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
      const filled = (node['expressions'] as AnyNode[]).map(textOf);
      return texts.map((text, index) => text + (filled[index] ?? '')).join('');
    }
    if (node.type === 'ConditionalExpression')
      return `${textOf(node['consequent'] as AnyNode)} / ${textOf(node['alternate'] as AnyNode)}`;
    if (node.type === 'BinaryExpression')
      return textOf(node['left'] as AnyNode) + textOf(node['right'] as AnyNode);
    return '…';
  };
  return textOf;
}

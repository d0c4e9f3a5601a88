import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type AnyNode, type Program } from 'acorn';

type Ranged = { start: number; end: number };

/** What JSX and TypeScript add to acorn's nodes, as far as an address goes through them. */
type JsxNode =
  | (Ranged & { type: 'JSXElement'; openingElement: JsxOpening; children: Node[] })
  | JsxOpening
  | JsxAttribute
  | (Ranged & { type: 'JSXSpreadAttribute'; argument: Node })
  | (Ranged & { type: 'JSXExpressionContainer'; expression: Node })
  | (Ranged & { type: 'JSXText'; value: string })
  | (Ranged & { type: 'JSXIdentifier'; name: string })
  | (Ranged & { type: 'JSXMemberExpression'; object: Node; property: Node });
type JsxOpening = Ranged & { type: 'JSXOpeningElement'; name: Node; attributes: Node[] };
export type JsxAttribute = Ranged & {
  type: 'JSXAttribute';
  name: { type: string; name: unknown };
  value: Node | null;
};
type TsNode =
  | (Ranged & {
      type:
        | 'TSAsExpression'
        | 'TSSatisfiesExpression'
        | 'TSNonNullExpression'
        | 'TSTypeAssertion'
        | 'TSInstantiationExpression'
        | 'TSExportAssignment';
      expression: Node;
    })
  | (Ranged & { type: 'TSEnumDeclaration'; id: Node; members: Node[] })
  | (Ranged & { type: 'TSEnumMember'; id: Node; initializer?: Node })
  | (Ranged & { type: 'TSParameterProperty'; parameter: Node })
  | (Ranged & { type: 'TSModuleDeclaration'; id: Node; body?: Node })
  | (Ranged & { type: 'TSModuleBlock'; body: Node[] });
export type Node = AnyNode | JsxNode | TsNode;

// `<T>value` is a cast in a .ts file, and an element in every other.
const typed = Parser.extend(tsPlugin({ jsx: false }));
const withElements = Parser.extend(tsPlugin({ jsx: true }));

/** Parses of one file at the most: each costs a line that is no script. */
const mostRepairs = 12;

const options = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  locations: true,
  allowReturnOutsideFunction: true,
  allowHashBang: true,
  checkPrivateFields: false,
} as const;

/**
 * A script as a tree; null where it is none. A line that cannot be read, of Flow's types, say, is left out, and the
 * rest is kept: offsets stay as they are in the text.
 */
export function parseScript(text: string, { isTyped = false, repairs = mostRepairs } = {}): Program | null {
  const parser = isTyped ? typed : withElements;
  let rest = text;
  for (let left = repairs; ; left -= 1) {
    try {
      return parser.parse(rest, options);
    } catch (error) {
      const at = error instanceof SyntaxError ? (error as { pos?: number }).pos : undefined;
      if (at === undefined || left === 0) return null;
      const shorter = withoutLineAt(rest, at);
      if (shorter === rest) return null;
      rest = shorter;
    }
  }
}

/** What a bundler made: plain, and so large that trying it as TypeScript would take seconds. Null where it is no script. */
export function parseBundle(text: string): Program | null {
  try {
    return Parser.parse(text, { ...options, locations: false });
  } catch {
    return null;
  }
}

function withoutLineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  const length = (end < 0 ? text.length : end) - start;
  return text.slice(0, start) + ' '.repeat(length) + text.slice(start + length);
}

/** No value comes through these. */
const types = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'superTypeParameters',
  'implements',
  'loc',
]);

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key in node) {
    const value: unknown = node[key as keyof Node];
    if (typeof value !== 'object' || value === null || types.has(key)) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) found.push(value);
    } else for (const child of value as unknown[]) if (isNode(child)) found.push(child);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

type Visit = (node: Node, parent: Node | undefined) => void;

const programs = new WeakMap<Node, readonly (readonly [Node, Node | undefined])[]>();

/** Every node below and including this one, in the order of the text. */
export function walk(root: Node, visit: Visit): void {
  const known = programs.get(root) ?? nodesIn(root);
  if (root.type === 'Program') programs.set(root, known);
  for (const [node, parent] of known) visit(node, parent);
}

/** A bundle is too deep for calls within calls. */
function nodesIn(root: Node): (readonly [Node, Node | undefined])[] {
  const found: (readonly [Node, Node | undefined])[] = [];
  const open: (readonly [Node, Node | undefined])[] = [[root, undefined]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    const [node] = next;
    for (const child of childrenOf(node).toReversed()) open.push([child, node]);
  }
  return found;
}

export type FunctionNode = Extract<
  Node,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;
export type ClassNode = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;

export function isFunction(node: Node): node is FunctionNode {
  return /^(?:Arrow)?Function(?:Expression|Declaration)$/.test(node.type);
}

export function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** `name` of `{ name: … }`, `{ 'name': … }` and of a class's fields; null for one that is computed. */
export function propertyKey(node: { key: Node; computed: boolean }): string | null {
  const { key } = node;
  if (!node.computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier')) return key.name;
  return key.type === 'Literal' ? String(key.value) : null;
}

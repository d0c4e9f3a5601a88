import { propertyKey, specifierName } from './names.ts';
import { isClass, isFunction, type FunctionNode, type Node } from './syntax-tree.ts';
import type { VisitedNode } from './walk.ts';

/** The name of a path segment that is any element of a list, or a property whose name is computed. */
export const anyElement = '*';

/** A name on the way into an object, and the node that spells it. */
export type PathSegment = { name: string; node: Node };

/** Where a name can get its value from. */
export type BindingSource =
  /** An expression, or the member of it under a path: `const { a: name } = expression`. */
  | { type: 'expression'; node: Node; path: readonly PathSegment[] }
  | { type: 'parameter'; fn: FunctionNode; index: number; path: readonly PathSegment[] }
  /** `name` is `default`, `*` for the whole module, or the name of an export. */
  | { type: 'import'; specifier: string; name: string };

/** The names that one file declares. */
export type Scopes = {
  parentOf(node: Node): Node | undefined;
  /** What a name can be where a node uses it; null for a name that the file does not declare: a global. */
  sourcesOf(node: Node, name: string): readonly BindingSource[] | null;
  /** Every other place that reads or assigns what a name is bound to; empty for a global. */
  usesOf(name: NameNode): readonly Node[];
  /** What a top-level name of the file can be. */
  topLevelSources(name: string): readonly BindingSource[];
};

export type NameNode = Extract<Node, { type: 'Identifier' }>;

type Scope = Map<string, BindingSource[]>;

/** Resolves the names of a program; `nodes` are all of its nodes. */
export function scopesOf(program: Node, nodes: readonly VisitedNode[]): Scopes {
  const parents = new Map<Node, Node>();
  const scopes = new Map<Node, Scope>();
  for (const { node, parent } of nodes) {
    if (parent !== undefined) parents.set(node, parent);
    if (isScope(node)) scopes.set(node, new Map());
  }
  const enclosingScope = (start: Node, isWanted: (owner: Node) => boolean): Scope | undefined => {
    for (let node: Node | undefined = start; node !== undefined; node = parents.get(node)) {
      const scope = scopes.get(node);
      if (scope !== undefined && isWanted(node)) return scope;
    }
    return undefined;
  };
  const scopeOfName = (node: Node, name: string): Scope | undefined =>
    enclosingScope(node, (owner) => scopes.get(owner)?.has(name) === true);
  for (const { node } of nodes) {
    for (const { block, pattern, source } of declarationsIn(node)) {
      const isHoisted = node.type === 'VariableDeclaration' && node.kind === 'var';
      const scope = enclosingScope(block, (owner) => !isHoisted || isFunction(owner) || owner === program);
      for (const [name, value] of namesIn(pattern, source))
        scope?.set(name, [...(scope.get(name) ?? []), ...(value === null ? [] : [value])]);
    }
  }
  for (const { node } of nodes) {
    if (node.type !== 'AssignmentExpression') continue;
    const value = node.operator === '+=' ? node : node.right;
    for (const [name, source] of namesIn(node.left, { type: 'expression', node: value, path: [] }))
      if (source !== null) scopeOfName(node, name)?.get(name)?.push(source);
  }
  let uses: ReadonlyMap<Scope, ReadonlyMap<string, readonly Node[]>> | null = null;
  return {
    parentOf: (node) => parents.get(node),
    sourcesOf: (node, name) => scopeOfName(node, name)?.get(name) ?? null,
    usesOf: (name) => {
      uses ??= usesByScope(nodes, scopeOfName);
      const scope = scopeOfName(name, name.name);
      const same = scope === undefined ? undefined : uses.get(scope)?.get(name.name);
      return (same ?? []).filter((node) => node !== name);
    },
    topLevelSources: (name) => scopes.get(program)?.get(name) ?? [],
  };
}

/** The identifiers that are expressions or patterns, not the names of properties, by the scope of their binding. */
function usesByScope(
  nodes: readonly VisitedNode[],
  scopeOfName: (node: Node, name: string) => Scope | undefined,
): Map<Scope, Map<string, Node[]>> {
  const index = new Map<Scope, Map<string, Node[]>>();
  for (const { node, parent } of nodes) {
    if (node.type !== 'Identifier') continue;
    if (parent?.type === 'MemberExpression' && parent.object !== node && !parent.computed) continue;
    if (parent?.type === 'Property' && parent.value !== node) continue;
    const scope = scopeOfName(node, node.name);
    if (scope === undefined) continue;
    const names = index.get(scope) ?? new Map<string, Node[]>();
    index.set(scope, names);
    const same = names.get(node.name) ?? [];
    names.set(node.name, same);
    same.push(node);
  }
  return index;
}

const scopeTypes = new Set([
  'Program',
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'CatchClause',
  'SwitchStatement',
  'StaticBlock',
  'TSModuleBlock',
]);
const isScope = (node: Node): boolean => isFunction(node) || isClass(node) || scopeTypes.has(node.type);

/** Names that become known in a block; `source` is null for one that is declared without a value. */
type NameDeclaration = { block: Node; pattern: Node; source: BindingSource | null };

function declarationsIn(node: Node): NameDeclaration[] {
  if (isFunction(node)) {
    const own = node.type === 'FunctionDeclaration' ? [] : declarationOf(node, { block: node, id: node.id });
    const parameters = node.params.map((pattern, index): NameDeclaration => ({
      block: node,
      pattern,
      source: { type: 'parameter', fn: node, index, path: [] },
    }));
    return [...own, ...parameters];
  }
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.map(({ id, init }): NameDeclaration => {
        const source = init == null ? null : ({ type: 'expression', node: init, path: [] } as const);
        return { block: node, pattern: id, source };
      });
    case 'BlockStatement':
    case 'Program':
    case 'TSModuleBlock':
      return node.body.flatMap((statement) => blockDeclarations(node, statement));
    case 'ForOfStatement': {
      const { left, right } = node;
      const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : left;
      if (pattern === undefined) return [];
      const path = [{ name: anyElement, node: right }];
      return [{ block: node, pattern, source: { type: 'expression', node: right, path } }];
    }
    case 'ImportDeclaration':
      return node.specifiers.map((imported): NameDeclaration => {
        const specifier = String(node.source.value);
        const source = { type: 'import', specifier, name: importedName(imported) } as const;
        return { block: node, pattern: imported.local, source };
      });
    default:
      return [];
  }
}

/** The declaration of a node under its own name. */
function declarationOf(
  node: Node,
  { block, id }: { block: Node; id: Node | null | undefined },
): NameDeclaration[] {
  return id == null ? [] : [{ block, pattern: id, source: { type: 'expression', node, path: [] } }];
}

/** Functions, classes and enums are known in the whole block that declares them. */
function blockDeclarations(block: Node, statement: Node): NameDeclaration[] {
  const isExport =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
  const declared = (isExport ? statement.declaration : statement) as Node | null | undefined;
  if (declared == null || !hoistedTypes.has(declared.type)) return [];
  return declarationOf(declared, { block, id: (declared as { id?: Node | null }).id });
}

const hoistedTypes = new Set([
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSEnumDeclaration',
  'TSModuleDeclaration',
]);

function importedName(
  specifier: Extract<
    Node,
    { type: 'ImportSpecifier' | 'ImportDefaultSpecifier' | 'ImportNamespaceSpecifier' }
  >,
): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifierName(specifier.imported);
}

/** The names in a pattern with the source of each; a default is one more source. */
function namesIn(
  pattern: Node,
  source: BindingSource | null,
): [name: string, source: BindingSource | null][] {
  switch (pattern.type) {
    case 'Identifier':
      return [[pattern.name, spelledBy(source, pattern)]];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => {
        if (property.type === 'RestElement') return namesIn(property.argument, source);
        const name = propertyKey(property);
        if (name === null) return [];
        return namesIn(property.value, memberOf(source, { name, node: property.value }));
      });
    case 'ArrayPattern':
      return pattern.elements.flatMap((element, index) =>
        element === null ? [] : namesIn(element, memberOf(source, { name: String(index), node: element })),
      );
    case 'AssignmentPattern':
      return [
        ...namesIn(pattern.left, source),
        ...namesIn(pattern.left, { type: 'expression', node: pattern.right, path: [] }),
      ];
    case 'RestElement':
      return namesIn(pattern.argument, source);
    case 'TSParameterProperty':
      return namesIn(pattern.parameter, source);
    default:
      return [];
  }
}

function memberOf(source: BindingSource | null, segment: PathSegment): BindingSource | null {
  if (source === null || source.type === 'import') return source;
  return { ...source, path: [...source.path, segment] };
}

/** With the local name as the node of the last segment: it is what the code uses from there on. */
function spelledBy(source: BindingSource | null, node: Node): BindingSource | null {
  if (source === null || source.type === 'import' || source.path.length === 0) return source;
  return { ...source, path: [...source.path.slice(0, -1), { ...source.path.at(-1)!, node }] };
}

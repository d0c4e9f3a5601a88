import { isClass, isFunction, propertyKey, walk, type FunctionNode, type Node } from './parse.ts';

/** A name on the way into an object, and the node that says it. `*` is any element of a list. */
export type PathSegment = { name: string; node: Node };

/** Where a name may get its value. */
export type BindingSource =
  /** An expression, or what is in it under a path: `const { a: name } = expression`. */
  | { type: 'expression'; node: Node; path: readonly PathSegment[] }
  | { type: 'parameter'; fn: FunctionNode; index: number; path: readonly PathSegment[] }
  /** `default`, `*` for all of it, or a name. */
  | { type: 'import'; from: string; name: string };

/** The names of one file: what each of them may be, where it is used. */
export type Scopes = {
  parentOf(node: Node): Node | undefined;
  /** What a name is where a node stands; null for one that the file does not declare: a global. */
  sourcesOf(node: Node, name: string): readonly BindingSource[] | null;
  /** A name of the file’s own top. */
  topLevelSources(name: string): readonly BindingSource[];
};

type Scope = Map<string, BindingSource[]>;

export function scopesOf(program: Node): Scopes {
  const parents = new Map<Node, Node>();
  const scopes = new Map<Node, Scope>();
  walk(program, (node, parent) => {
    if (parent !== undefined) parents.set(node, parent);
    if (isScope(node)) scopes.set(node, new Map());
  });
  const scopeAt = (node: Node, isWanted: (scope: Node) => boolean): Scope | undefined => {
    for (let at: Node | undefined = node; at !== undefined; at = parents.get(at)) {
      const scope = scopes.get(at);
      if (scope !== undefined && isWanted(at)) return scope;
    }
    return undefined;
  };
  const declareIn = (scope: Scope | undefined, pattern: Node, given: BindingSource | null): void => {
    for (const [name, one] of namesIn(pattern, given))
      scope?.set(name, [...(scope.get(name) ?? []), ...(one === null ? [] : [one])]);
  };
  const named = (node: Node, name: string): Scope | undefined =>
    scopeAt(node, (scope) => scopes.get(scope)?.has(name) === true);
  walk(program, (node) => {
    for (const { at, pattern, source: given } of declarationsIn(node)) {
      const isHoisted = node.type === 'VariableDeclaration' && node.kind === 'var';
      const scope = scopeAt(at, (one) => !isHoisted || isFunction(one) || one === program);
      declareIn(scope, pattern, given);
    }
  });
  walk(program, (node) => {
    if (node.type !== 'AssignmentExpression') return;
    const given: BindingSource = {
      type: 'expression',
      node: node.operator === '+=' ? node : node.right,
      path: [],
    };
    for (const [name, one] of namesIn(node.left, given))
      if (one !== null) named(node, name)?.get(name)?.push(one);
  });
  return {
    parentOf: (node) => parents.get(node),
    sourcesOf: (node, name) => named(node, name)?.get(name) ?? null,
    topLevelSources: (name) => scopes.get(program)?.get(name) ?? [],
  };
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

type NameDeclaration = { at: Node; pattern: Node; source: BindingSource | null };

/** The names that a node brings in; `at` is where they are known. */
function declarationsIn(node: Node): NameDeclaration[] {
  const itself = (at: Node, id: Node | null | undefined): NameDeclaration[] =>
    id == null ? [] : [{ at, pattern: id, source: { type: 'expression', node, path: [] } }];
  if (isFunction(node)) {
    const own = node.type === 'FunctionDeclaration' ? [] : itself(node, node.id);
    return [
      ...own,
      ...node.params.map((pattern, index): NameDeclaration => {
        return { at: node, pattern, source: { type: 'parameter', fn: node, index, path: [] } };
      }),
    ];
  }
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.map(({ id, init }): NameDeclaration => {
        const given = init == null ? null : ({ type: 'expression', node: init, path: [] } as const);
        return { at: node, pattern: id, source: given };
      });
    case 'BlockStatement':
    case 'Program':
    case 'TSModuleBlock':
      return node.body.flatMap((one) => blockDeclarations(node, one));
    case 'ForOfStatement': {
      const path = [{ name: '*', node: node.right }];
      const { left } = node;
      const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : left;
      return pattern === undefined
        ? []
        : [{ at: node, pattern, source: { type: 'expression', node: node.right, path } }];
    }
    case 'ImportDeclaration':
      return node.specifiers.map((one): NameDeclaration => {
        const given = { type: 'import', from: String(node.source.value), name: importedName(one) } as const;
        return { at: node, pattern: one.local, source: given };
      });
    default:
      return [];
  }
}

/** Functions, classes and enums are known throughout the block that they stand in. */
function blockDeclarations(block: Node, node: Node): NameDeclaration[] {
  const bare =
    node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration'
      ? node.declaration
      : node;
  if (bare == null) return [];
  const isNamed =
    bare.type === 'FunctionDeclaration' || bare.type === 'ClassDeclaration' || isTyped(bare as Node);
  const id = isNamed ? (bare as { id?: Node | null }).id : null;
  return id == null
    ? []
    : [{ at: block, pattern: id, source: { type: 'expression', node: bare as Node, path: [] } }];
}

const isTyped = ({ type }: Node): boolean => type === 'TSEnumDeclaration' || type === 'TSModuleDeclaration';

function importedName(
  specifier: Extract<
    Node,
    { type: 'ImportSpecifier' | 'ImportDefaultSpecifier' | 'ImportNamespaceSpecifier' }
  >,
): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  const { imported } = specifier;
  return imported.type === 'Identifier' ? imported.name : String(imported.value);
}

/** The names of a pattern with what each is given; a default is one more value that it may have. */
function namesIn(pattern: Node, given: BindingSource | null): [name: string, given: BindingSource | null][] {
  switch (pattern.type) {
    case 'Identifier':
      return [[pattern.name, withLastNode(given, pattern)]];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => {
        if (one.type === 'RestElement') return namesIn(one.argument, given);
        const name = propertyKey(one);
        return name === null ? [] : namesIn(one.value, withSegment(given, { name, node: one.value }));
      });
    case 'ArrayPattern':
      return pattern.elements.flatMap((one, index) =>
        one === null ? [] : namesIn(one, withSegment(given, { name: String(index), node: one })),
      );
    case 'AssignmentPattern':
      return [
        ...namesIn(pattern.left, given),
        ...namesIn(pattern.left, { type: 'expression', node: pattern.right, path: [] }),
      ];
    case 'RestElement':
      return namesIn(pattern.argument, given);
    case 'TSParameterProperty':
      return namesIn(pattern.parameter, given);
    default:
      return [];
  }
}

function withSegment(given: BindingSource | null, step: PathSegment): BindingSource | null {
  return given === null || given.type === 'import' ? given : { ...given, path: [...given.path, step] };
}

/** The last step is said by the local name itself: that is what the code goes on with. */
function withLastNode(given: BindingSource | null, node: Node): BindingSource | null {
  if (given === null || given.type === 'import' || given.path.length === 0) return given;
  return { ...given, path: [...given.path.slice(0, -1), { ...given.path.at(-1)!, node }] };
}

/** Rules of the code's structure. Each takes source files and returns what breaks it. */
import { dirname } from 'node:path';
import { lineOf, walk, type SourceFile, type SyntaxNode } from './source-tree.ts';

/** `subject` is the folder, file or name that breaks a rule. */
export type Breach = { subject: string; problem: string };

export function crowdedFolders(paths: readonly string[], limit: number): Breach[] {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > limit)
    .map(([folder, count]) => ({ subject: folder, problem: `${count} files: give it rooms` }));
}

const typeKinds = new Set([
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'ClassDeclaration',
  'TSEnumDeclaration',
]);

export type TypeDefinition = { name: string; path: string; isExported: boolean };

/** Every type, interface, class and enum at the top of a file; a re-export is no definition. */
export function typesOf({ path, tree }: SourceFile): TypeDefinition[] {
  return bodyOf(tree).flatMap((statement) => {
    const isExported = statement.type === 'ExportNamedDeclaration';
    const declaration = (isExported ? statement['declaration'] : statement) as SyntaxNode | null;
    if (declaration === null || !typeKinds.has(declaration.type)) return [];
    return [{ name: identifierOf(declaration['id']) ?? '', path, isExported }];
  });
}

/** An exported name is defined once, so that a search for it leads to one place. */
export function repeatedTypes(types: readonly TypeDefinition[]): Breach[] {
  const byName = new Map<string, TypeDefinition[]>();
  for (const type of types) byName.set(type.name, [...(byName.get(type.name) ?? []), type]);
  return [...byName]
    .filter(([, places]) => places.length > 1 && places.some(({ isExported }) => isExported))
    .map(([name, places]) => ({
      subject: name,
      problem: `defined in ${places.map(({ path }) => path).join(', ')}`,
    }));
}

/** Nouns that end like participles. */
const nouns =
  /(?:Setting|Heading|Finding|Binding|String|Thing|Embedding|Ranking|Wiring|Warning|Mapping|Hosting|Timing|Building|Listing|Encoding|Spelling|Reading|Ring|Feed|Seed|Speed|Need)s?$/;
const irregular =
  /^(?:Begun|Built|Done|Found|Given|Gone|Heard|Held|Kept|Known|Left|Made|Put|Read|Said|Seen|Sent|Shown|Taken|Told|Written)$/;
const particle = /^(?:Aside|Away|Back|Before|Here|In|Now|Off|Out|There|Up)$/;

/** True for `Asked` and `BringingIn`; false for `ParsedPaste`, whose last word is a noun. */
export function isParticiple(name: string): boolean {
  if (nouns.test(name)) return false;
  const words = name.match(/[A-Z][a-z]+/g) ?? [];
  while (words.length > 1 && particle.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  return /(?:ed|ing)$/.test(last) || irregular.test(last);
}

const loopKinds = new Set(['ForStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']);

/** Files with a loop that asks the user: `ask(…)` or `x.ask(…)` in a `for`, `while` or `do`. */
export function promptLoops(file: SourceFile): Breach[] {
  const { path, tree } = file;
  const lines = new Set<number>();
  walk(tree, (node, parents) => {
    if (node.type !== 'CallExpression' || calledName(node) !== 'ask') return;
    const loop = parents.findLast(({ type }) => loopKinds.has(type));
    if (loop !== undefined) lines.add(lineOf(file, loop));
  });
  return [...lines].map((line) => ({ subject: path, problem: `line ${line} asks in a loop` }));
}

/** `for (;;)` and `while (true)`. */
export function endlessLoops(file: SourceFile): Breach[] {
  const { path, tree } = file;
  const breaches: Breach[] = [];
  walk(tree, (node) => {
    const test = node['test'] as { value?: unknown } | null | undefined;
    const isEndless =
      (node.type === 'ForStatement' && test === null) ||
      (node.type === 'WhileStatement' && test?.value === true);
    if (isEndless)
      breaches.push({ subject: path, problem: `line ${lineOf(file, node)} loops without an end` });
  });
  return breaches;
}

const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);
const writes = new Set(['set', 'add', 'delete', 'clear', 'push', 'pop', 'shift', 'unshift', 'splice']);
const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Module-level state that changes at run time: a collection that a function writes to, or a `let` that it assigns. */
export function moduleState({ path, tree }: SourceFile): Breach[] {
  const candidates = new Set(bodyOf(tree).flatMap(mutableNames));
  const written = new Set<string>();
  walk(tree, (node, parents) => {
    const name = writtenName(node);
    if (name !== undefined && candidates.has(name) && parents.some(({ type }) => functions.has(type)))
      written.add(name);
  });
  return [...written].map((name) => ({ subject: path, problem: `${name} changes at run time` }));
}

function mutableNames(statement: SyntaxNode): string[] {
  const declaration = (statement['declaration'] ?? statement) as SyntaxNode;
  if (declaration.type !== 'VariableDeclaration') return [];
  const declarators = declaration['declarations'] as { id: SyntaxNode; init: SyntaxNode | null }[];
  return declarators
    .filter(({ init }) => declaration['kind'] !== 'const' || isCollection(init))
    .flatMap(({ id }) => identifierOf(id) ?? []);
}

function isCollection(init: SyntaxNode | null): boolean {
  if (init?.type === 'ArrayExpression' || init?.type === 'ObjectExpression') return true;
  return init?.type === 'NewExpression' && collections.has(identifierOf(init['callee']) ?? '');
}

/** `cache` of `cache.set(…)`, `cache[key] = …`, `cache.key = …`, `cache = …` and `cache++`. */
function writtenName(node: SyntaxNode): string | undefined {
  if (node.type === 'CallExpression') {
    const callee = node['callee'] as SyntaxNode;
    return writes.has(calledName(node) ?? '') ? identifierOf(callee['object']) : undefined;
  }
  const target =
    node.type === 'AssignmentExpression'
      ? node['left']
      : node.type === 'UpdateExpression'
        ? node['argument']
        : undefined;
  const { type, object } = (target ?? {}) as { type?: string; object?: unknown };
  return type === 'MemberExpression' ? identifierOf(object) : identifierOf(target);
}

function calledName(call: SyntaxNode): string | undefined {
  const callee = call['callee'] as SyntaxNode;
  return callee.type === 'MemberExpression' ? identifierOf(callee['property']) : identifierOf(callee);
}

function identifierOf(node: unknown): string | undefined {
  const { type, name } = (node ?? {}) as { type?: string; name?: string };
  return type === 'Identifier' ? name : undefined;
}

function bodyOf(tree: SyntaxNode): SyntaxNode[] {
  return tree['body'] as SyntaxNode[];
}

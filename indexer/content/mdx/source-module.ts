import { calleeName } from '../../../javascript/names.ts';
import type { StaticScope, ModuleStatement } from '../../../javascript/static/evaluate.ts';
import { declare } from '../../../javascript/static/evaluate.ts';
import type { StaticValue } from '../../../javascript/static/static-value.ts';
import { isFunction, type FunctionNode, type Node } from '../../../javascript/syntax-tree.ts';
import type { ParsedMarkdown } from '../markdown/parse-markdown.ts';
import { isJsx } from './jsx-nodes.ts';

/** What a name in a file stands for, as far as its text matters. */
export type NamedContent =
  /** A Markdown file, shown by an element of that name. */
  | { type: 'markdown'; file: string; parsed: ParsedMarkdown; module: SourceModule }
  /** A function that returns elements, and the module whose names it uses. */
  | { type: 'component'; fn: FunctionNode; module: SourceModule }
  /** An element that a constant holds. */
  | { type: 'element'; node: Node; module: SourceModule }
  | { type: 'value'; value: StaticValue }
  /** A text that could not be read; a warning names its file. */
  | { type: 'missing' };

/** The names of a page, a partial or a JavaScript module. */
export type SourceModule = {
  /** The text that the offsets of its nodes refer to. */
  text: string;
  /** Imported names, and the components that the file defines; members of a namespace as `Parts.Ios`. */
  names: Map<string, NamedContent>;
  scope: StaticScope;
};

/** A module without names. */
export function emptyModule(text: string): SourceModule {
  return { text, names: new Map(), scope: { code: text, bindings: new Map(), require: () => undefined } };
}

/** Adds what a statement declares: constants to the scope, and functions as components too. */
export function declareNames(statement: ModuleStatement, module: SourceModule): void {
  const declaration = declarationOf(statement);
  if (declaration === null) return;
  declare(declaration as ModuleStatement, module.scope);
  for (const [name, node] of constantsIn(declaration)) {
    const fn = componentIn(node);
    if (fn !== null) module.names.set(name, { type: 'component', fn, module });
    else if (isJsx(node)) module.names.set(name, { type: 'element', node, module });
  }
}

/** The function of a component, also in `memo(…)` and `React.forwardRef(…)`; null for any other value. */
export function componentIn(node: Node): FunctionNode | null {
  if (isFunction(node)) return node;
  const [inner] = node.type === 'CallExpression' && isWrapper(node.callee) ? node.arguments : [];
  return inner === undefined ? null : componentIn(inner);
}

/** The name in `export default memo(Name)`; null for any other expression. */
export function wrappedName(node: Node): string | null {
  const [inner] = node.type === 'CallExpression' && isWrapper(node.callee) ? node.arguments : [];
  return inner?.type === 'Identifier' ? inner.name : null;
}

function isWrapper(callee: Node): boolean {
  return /^(?:memo|forwardRef)$/.test(calleeName(callee));
}

/** The declaration that a statement makes or exports; null for an import or a re-export. */
function declarationOf(statement: ModuleStatement): Node | null {
  if (statement.type === 'ExportNamedDeclaration') return statement.declaration ?? null;
  return statement.type.startsWith('Import') || statement.type.startsWith('Export') ? null : statement;
}

function constantsIn(declaration: Node): [name: string, node: Node][] {
  if (declaration.type === 'FunctionDeclaration') return [[declaration.id?.name ?? '', declaration]];
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }): [string, Node][] =>
    id.type === 'Identifier' && init != null ? [[id.name, init]] : [],
  );
}

import type { StaticScope, ModuleStatement } from '../../../javascript/static/evaluate.ts';
import { declare } from '../../../javascript/static/evaluate.ts';
import type { StaticValue } from '../../../javascript/static/static-value.ts';
import { isFunction, type FunctionNode, type Node } from '../../../javascript/syntax-tree.ts';
import type { ParsedMarkdown } from '../markdown/parse-markdown.ts';

/** What a name in a file stands for, as far as its text matters. */
export type NamedContent =
  /** A Markdown file, shown by an element of that name. */
  | { type: 'markdown'; file: string; parsed: ParsedMarkdown; module: SourceModule }
  /** A function that returns elements, and the module whose names it uses. */
  | { type: 'component'; fn: FunctionNode; module: SourceModule }
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
  for (const [name, node] of functionsIn(declaration))
    module.names.set(name, { type: 'component', fn: node, module });
}

/** The declaration that a statement makes or exports; null for an import or a re-export. */
function declarationOf(statement: ModuleStatement): Node | null {
  if (statement.type === 'ExportNamedDeclaration') return statement.declaration ?? null;
  return statement.type.startsWith('Import') || statement.type.startsWith('Export') ? null : statement;
}

function functionsIn(declaration: Node): [name: string, node: FunctionNode][] {
  if (declaration.type === 'FunctionDeclaration') return [[declaration.id?.name ?? '', declaration]];
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }): [string, FunctionNode][] =>
    id.type === 'Identifier' && init != null && isFunction(init) ? [[id.name, init]] : [],
  );
}

import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, type ExportNamedDeclaration, type ImportDeclaration, type Program } from 'acorn';
import { keyName, propertyName } from './static-names.ts';
import {
  declare,
  evaluate,
  fieldsOf,
  type ModuleStatement,
  type StaticFields,
  type StaticScope,
  type StaticValue,
} from './static-value.ts';

const typescript = Parser.extend(tsPlugin());

type ModuleExports = { isEsm: boolean; value: StaticValue };
/** By path; null while it is being read, for a module that imports itself in the end. */
type ModuleCache = Map<string, ModuleExports | null>;

/**
 * The default export of a JavaScript or TypeScript module as far as it can be read without running it: literals,
 * constants, spreads, templates, what a function returns, and what modules and JSON beside it export.
 * Throws a SyntaxError when the file does not parse, and what the disk throws.
 */
export function readDefaultExport(file: string): StaticValue {
  return defaultOf(loadModule(file, new Map()));
}

function loadModule(file: string, loaded: ModuleCache): ModuleExports {
  const known = loaded.get(file);
  if (known !== undefined) return known ?? { isEsm: false, value: { unread: file } };
  loaded.set(file, null);
  const text = readFileSync(file, 'utf8');
  const found = file.endsWith('.json')
    ? { isEsm: false, value: JSON.parse(text) as StaticValue }
    : evaluateModule(text, { dir: dirname(file), loaded });
  loaded.set(file, found);
  return found;
}

function evaluateModule(code: string, { dir, loaded }: { dir: string; loaded: ModuleCache }): ModuleExports {
  const program = typescript.parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const load = (from: string): ModuleExports | null => {
    const file = from.startsWith('.') ? fileOf(resolve(dir, from)) : null;
    try {
      return file === null ? null : loadModule(file, loaded);
    } catch {
      return null;
    }
  };
  const scope: StaticScope = { code, bindings: new Map(), required: (from) => load(from)?.value };
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') bindImports(statement, scope, load);
    else declare(declarationOf(statement), scope);
  }
  return exportsOf(program, scope);
}

function declarationOf(statement: ModuleStatement): ModuleStatement {
  return (statement.type === 'ExportNamedDeclaration' ? statement.declaration : null) ?? statement;
}

const endings = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.cts', '.json', '/index.ts', '/index.js'];

function fileOf(path: string): string | null {
  const found = endings.find((ending) => statSync(path + ending, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? null : path + found;
}

function defaultOf({ isEsm, value }: ModuleExports): StaticValue {
  return isEsm ? fieldsOf(value)?.['default'] : value;
}

function bindImports(
  { source, specifiers }: ImportDeclaration,
  { bindings }: StaticScope,
  load: (from: string) => ModuleExports | null,
): void {
  const from = String(source.value);
  for (const specifier of specifiers) {
    const { name } = specifier.local;
    const unread = { unread: `import ${name} from '${from}'` };
    bindings.set(name, () => {
      const found = load(from);
      if (found === null) return unread;
      if (specifier.type === 'ImportDefaultSpecifier') return defaultOf(found) ?? unread;
      if (specifier.type === 'ImportNamespaceSpecifier') return found.value;
      return fieldsOf(found.value)?.[keyName(specifier.imported) ?? ''] ?? unread;
    });
  }
}

/** Of a module in the old way `exports` as a whole, else what is set in it. */
function exportsOf({ body }: Program, scope: StaticScope): ModuleExports {
  const fields: StaticFields = {};
  let whole: StaticValue;
  let isEsm = false;
  for (const statement of body) {
    isEsm ||= statement.type.startsWith('Export');
    if (statement.type === 'ExportDefaultDeclaration')
      fields['default'] = evaluate(statement.declaration, scope);
    else if (statement.type === 'ExportNamedDeclaration')
      for (const [name, local] of namesOf(statement)) fields[name] = scope.bindings.get(local)?.();
    else if (
      statement.type === 'ExpressionStatement' &&
      statement.expression.type === 'AssignmentExpression'
    ) {
      const { left, right } = statement.expression;
      const name = left.type === 'MemberExpression' ? (propertyName(left) ?? '') : '';
      const owner = left.type === 'MemberExpression' ? left.object : null;
      const isExports =
        owner?.type === 'MemberExpression'
          ? propertyName(owner) === 'exports'
          : owner?.type === 'Identifier' && owner.name === 'exports';
      if (isExports) fields[name] = evaluate(right, scope);
      else if (name === 'exports') whole = evaluate(right, scope);
    }
  }
  const isNothing = !isEsm && whole === undefined && Object.keys(fields).length === 0;
  return { isEsm, value: isEsm || !isNothing ? (whole ?? fields) : undefined };
}

function namesOf({ declaration, specifiers }: ExportNamedDeclaration): [name: string, local: string][] {
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }): [string, string][] =>
      id.type === 'Identifier' ? [[id.name, id.name]] : [],
    );
  if (declaration?.type === 'FunctionDeclaration') return [[declaration.id.name, declaration.id.name]];
  return specifiers.flatMap(({ exported, local }): [string, string][] => {
    const [name, own] = [keyName(exported), keyName(local)];
    return name === undefined || own === undefined ? [] : [[name, own]];
  });
}

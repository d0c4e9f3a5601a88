import { readFileSync, statSync } from 'node:fs';
import type { ExportNamedDeclaration, ImportDeclaration, Program } from 'acorn';
import { memberName, specifierName } from '../../../javascript/names.ts';
import { parseModule } from '../../../javascript/parse.ts';
import { resolveImport } from '../../../javascript/resolve-import.ts';
import {
  declare,
  evaluate,
  type ModuleStatement,
  type StaticScope,
} from '../../../javascript/static/evaluate.ts';
import { fieldsOf, type StaticFields, type StaticValue } from '../../../javascript/static/static-value.ts';

type ModuleExports = { isEsm: boolean; value: StaticValue };
/** By path; null while a module is being read, because imports may be circular. */
type ModuleCache = Map<string, ModuleExports | null>;
/** Loads what an import specifier names; null for a package or a file that cannot be read. */
type ModuleLoader = (specifier: string) => ModuleExports | null;

/**
 * Evaluates the default export of a JavaScript or TypeScript module statically, without running it: literals,
 * constants, spreads, templates, return values of functions, and the exports of imported files and JSON. Throws a
 * SyntaxError when the file does not parse, and file system errors.
 */
export function readDefaultExport(file: string): StaticValue {
  return defaultExportOf(loadModule(file, new Map()));
}

function loadModule(file: string, cache: ModuleCache): ModuleExports {
  const cached = cache.get(file);
  if (cached !== undefined) return cached ?? { isEsm: false, value: { unresolved: file } };
  cache.set(file, null);
  const text = readFileSync(file, 'utf8');
  const exports = file.endsWith('.json')
    ? { isEsm: false, value: JSON.parse(text) as StaticValue }
    : evaluateModule(text, { file, cache });
  cache.set(file, exports);
  return exports;
}

function evaluateModule(code: string, { file, cache }: { file: string; cache: ModuleCache }): ModuleExports {
  const program = parseModule(code, { isTyped: /\.[cm]?ts$/.test(file) });
  const importer = file.replaceAll('\\', '/');
  const load: ModuleLoader = (specifier) => {
    const imported = specifier.startsWith('.') ? resolveImport(filesOnDisk, { specifier, importer }) : null;
    try {
      return imported === null ? null : loadModule(imported, cache);
    } catch {
      return null;
    }
  };
  const scope: StaticScope = { code, bindings: new Map(), require: (specifier) => load(specifier)?.value };
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') bindImports(statement, scope, load);
    else declare(declarationOf(statement), scope);
  }
  return exportsOf(program, scope);
}

function declarationOf(statement: ModuleStatement): ModuleStatement {
  return (statement.type === 'ExportNamedDeclaration' ? statement.declaration : null) ?? statement;
}

const filesOnDisk = {
  get: (path: string): string | undefined =>
    statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined,
};

function defaultExportOf({ isEsm, value }: ModuleExports): StaticValue {
  return isEsm ? fieldsOf(value)?.['default'] : value;
}

function bindImports(
  { source, specifiers }: ImportDeclaration,
  { bindings }: StaticScope,
  load: ModuleLoader,
): void {
  const from = String(source.value);
  for (const specifier of specifiers) {
    const { name } = specifier.local;
    const unresolved = { unresolved: `import ${name} from '${from}'` };
    bindings.set(name, () => {
      const exports = load(from);
      if (exports === null) return unresolved;
      if (specifier.type === 'ImportDefaultSpecifier') return defaultExportOf(exports) ?? unresolved;
      if (specifier.type === 'ImportNamespaceSpecifier') return exports.value;
      return fieldsOf(exports.value)?.[specifierName(specifier.imported)] ?? unresolved;
    });
  }
}

/** The exports of an ES module by name; of a CommonJS module, `module.exports` or the properties set on `exports`. */
function exportsOf({ body }: Program, scope: StaticScope): ModuleExports {
  const fields: StaticFields = {};
  let moduleExports: StaticValue;
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
      const name = left.type === 'MemberExpression' ? (memberName(left) ?? '') : '';
      const owner = left.type === 'MemberExpression' ? left.object : null;
      const isExports =
        owner?.type === 'MemberExpression'
          ? memberName(owner) === 'exports'
          : owner?.type === 'Identifier' && owner.name === 'exports';
      if (isExports) fields[name] = evaluate(right, scope);
      else if (name === 'exports') moduleExports = evaluate(right, scope);
    }
  }
  const hasNone = !isEsm && moduleExports === undefined && Object.keys(fields).length === 0;
  return { isEsm, value: hasNone ? undefined : (moduleExports ?? fields) };
}

function namesOf({ declaration, specifiers }: ExportNamedDeclaration): [name: string, local: string][] {
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }): [string, string][] =>
      id.type === 'Identifier' ? [[id.name, id.name]] : [],
    );
  if (declaration?.type === 'FunctionDeclaration') return [[declaration.id.name, declaration.id.name]];
  return specifiers.map(({ exported, local }) => [specifierName(exported), specifierName(local)]);
}

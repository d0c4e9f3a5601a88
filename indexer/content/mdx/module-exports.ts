import { propertyKey, specifierName } from '../../../javascript/names.ts';
import { evaluate, type ModuleStatement } from '../../../javascript/static/evaluate.ts';
import type { StaticValue } from '../../../javascript/static/static-value.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { componentIn, wrappedName, type NamedContent, type SourceModule } from './source-module.ts';

/** What `export { a as b } from` and `export * from` pass on. */
export function reexports(
  statement: ModuleStatement,
  imported: ReadonlyMap<string, NamedContent>,
): [name: string, content: NamedContent][] {
  if (statement.type === 'ExportAllDeclaration') return [...imported].filter(([name]) => name !== 'default');
  if (statement.type !== 'ExportNamedDeclaration') return [];
  return statement.specifiers.flatMap(({ local, exported }): [string, NamedContent][] => {
    const content = imported.get(specifierName(local));
    return content === undefined ? [] : [[specifierName(exported), content]];
  });
}

/** What a statement of a module exports itself. */
export function ownExports(
  statement: ModuleStatement,
  module: SourceModule,
): [name: string, content: NamedContent][] {
  const contentOf = (name: string, local: string): [string, NamedContent][] => {
    const content = module.names.get(local) ?? valueOf(module.scope.bindings.get(local)?.());
    return [[name, content]];
  };
  if (statement.type === 'ExportDefaultDeclaration') {
    const declaration = statement.declaration as Node;
    const name = declaration.type === 'Identifier' ? declaration.name : wrappedName(declaration);
    if (name !== null) return contentOf('default', name);
    const fn = componentIn(declaration);
    const content: NamedContent =
      fn === null ? valueOf(evaluate(declaration, module.scope)) : { type: 'component', fn, module };
    return [['default', content]];
  }
  if (statement.type !== 'ExportNamedDeclaration' || statement.source != null) return [];
  const { declaration, specifiers } = statement;
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) =>
      id.type === 'Identifier' ? contentOf(id.name, id.name) : [],
    );
  if (declaration?.type === 'FunctionDeclaration') return contentOf(declaration.id.name, declaration.id.name);
  return specifiers.flatMap(({ local, exported }) =>
    contentOf(specifierName(exported), specifierName(local)),
  );
}

/** A value as the content of a name. */
export function valueOf(value: StaticValue): NamedContent {
  return { type: 'value', value };
}

/** The components in an object that is the default export, as `default.Quiz`: `export default { ...Defaults, Quiz }`. */
export function defaultMembers(
  body: readonly ModuleStatement[],
  module: SourceModule,
): [name: string, content: NamedContent][] {
  const exported = body.find((statement) => statement.type === 'ExportDefaultDeclaration')?.declaration;
  const object = exported?.type === 'Identifier' ? initialValue(body, exported.name) : exported;
  if (object?.type !== 'ObjectExpression') return [];
  return object.properties.flatMap((property): [string, NamedContent][] => {
    if (property.type !== 'Property' || property.value.type !== 'Identifier') return [];
    const content = module.names.get(property.value.name);
    return content === undefined ? [] : [[`default.${propertyKey(property) ?? ''}`, content]];
  });
}

function initialValue(body: readonly ModuleStatement[], name: string): Node | null {
  for (const statement of body)
    if (statement.type === 'VariableDeclaration')
      for (const { id, init } of statement.declarations)
        if (id.type === 'Identifier' && id.name === name) return init ?? null;
  return null;
}

import { specifierName } from '../../../../javascript/names.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

/** Follows a value that its file exports under a name to every file that imports it. */
export function followExport(
  flow: ReplyFlow,
  value: ReplyValue,
  name: string,
  visited = new Set<string>(),
): void {
  const key = `${name} ${value.file.path}`;
  if (visited.has(key)) return;
  visited.add(key);
  for (const { file, statement } of flow.tracer.importsOf(value.file)) {
    const inFile = { ...value, file };
    if (statement.type === 'ExportAllDeclaration') {
      if (statement.exported == null && name !== 'default') followExport(flow, inFile, name, visited);
      continue;
    }
    if (statement.type === 'ExportNamedDeclaration') {
      for (const { local, exported } of statement.specifiers)
        if (specifierName(local) === name) followExport(flow, inFile, specifierName(exported), visited);
      continue;
    }
    for (const specifier of statement.specifiers) {
      const isModule = specifier.type === 'ImportNamespaceSpecifier';
      const imported = specifier.type === 'ImportSpecifier' ? specifierName(specifier.imported) : 'default';
      if (!isModule && imported !== name) continue;
      const inside = isModule ? [name, ...value.inside] : value.inside;
      for (const use of file.scopes.usesOf(specifier.local)) flow.follow(movedTo(inFile, use, inside));
    }
  }
}

/** Follows a value to the importers of the name that it is declared with, if that is exported. */
export function followExportedName(flow: ReplyFlow, value: ReplyValue, name: string, declared: Node): void {
  const { parentOf } = value.file.scopes;
  let node = parentOf(declared);
  while (node !== undefined && /^(?:VariableDeclarat(?:or|ion)|FunctionDeclaration)$/.test(node.type))
    node = parentOf(node);
  if (node?.type === 'ExportNamedDeclaration') followExport(flow, value, name);
  else if (node?.type === 'ExportDefaultDeclaration') followExport(flow, value, 'default');
}

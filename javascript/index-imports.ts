import { resolveImport } from './resolve-import.ts';
import type { SourceFile } from './source-file.ts';
import type { Node } from './syntax-tree.ts';

type ImportStatement = Extract<
  Node,
  { type: 'ImportDeclaration' | 'ExportNamedDeclaration' | 'ExportAllDeclaration' }
>;

/** A statement that imports from another file, or exports what that exports. */
export type Import = { file: SourceFile; statement: ImportStatement };

/** The statements that import from each file of a project. */
export function indexImports(filesByPath: ReadonlyMap<string, SourceFile>): Map<SourceFile, Import[]> {
  const imports = new Map<SourceFile, Import[]>();
  for (const file of filesByPath.values()) {
    const statements = (file.program.type === 'Program' ? file.program.body : []) as Node[];
    for (const statement of statements) {
      if (!isImport(statement) || statement.source == null) continue;
      const specifier = String(statement.source.value);
      const imported = resolveImport(filesByPath, { specifier, importer: file.path });
      if (imported !== null) imports.set(imported, [...(imports.get(imported) ?? []), { file, statement }]);
    }
  }
  return imports;
}

const isImport = (node: Node): node is ImportStatement =>
  /^(?:ImportDeclaration|Export(?:Named|All)Declaration)$/.test(node.type);

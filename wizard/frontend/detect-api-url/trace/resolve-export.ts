import { dottedName, specifierName } from '../../../../javascript/names.ts';
import { resolveImport } from '../../../../javascript/resolve-import.ts';
import type { PathSegment } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { referenceTo, type Reference, type Tracer } from './reference.ts';

type ExportQuery = {
  file: SourceFile;
  /** `default`, `*` for the whole module, or the name of an export. */
  name: string;
  /** The path that is followed within what is exported. */
  rest: readonly PathSegment[];
  /** The reference that led here. */
  base: Reference;
  /** What was searched before: modules may re-export each other. */
  visited?: Set<string>;
};

/** What a file exports under a name: as ESM, by a top-level declaration, or as CommonJS. */
export function resolveExport(tracer: Tracer, query: ExportQuery): Reference[] {
  const { file, name, rest, base, visited = new Set<string>() } = query;
  const key = `${name} ${file.path}`;
  if (visited.has(key)) return [];
  visited.add(key);
  const follow = (node: Node, path: readonly PathSegment[] = rest): Reference[] => [
    ...tracer({
      ...referenceTo(file, node, path),
      context: base.context,
      isFallback: base.isFallback,
    }),
  ];
  const reExported = (source: unknown, otherName: string): Reference[] => {
    const next = resolveImport(tracer.filesByPath, { specifier: String(source), importer: file.path });
    return next === null ? [] : resolveExport(tracer, { ...query, file: next, name: otherName, visited });
  };
  const { program } = file;
  const statements = (program.type === 'Program' ? program.body : []) as Node[];
  const esm = statements.flatMap((node): Reference[] => {
    if (node.type === 'ExportDefaultDeclaration') return name === 'default' ? follow(node.declaration) : [];
    if (node.type === 'TSExportAssignment') return name === 'default' ? follow(node.expression) : [];
    if (node.type === 'ExportAllDeclaration') {
      if (node.exported == null) return name === 'default' ? [] : reExported(node.source.value, name);
      return specifierName(node.exported) === name ? reExported(node.source.value, '*') : [];
    }
    if (node.type !== 'ExportNamedDeclaration') return [];
    return node.specifiers.flatMap(({ local, exported }) => {
      if (specifierName(exported) !== name) return [];
      return node.source == null ? follow(local) : reExported(node.source.value, specifierName(local));
    });
  });
  if (esm.length > 0) return esm;
  const declared = file.scopes
    .topLevelSources(name)
    .flatMap((source) =>
      source.type === 'expression' ? follow(source.node, [...source.path, ...rest]) : [],
    );
  if (declared.length > 0) return declared;
  return commonJsExports(file, name).flatMap(({ node, isWholeModule }) =>
    isWholeModule && name !== 'default' ? follow(node, [{ name, node }, ...rest]) : follow(node),
  );
}

type CommonJsExport = { node: Node; isWholeModule: boolean };

/** `module.exports = …`, `module.exports.name = …` and `exports.name = …`. */
function commonJsExports({ nodes }: SourceFile, name: string): CommonJsExport[] {
  return nodes.flatMap(({ node }): CommonJsExport[] => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return [];
    const target = dottedName(node.left);
    if (target === 'module.exports') return [{ node: node.right, isWholeModule: true }];
    const isNamed = target === `module.exports.${name}` || target === `exports.${name}`;
    return isNamed ? [{ node: node.right, isWholeModule: false }] : [];
  });
}

import { resolveImport } from '../../../../javascript/resolve-import.ts';
import { referenceTo, type Reference, type Step, type Tracer } from './reference.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { walk, type Node } from '../../../../javascript/parse.ts';

/** What a file gives out under a name; `rest` leads on from there. */
export function resolveExport(
  trace: Tracer,
  { file, name, rest, base }: { file: SourceFile; name: string; rest: readonly Step[]; base: Reference },
): Reference[] {
  const go = (node: Node, path: readonly Step[] = rest): Reference[] => [
    ...trace({
      ...base,
      ...referenceTo(file, node, path),
      context: base.context,
      isFallback: base.isFallback,
    }),
  ];
  const from = (source: unknown, other: string): Reference[] => {
    const next = resolveImport(trace.files, { from: String(source), at: file.path });
    if (next === null) return [];
    return resolveExport(trace, { file: next, name: other, rest, base });
  };
  const { program } = file;
  const found = (program.type === 'Program' ? program.body : []).flatMap((one): Reference[] => {
    const node = one as Node;
    if (node.type === 'ExportDefaultDeclaration') return name === 'default' ? go(node.declaration) : [];
    if (node.type === 'TSExportAssignment') return name === 'default' ? go(node.expression) : [];
    if (node.type === 'ExportAllDeclaration') {
      if (node.exported == null) return name === 'default' ? [] : from(node.source.value, name);
      return exportedName(node.exported) === name ? from(node.source.value, '*') : [];
    }
    if (node.type !== 'ExportNamedDeclaration') return [];
    return node.specifiers.flatMap(({ local, exported: as }) => {
      if (exportedName(as) !== name) return [];
      return node.source == null ? go(local) : from(node.source.value, exportedName(local));
    });
  });
  if (found.length > 0) return found;
  const own = file.scopes
    .topLevelSources(name)
    .flatMap((one) => (one.type === 'expression' ? go(one.node, [...one.path, ...rest]) : []));
  return own.length > 0
    ? own
    : commonJsExports(file, name).flatMap(({ node, isWhole }) => {
        const step = { name, node };
        return isWhole && name !== 'default' ? go(node, [step, ...rest]) : go(node);
      });
}

const exportedName = (node: Node): string =>
  node.type === 'Identifier' ? node.name : 'value' in node ? String(node.value) : '';

/** `module.exports = …`, `module.exports.name = …` and `exports.name = …`. */
function commonJsExports({ program }: SourceFile, name: string): { node: Node; isWhole: boolean }[] {
  const found: { node: Node; isWhole: boolean }[] = [];
  walk(program, (node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
    const path = dottedName(node.left);
    if (path === 'module.exports') found.push({ node: node.right, isWhole: true });
    if (path === `module.exports.${name}` || path === `exports.${name}`)
      found.push({ node: node.right, isWhole: false });
  });
  return found;
}

/** `a.b.c` as it is written, `a['b']` too; empty for anything else. */
export function dottedName(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ChainExpression') return dottedName(node.expression);
  if (node.type !== 'MemberExpression') return '';
  const { property, computed } = node;
  const name = computed ? property.type === 'Literal' && property.value : 'name' in property && property.name;
  const before = dottedName(node.object);
  return before === '' || typeof name !== 'string' ? '' : `${before}.${name}`;
}

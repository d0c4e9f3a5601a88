import { resolveImport } from './resolve-import.ts';
import { refOf, type Ref, type Step, type Trace } from './ref.ts';
import type { SourceFile } from './source.ts';
import { walk, type Node } from './syntax.ts';

/** What a file gives out under a name; `rest` leads on from there. */
export function exported(
  trace: Trace,
  { file, name, rest, base }: { file: SourceFile; name: string; rest: readonly Step[]; base: Ref },
): Ref[] {
  const go = (node: Node, path: readonly Step[] = rest): Ref[] => [
    ...trace({ ...base, ...refOf(file, node, path), frame: base.frame, isFallback: base.isFallback }),
  ];
  const from = (source: unknown, other: string): Ref[] => {
    const next = resolveImport(trace.files, { from: String(source), at: file.path });
    if (next === null) return [];
    return exported(trace, { file: next, name: other, rest, base });
  };
  const { program } = file;
  const found = (program.type === 'Program' ? program.body : []).flatMap((one): Ref[] => {
    const node = one as Node;
    if (node.type === 'ExportDefaultDeclaration') return name === 'default' ? go(node.declaration) : [];
    if (node.type === 'TSExportAssignment') return name === 'default' ? go(node.expression) : [];
    if (node.type === 'ExportAllDeclaration') {
      if (node.exported == null) return name === 'default' ? [] : from(node.source.value, name);
      return said(node.exported) === name ? from(node.source.value, '*') : [];
    }
    if (node.type !== 'ExportNamedDeclaration') return [];
    return node.specifiers.flatMap(({ local, exported: as }) => {
      if (said(as) !== name) return [];
      return node.source == null ? go(local) : from(node.source.value, said(local));
    });
  });
  if (found.length > 0) return found;
  const own = file.scopes
    .topLevel(name)
    .flatMap((one) => (one.type === 'expression' ? go(one.node, [...one.path, ...rest]) : []));
  return own.length > 0
    ? own
    : fromCommonJs(file, name).flatMap(({ node, isWhole }) => {
        const step = { name, node };
        return isWhole && name !== 'default' ? go(node, [step, ...rest]) : go(node);
      });
}

const said = (node: Node): string =>
  node.type === 'Identifier' ? node.name : 'value' in node ? String(node.value) : '';

/** `module.exports = …`, `module.exports.name = …` and `exports.name = …`. */
function fromCommonJs({ program }: SourceFile, name: string): { node: Node; isWhole: boolean }[] {
  const found: { node: Node; isWhole: boolean }[] = [];
  walk(program, (node) => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
    const path = dotted(node.left);
    if (path === 'module.exports') found.push({ node: node.right, isWhole: true });
    if (path === `module.exports.${name}` || path === `exports.${name}`)
      found.push({ node: node.right, isWhole: false });
  });
  return found;
}

/** `a.b.c` as it is written, `a['b']` too; empty for anything else. */
export function dotted(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ChainExpression') return dotted(node.expression);
  if (node.type !== 'MemberExpression') return '';
  const { property, computed } = node;
  const name = computed ? property.type === 'Literal' && property.value : 'name' in property && property.name;
  const before = dotted(node.object);
  return before === '' || typeof name !== 'string' ? '' : `${before}.${name}`;
}

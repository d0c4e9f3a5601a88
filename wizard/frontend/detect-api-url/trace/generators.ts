import { calleeName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isFunction, type FunctionNode, type Node } from '../../../../javascript/syntax-tree.ts';

/**
 * The function whose body an `async` function or a generator has become in a bundle for old browsers, and which gets
 * the same arguments (babeljs.io, `transform-regenerator`, `transform-async-to-generator`):
 * `function f(){return g.apply(this,arguments)} function g(){return (g=wrap(r().m(function e(url){…}))).apply(this,arguments)}`
 */
export function generatorsOf(file: SourceFile, called: FunctionNode): readonly FunctionNode[] {
  const target = forwardedTo(called);
  if (target === null) return [];
  const outer = target.type === 'Identifier' ? functionNamed(file, target) : called;
  const inner = outer === null ? null : firstPassedFunction(file, outer);
  return inner === null ? [] : [inner];
}

/** `g` of `return g.apply(this, arguments)` as the end of a body. */
function forwardedTo({ body }: FunctionNode): Node | null {
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  const call = last?.type === 'ReturnStatement' ? last.argument : null;
  if (call?.type !== 'CallExpression' || calleeName(call.callee) !== 'apply') return null;
  const [, list] = call.arguments;
  const isWhole = list?.type === 'Identifier' && list.name === 'arguments';
  return isWhole && call.callee.type === 'MemberExpression' ? call.callee.object : null;
}

function functionNamed(
  { scopes }: SourceFile,
  name: Extract<Node, { type: 'Identifier' }>,
): FunctionNode | null {
  for (const source of scopes.sourcesOf(name, name.name) ?? [])
    if (source.type === 'expression' && isFunction(source.node)) return source.node;
  return null;
}

/** The first function inside another one that is the argument of a call. */
function firstPassedFunction({ nodes, scopes }: SourceFile, outer: FunctionNode): FunctionNode | null {
  for (const { node } of nodes) {
    if (node.start <= outer.start || node.end >= outer.end || !isFunction(node)) continue;
    if (scopes.parentOf(node)?.type === 'CallExpression') return node;
  }
  return null;
}

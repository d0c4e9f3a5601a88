/** The modules of webpack's and Rspack's output: `{123:(e,t,n)=>{n.d(t,{A:()=>ask});const r=n(456)}}`. */
import { memberName, propertyKey } from './names.ts';
import type { SourceFile } from './source-file.ts';
import { isFunction, type FunctionNode, type Node } from './syntax-tree.ts';
import { walk } from './walk.ts';

export type WebpackModule = {
  file: SourceFile;
  /** What is exported, by name. */
  exports: ReadonlyMap<string, Node>;
  /** What `module.exports` is set to; null where it is not. */
  whole: Node | null;
};

/** The modules of all chunks by id, which is unique in a build. */
export function webpackModules(files: readonly SourceFile[]): ReadonlyMap<string, WebpackModule> {
  const modules = new Map<string, WebpackModule>();
  for (const file of files)
    for (const { node } of file.nodes) {
      const id = isFunction(node) ? moduleId(file, node) : null;
      if (id !== null && isFunction(node)) modules.set(id, readModule(file, node));
    }
  return modules;
}

/** The id of the module that a call requires: `n(123)`; null for any other call. */
export function requiredModuleId(file: SourceFile, call: Node): string | null {
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return null;
  const [argument] = call.arguments;
  if (argument?.type !== 'Literal' || call.arguments.length !== 1) return null;
  const [source] = file.scopes.sourcesOf(call.callee, call.callee.name) ?? [];
  const isRequire = source?.type === 'parameter' && source.index === 2 && moduleId(file, source.fn) !== null;
  return isRequire ? String(argument.value) : null;
}

/** Webpack passes a module itself, its exports, and the function that requires another one. */
function moduleId({ scopes }: SourceFile, fn: FunctionNode): string | null {
  const property = scopes.parentOf(fn);
  if (property?.type !== 'Property' || property.value !== fn || fn.params.length > 3) return null;
  const key = propertyKey(property);
  return key !== null && /^\d+$|^\.{0,2}\//.test(key) ? key : null;
}

function readModule(file: SourceFile, { params, body }: FunctionNode): WebpackModule {
  const [module, exported, required] = params.map((parameter) =>
    parameter.type === 'Identifier' ? parameter.name : null,
  );
  const exports = new Map<string, Node>();
  let whole: Node | null = null;
  for (const { node } of walk(body)) {
    if (node.type === 'CallExpression' && isMember(node.callee, { of: required, name: 'd' })) {
      const [target, names, getter] = node.arguments;
      if (target?.type !== 'Identifier' || target.name !== exported) continue;
      for (const [name, value] of definedExports(names, getter)) exports.set(name, value);
    }
    if (node.type === 'AssignmentExpression' && isMember(node.left, { of: module, name: 'exports' }))
      whole = node.right;
  }
  return { file, exports, whole };
}

function isMember(node: Node, { of: owner, name }: { of: string | null | undefined; name: string }): boolean {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return false;
  return node.object.name === owner && memberName(node) === name;
}

/** `n.d(t,{A:()=>ask})`, or webpack 4's `n.d(t,"a",function(){return ask})`. */
function definedExports(names: Node | undefined, getter: Node | undefined): [string, Node][] {
  if (names?.type === 'Literal' && getter !== undefined) return namedGetter(String(names.value), getter);
  if (names?.type !== 'ObjectExpression') return [];
  return names.properties.flatMap((property): [string, Node][] => {
    const key = property.type === 'Property' ? propertyKey(property) : null;
    return property.type === 'Property' && key !== null ? namedGetter(key, property.value) : [];
  });
}

function namedGetter(name: string, getter: Node): [string, Node][] {
  if (!isFunction(getter)) return [];
  if (getter.body.type !== 'BlockStatement') return [[name, getter.body]];
  const [statement] = getter.body.body;
  return statement?.type === 'ReturnStatement' && statement.argument != null
    ? [[name, statement.argument]]
    : [];
}

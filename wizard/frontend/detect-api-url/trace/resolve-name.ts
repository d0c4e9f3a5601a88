import { isElementFactory } from '../../../../javascript/names.ts';
import { resolveImport } from '../../../../javascript/resolve-import.ts';
import { anyElement, type BindingSource } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import { pluginOptions } from './plugin-options.ts';
import { withNode, type CallSite, type Reference, type Tracer } from './reference.ts';
import { resolveExport } from './resolve-export.ts';

/** What a name can be where a reference uses it: a binding of its file, or a global. */
export function resolveName(tracer: Tracer, reference: Reference, name: string): readonly Reference[] {
  const sources = reference.file.scopes.sourcesOf(reference.node, name);
  if (sources === null) return name === 'undefined' ? [] : resolveGlobal(tracer, reference, name);
  return lastAssigned(tracer, reference, sources).flatMap((source) => [
    ...resolveSource(tracer, reference, source),
  ]);
}

/** The sources of a name without those that a later assignment has replaced where the reference uses it. */
function lastAssigned(
  tracer: Tracer,
  { node, file }: Reference,
  sources: readonly BindingSource[],
): readonly BindingSource[] {
  if (sources.length < 2) return sources;
  const replaces = (source: BindingSource): boolean =>
    source.type === 'expression' &&
    (source.node.end < node.start || isInLaterFunction(file, source.node, node)) &&
    tracer.isAlwaysAssigned({ file, node: source.node });
  return sources.slice(Math.max(0, sources.findLastIndex(replaces)));
}

/** Whether a function of a file uses what the file itself assigns, when it is loaded. */
function isInLaterFunction({ scopes }: SourceFile, assigned: Node, use: Node): boolean {
  const isInFunction = (start: Node): boolean => {
    for (let node = scopes.parentOf(start); node !== undefined; node = scopes.parentOf(node))
      if (isFunction(node)) return true;
    return false;
  };
  return !isInFunction(assigned) && isInFunction(use);
}

/** `window.name`, where the browser code assigns a value to it. */
function resolveGlobal(tracer: Tracer, reference: Reference, name: string): readonly Reference[] {
  const [segment, ...rest] = reference.path;
  if (segment === undefined || !/^(?:window|globalThis|self)$/.test(name)) return [reference];
  const assigned = tracer.callGraph().globals.get(segment.name) ?? [];
  const values = assigned.flatMap(({ node, file }) => [...tracer({ ...reference, node, file, path: rest })]);
  return values.length > 0 ? values : [reference];
}

function resolveSource(tracer: Tracer, reference: Reference, source: BindingSource): readonly Reference[] {
  switch (source.type) {
    case 'expression':
      return tracer(withNode(reference, source.node, [...source.path, ...reference.path]));
    case 'import': {
      const { specifier, name } = source;
      const file = resolveImport(tracer.filesByPath, { specifier, importer: reference.file.path });
      if (file === null) return [reference];
      if (name === '*') return resolveFile(tracer, reference, file);
      return resolveExport(tracer, { file, name, rest: reference.path, base: reference });
    }
    case 'parameter':
      return resolveParameter(tracer, reference, source);
    default:
      return source satisfies never;
  }
}

type ParameterSource = Extract<BindingSource, { type: 'parameter' }>;

function resolveParameter(
  tracer: Tracer,
  reference: Reference,
  parameter: ParameterSource,
): readonly Reference[] {
  const call = reference.context.get(parameter.fn);
  if (call === undefined) {
    const elements = callbackElements(tracer, reference, parameter);
    if (elements.length > 0) return elements;
    const options = parameter.index === 1 ? pluginOptions(tracer, parameter.fn, reference.file) : [];
    if (options.length > 0) {
      const path = [...parameter.path, ...reference.path];
      return options.flatMap((option) => [...tracer({ ...option, path })]);
    }
    tracer.unboundFunctions.add(parameter.fn);
    return [reference];
  }
  const node = argumentAt(call, parameter.index);
  if (node === null) return [];
  const context = new Map([...reference.context, ...call.context]);
  return tracer({
    ...reference,
    node,
    file: call.file,
    context,
    path: [...parameter.path, ...reference.path],
  });
}

/** The elements of a list that one of its own methods passes to a callback: `urls.map((url) => …)`. */
function callbackElements(
  tracer: Tracer,
  reference: Reference,
  { fn, index, path }: ParameterSource,
): readonly Reference[] {
  const call = reference.file.scopes.parentOf(fn);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || index > 0) return [];
  const { object, property } = call.callee;
  const isEach = 'name' in property && /^(?:map|forEach|flatMap|find|some|every)$/.test(property.name);
  const element = { name: anyElement, node: fn };
  return isEach ? tracer(withNode(reference, object, [element, ...path, ...reference.path])) : [];
}

/** A JSX element is the one argument of its component; what a build makes of it names the component first. */
export function argumentAt({ node }: CallSite, index: number): Node | null {
  if (node.type === 'JSXElement') return index === 0 ? node : null;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const isElement = node.type === 'CallExpression' && isElementFactory(node.callee);
  if (isElement && index > 0) return null;
  const argument = node.arguments[isElement ? 1 : index];
  return argument === undefined || argument.type === 'SpreadElement' ? null : argument;
}

/** What `require` or `import()` of a module returns; the reference itself for a package. */
export function resolveModule(tracer: Tracer, reference: Reference, source: Node): readonly Reference[] {
  if (source.type !== 'Literal') return [reference];
  const specifier = String(source.value);
  const file = resolveImport(tracer.filesByPath, { specifier, importer: reference.file.path });
  return file === null ? [reference] : resolveFile(tracer, reference, file);
}

function resolveFile(tracer: Tracer, reference: Reference, file: SourceFile): readonly Reference[] {
  const [segment, ...rest] = reference.path;
  return resolveExport(tracer, { file, name: segment?.name ?? 'default', rest, base: reference });
}

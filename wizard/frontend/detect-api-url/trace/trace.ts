import { callGraphOf } from './call-graph.ts';
import { dottedName, resolveExport } from './exports.ts';
import {
  anyElement,
  constructorOf,
  classMembers,
  resolveMember,
  resolveThis,
  returnValues,
} from './member-access.ts';
import { libraryCallResult } from './library-calls.ts';
import { resolveImport } from '../../../../javascript/resolve-import.ts';
import {
  withNode,
  referenceTo,
  type CallSite,
  type CallContext,
  type Given,
  type Reference,
  type Tracer,
} from './reference.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isClass, isFunction, type FunctionNode, type Node } from '../../../../javascript/parse.ts';

/** Steps of one search: a project whose every name leads to every other would never end. */
const mostSteps = 1_000;
const deepest = 80;

/** Follows expressions through a project. What it cannot follow it gives back as it is: the end of that road. */
export function createTracer(files: readonly SourceFile[]): Tracer {
  const onTheWay = new Map<Node, Set<string>>();
  let depth = 0;
  let steps = 0;
  const trace = (ref: Reference): readonly Reference[] => {
    if (depth === 0) steps = 0;
    steps += 1;
    const key = ref.path.map(({ name }) => name).join('.');
    const keys = onTheWay.get(ref.node) ?? new Set();
    // A road that comes back to where it was leads nowhere new.
    if (depth >= deepest || steps > mostSteps || keys.has(key)) return [];
    onTheWay.set(ref.node, keys.add(key));
    depth += 1;
    try {
      return follow(whole, ref);
    } finally {
      depth -= 1;
      keys.delete(key);
    }
  };
  const known = new Map<Node, readonly Reference[]>();
  const plainly: Tracer['plainly'] = (file, node) => {
    const found = known.get(node) ?? trace(referenceTo(file, node));
    // Within another search it may have been cut short.
    if (depth === 0) known.set(node, found);
    return found;
  };
  const whole: Tracer = Object.assign(trace, { files, plainly, unbound: new Set<FunctionNode>() });
  return whole;
}

function follow(trace: Tracer, ref: Reference): readonly Reference[] {
  const { node } = ref;
  const go = (next: Node): readonly Reference[] => trace(withNode(ref, next));
  switch (node.type) {
    case 'Identifier':
    case 'JSXIdentifier':
      return resolveName(trace, ref, node.name);
    case 'ThisExpression':
      return resolveThis(trace, ref);
    case 'MemberExpression':
      return propertyNames(trace, ref).flatMap((name) => [
        ...trace(withNode(ref, node.object, [{ name, node }, ...ref.path])),
      ]);
    case 'LogicalExpression':
      if (node.operator === '&&') return go(node.right);
      return [...go(node.left), ...trace({ ...withNode(ref, node.right), isFallback: true })];
    case 'ConditionalExpression':
      return [...go(node.consequent), ...go(node.alternate)];
    case 'AssignmentExpression':
      return node.operator === '+=' ? [ref] : go(node.right);
    case 'SequenceExpression':
      return go(node.expressions.at(-1)!);
    case 'AwaitExpression':
      return go(node.argument);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'JSXExpressionContainer':
      return go(node.expression);
    case 'ImportExpression':
      return resolveModule(trace, ref, node.source);
    case 'CallExpression':
      return callResult(trace, ref);
    case 'NewExpression':
      return ref.path.length === 0 ? [ref] : instanceMember(trace, ref);
    default:
      return resolveMember(trace, ref);
  }
}

/** The property that a member expression names, or those that a computed one may. */
function propertyNames(trace: Tracer, ref: Reference): string[] {
  const { node } = ref;
  if (node.type !== 'MemberExpression') return [];
  const { property, computed } = node;
  if (!computed) return 'name' in property ? [property.name] : [];
  const names = trace(withNode(ref, property, [])).flatMap((one) =>
    one.node.type === 'Literal' ? [String(one.node.value)] : [],
  );
  return names.length > 0 ? names : [anyElement];
}

function resolveName(trace: Tracer, ref: Reference, name: string): readonly Reference[] {
  const givens = ref.file.scopes.sourcesOf(ref.node, name);
  if (givens === null) return name === 'undefined' ? [] : resolveGlobal(trace, ref, name);
  return givens.flatMap((one) => [...resolveSource(trace, ref, one)]);
}

/** `window.name`, where the pages' own code gives it a value. */
function resolveGlobal(trace: Tracer, ref: Reference, name: string): readonly Reference[] {
  const [step, ...rest] = ref.path;
  if (step === undefined || !/^(?:window|globalThis|self)$/.test(name)) return [ref];
  const given = callGraphOf(trace).globals.get(step.name) ?? [];
  const found = given.flatMap(({ node, file }) => [...trace({ ...ref, node, file, path: rest })]);
  return found.length > 0 ? found : [ref];
}

/** What a list’s own methods hand to the function that they are given: each of its elements. */
function callbackElements(
  trace: Tracer,
  ref: Reference,
  one: Extract<Given, { type: 'parameter' }>,
): readonly Reference[] {
  const call = ref.file.scopes.parentOf(one.fn);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || one.index > 0) return [];
  const { object, property } = call.callee;
  const isEach = 'name' in property && /^(?:map|forEach|flatMap|find|some|every)$/.test(property.name);
  const step = { name: anyElement, node: one.fn };
  return isEach ? trace(withNode(ref, object, [step, ...one.path, ...ref.path])) : [];
}

function resolveSource(trace: Tracer, ref: Reference, one: Given): readonly Reference[] {
  if (one.type === 'expression') return trace(withNode(ref, one.node, [...one.path, ...ref.path]));
  if (one.type === 'import') {
    const file = resolveImport(trace.files, { from: one.from, at: ref.file.path });
    if (file === null) return [ref];
    if (one.name === '*') return resolveFile(trace, ref, file);
    return resolveExport(trace, { file, name: one.name, rest: ref.path, base: ref });
  }
  const call = ref.context.get(one.fn);
  if (call === undefined) {
    const elements = callbackElements(trace, ref, one);
    if (elements.length > 0) return elements;
    trace.unbound.add(one.fn);
    return [ref];
  }
  const node = argumentAt(call, one.index);
  if (node === null) return [];
  const frame = new Map([...ref.context, ...call.context]);
  return trace({ ...ref, node, file: call.file, context: frame, path: [...one.path, ...ref.path] });
}

/** An element of JSX is the one argument of its component. */
function argumentAt({ node }: CallSite, index: number): Node | null {
  if (node.type === 'JSXElement') return index === 0 ? node : null;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const found = node.arguments[index];
  return found === undefined || found.type === 'SpreadElement' ? null : found;
}

function resolveModule(trace: Tracer, ref: Reference, source: Node): readonly Reference[] {
  if (source.type !== 'Literal') return [ref];
  const file = resolveImport(trace.files, { from: String(source.value), at: ref.file.path });
  return file === null ? [ref] : resolveFile(trace, ref, file);
}

function resolveFile(trace: Tracer, ref: Reference, file: SourceFile): readonly Reference[] {
  const [step, ...rest] = ref.path;
  return resolveExport(trace, { file, name: step?.name ?? 'default', rest, base: ref });
}

/** These give the text that they are called on, or all of it that counts. */
const passThroughMethods =
  /^(?:replace|replaceAll|trim|trimEnd|trimStart|toString|toLowerCase|normalize|valueOf|freeze|filter|slice|sort|reverse|flat)$/;

function callResult(trace: Tracer, ref: Reference): readonly Reference[] {
  const { node } = ref;
  if (node.type !== 'CallExpression') return [];
  const { callee } = node;
  const [first] = node.arguments;
  if (dottedName(callee) === 'require' && first !== undefined) return resolveModule(trace, ref, first);
  if (
    callee.type === 'MemberExpression' &&
    'name' in callee.property &&
    passThroughMethods.test(callee.property.name)
  ) {
    const of = callee.property.name === 'freeze' ? first : callee.object;
    return of === undefined ? [] : trace(withNode(ref, of));
  }
  const functions = trace(withNode(ref, callee, [])).filter((one) => isFunction(one.node));
  if (functions.length === 0) return libraryCallResult(trace, ref);
  return functions.flatMap((one) =>
    isFunction(one.node)
      ? returnValues(trace, {
          ...one,
          path: ref.path,
          context: contextWith(one.context, one.node, ref),
          isFallback: ref.isFallback,
        })
      : [],
  );
}

function contextWith(
  frame: CallContext,
  of: FunctionNode,
  { node, file, context: outer }: Reference,
): CallContext {
  return new Map([...frame, [of, { node, file, context: outer }]]);
}

function instanceMember(trace: Tracer, ref: Reference): readonly Reference[] {
  const { node } = ref;
  if (node.type !== 'NewExpression') return [];
  const [step, ...rest] = ref.path;
  if (dottedName(node.callee) === 'URL' && step?.name === 'href') return trace(withNode(ref, node, rest));
  const classes = trace(withNode(ref, node.callee, []));
  const found = classes.flatMap((one) => {
    if (!isClass(one.node)) return [];
    const start = constructorOf(one.node);
    const frame = start === null ? one.context : contextWith(one.context, start, ref);
    return classMembers(trace, {
      ref: { ...one, path: ref.path, context: frame },
      of: one.node,
      isStatic: false,
    });
  });
  return found.length > 0 ? found : [ref];
}

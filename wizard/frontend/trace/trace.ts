import { callsOf } from './calls.ts';
import { dotted, exported } from './exports.ts';
import { anyOfThem, constructorOf, fieldsOf, membersOf, ofThis, returned } from './members.ts';
import { handedBack } from './packages.ts';
import { resolveImport } from './resolve-import.ts';
import { at, refOf, type Call, type Frame, type Given, type Ref, type Trace } from './ref.ts';
import type { SourceFile } from './source.ts';
import { isClass, isFunction, type FunctionNode, type Node } from './syntax.ts';

/** Steps of one search: a project whose every name leads to every other would never end. */
const mostSteps = 1_000;
const deepest = 80;

/** Follows expressions through a project. What it cannot follow it gives back as it is: the end of that road. */
export function createTrace(files: readonly SourceFile[]): Trace {
  const onTheWay = new Map<Node, Set<string>>();
  let depth = 0;
  let steps = 0;
  const trace = (ref: Ref): readonly Ref[] => {
    if (depth === 0) steps = 0;
    steps += 1;
    const key = ref.path.map(({ name }) => name).join('.');
    const keys = onTheWay.get(ref.node) ?? new Set();
    // A road that comes back to where it was leads nowhere new.
    if (depth >= deepest || steps > mostSteps || keys.has(key)) return [];
    onTheWay.set(ref.node, keys.add(key));
    depth += 1;
    try {
      return followed(whole, ref);
    } finally {
      depth -= 1;
      keys.delete(key);
    }
  };
  const known = new Map<Node, readonly Ref[]>();
  const plainly: Trace['plainly'] = (file, node) => {
    const found = known.get(node) ?? trace(refOf(file, node));
    // Within another search it may have been cut short.
    if (depth === 0) known.set(node, found);
    return found;
  };
  const whole: Trace = Object.assign(trace, { files, plainly, unbound: new Set<FunctionNode>() });
  return whole;
}

function followed(trace: Trace, ref: Ref): readonly Ref[] {
  const { node } = ref;
  const go = (next: Node): readonly Ref[] => trace(at(ref, next));
  switch (node.type) {
    case 'Identifier':
    case 'JSXIdentifier':
      return named(trace, ref, node.name);
    case 'ThisExpression':
      return ofThis(trace, ref);
    case 'MemberExpression':
      return namesOf(trace, ref).flatMap((name) => [
        ...trace(at(ref, node.object, [{ name, node }, ...ref.path])),
      ]);
    case 'LogicalExpression':
      if (node.operator === '&&') return go(node.right);
      return [...go(node.left), ...trace({ ...at(ref, node.right), isFallback: true })];
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
      return ofModule(trace, ref, node.source);
    case 'CallExpression':
      return called(trace, ref);
    case 'NewExpression':
      return ref.path.length === 0 ? [ref] : instance(trace, ref);
    default:
      return membersOf(trace, ref);
  }
}

/** The property that a member expression names, or those that a computed one may. */
function namesOf(trace: Trace, ref: Ref): string[] {
  const { node } = ref;
  if (node.type !== 'MemberExpression') return [];
  const { property, computed } = node;
  if (!computed) return 'name' in property ? [property.name] : [];
  const names = trace(at(ref, property, [])).flatMap((one) =>
    one.node.type === 'Literal' ? [String(one.node.value)] : [],
  );
  return names.length > 0 ? names : [anyOfThem];
}

function named(trace: Trace, ref: Ref, name: string): readonly Ref[] {
  const givens = ref.file.scopes.givenTo(ref.node, name);
  if (givens === null) return name === 'undefined' ? [] : ofBrowser(trace, ref, name);
  return givens.flatMap((one) => [...given(trace, ref, one)]);
}

/** `window.name`, where the pages' own code gives it a value. */
function ofBrowser(trace: Trace, ref: Ref, name: string): readonly Ref[] {
  const [step, ...rest] = ref.path;
  if (step === undefined || !/^(?:window|globalThis|self)$/.test(name)) return [ref];
  const given = callsOf(trace).globals.get(step.name) ?? [];
  const found = given.flatMap(({ node, file }) => [...trace({ ...ref, node, file, path: rest })]);
  return found.length > 0 ? found : [ref];
}

/** What a list’s own methods hand to the function that they are given: each of its elements. */
function element(trace: Trace, ref: Ref, one: Extract<Given, { type: 'parameter' }>): readonly Ref[] {
  const call = ref.file.scopes.parentOf(one.of);
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || one.index > 0) return [];
  const { object, property } = call.callee;
  const isEach = 'name' in property && /^(?:map|forEach|flatMap|find|some|every)$/.test(property.name);
  const step = { name: anyOfThem, node: one.of };
  return isEach ? trace(at(ref, object, [step, ...one.path, ...ref.path])) : [];
}

function given(trace: Trace, ref: Ref, one: Given): readonly Ref[] {
  if (one.type === 'expression') return trace(at(ref, one.node, [...one.path, ...ref.path]));
  if (one.type === 'import') {
    const file = resolveImport(trace.files, { from: one.from, at: ref.file.path });
    if (file === null) return [ref];
    if (one.name === '*') return ofFile(trace, ref, file);
    return exported(trace, { file, name: one.name, rest: ref.path, base: ref });
  }
  const call = ref.frame.get(one.of);
  if (call === undefined) {
    const elements = element(trace, ref, one);
    if (elements.length > 0) return elements;
    trace.unbound.add(one.of);
    return [ref];
  }
  const node = argumentOf(call, one.index);
  if (node === null) return [];
  const frame = new Map([...ref.frame, ...call.frame]);
  return trace({ ...ref, node, file: call.file, frame, path: [...one.path, ...ref.path] });
}

/** An element of JSX is the one argument of its component. */
function argumentOf({ node }: Call, index: number): Node | null {
  if (node.type === 'JSXElement') return index === 0 ? node : null;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const found = node.arguments[index];
  return found === undefined || found.type === 'SpreadElement' ? null : found;
}

function ofModule(trace: Trace, ref: Ref, source: Node): readonly Ref[] {
  if (source.type !== 'Literal') return [ref];
  const file = resolveImport(trace.files, { from: String(source.value), at: ref.file.path });
  return file === null ? [ref] : ofFile(trace, ref, file);
}

function ofFile(trace: Trace, ref: Ref, file: SourceFile): readonly Ref[] {
  const [step, ...rest] = ref.path;
  return exported(trace, { file, name: step?.name ?? 'default', rest, base: ref });
}

/** These give the text that they are called on, or all of it that counts. */
const passing =
  /^(?:replace|replaceAll|trim|trimEnd|trimStart|toString|toLowerCase|normalize|valueOf|freeze|filter|slice|sort|reverse|flat)$/;

function called(trace: Trace, ref: Ref): readonly Ref[] {
  const { node } = ref;
  if (node.type !== 'CallExpression') return [];
  const { callee } = node;
  const [first] = node.arguments;
  if (dotted(callee) === 'require' && first !== undefined) return ofModule(trace, ref, first);
  if (callee.type === 'MemberExpression' && 'name' in callee.property && passing.test(callee.property.name)) {
    const of = callee.property.name === 'freeze' ? first : callee.object;
    return of === undefined ? [] : trace(at(ref, of));
  }
  const functions = trace(at(ref, callee, [])).filter((one) => isFunction(one.node));
  if (functions.length === 0) return handedBack(trace, ref);
  return functions.flatMap((one) =>
    isFunction(one.node)
      ? returned(trace, {
          ...one,
          path: ref.path,
          frame: framed(one.frame, one.node, ref),
          isFallback: ref.isFallback,
        })
      : [],
  );
}

function framed(frame: Frame, of: FunctionNode, { node, file, frame: outer }: Ref): Frame {
  return new Map([...frame, [of, { node, file, frame: outer }]]);
}

function instance(trace: Trace, ref: Ref): readonly Ref[] {
  const { node } = ref;
  if (node.type !== 'NewExpression') return [];
  const [step, ...rest] = ref.path;
  if (dotted(node.callee) === 'URL' && step?.name === 'href') return trace(at(ref, node, rest));
  const classes = trace(at(ref, node.callee, []));
  const found = classes.flatMap((one) => {
    if (!isClass(one.node)) return [];
    const start = constructorOf(one.node);
    const frame = start === null ? one.frame : framed(one.frame, start, ref);
    return fieldsOf(trace, { ref: { ...one, path: ref.path, frame }, of: one.node, isStatic: false });
  });
  return found.length > 0 ? found : [ref];
}

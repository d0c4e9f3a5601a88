import { functionAround } from '../../../../javascript/function-around.ts';
import { calleeName, dottedName, isElementFactory } from '../../../../javascript/names.ts';
import { isFunction, type FunctionNode, type Node } from '../../../../javascript/syntax-tree.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { referenceTo } from '../trace/reference.ts';
import { followConstruction } from './constructed-values.ts';
import { followPassedFunction, resultOfCall } from './passed-functions.ts';
import { contextOfProvider, followProvider } from './provided-values.ts';
import { bindParameter, followOwner } from './bound-values.ts';
import { elementOf, isWhole, movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

/** Calls that only look at what they are given. */
const harmlessCalls =
  /^(?:console\.\w+|JSON\.stringify|Array\.isArray|Object\.(?:keys|entries)|Boolean|Number|parseInt|parseFloat|isNaN|expect|(?:window\.)?alert|(?:local|session)Storage\.\w+|(?:.*\.)?(?:has|includes|track|warn|set\w*Id|clearTimeout|setTimeout))$/;
const wrappers = /^(?:Array\.from|Object\.(?:freeze|values)|structuredClone|Promise\.(?:resolve|all))$/;
const firstOfList = /^Promise\.(?:race|any)$/;

/** Follows a value that is an argument of a call. */
export function followArgument(flow: ReplyFlow, value: ReplyValue, call: Call, index: number): void {
  const { file, part } = value;
  const name = dottedName(call.callee);
  const method = calleeName(call.callee);
  const [first] = call.arguments;
  // The dependencies of a hook are only compared.
  if (/^use[A-Z]/.test(method) && index > 0) return;
  if (isElementFactory(call.callee)) return followProperties(flow, value, call, index);
  if (name === 'JSON.parse' && isWhole(value) && part.type === 'text') {
    flow.follow({ ...value, node: call, part: { type: 'json', isStreamed: part.isStreamed, path: [] } });
    return;
  }
  if (method === 'decode' && part.type === 'bytes') {
    flow.follow({ ...value, node: call, part: { type: 'text', isStreamed: true } });
    return;
  }
  if (name === 'Object.assign') {
    flow.follow(movedTo(value, call));
    if (first !== undefined) followOwner(flow, first, value);
    return;
  }
  if (wrappers.test(name)) return flow.follow(movedTo(value, call));
  if (firstOfList.test(name)) {
    const element = elementOf(value, call);
    return element === null ? undefined : flow.follow(element);
  }
  if (followPassedFunction(flow, value, { call, name: method, index })) return;
  if (/^(?:push|unshift)$/.test(method) && call.callee.type === 'MemberExpression')
    return followOwner(flow, call.callee.object, { ...value, inside: ['*', ...value.inside] });
  // `setMessages((messages) => …)` sets what the function returns.
  const state = stateOf(flow, resultOfCall(value, call) ?? value, call.callee);
  if (state !== null) return flow.follow(state);
  if (index === 0 && followAction(flow, value, call.callee)) return;
  if (name === 'String' || name === 'encodeURIComponent')
    return recordText(flow, value, movedTo(value, call));
  if (harmlessCalls.test(name)) return;
  if (call.type === 'NewExpression' && followConstruction(flow, value, { call, index })) return;
  const called = calledFunctions(flow, value.file, call);
  for (const { fn, file: owner } of called) {
    if (index < fn.params.length) bindParameter(flow, { fn, file: owner, index }, value);
  }
  if (called.length > 0) return;
  const promise = settledPromise(value.file, call);
  if (promise !== null) return flow.follow(movedTo(value, promise));
  if (isWhole(value) && part.type === 'json' && part.path.length > 0)
    return recordText(flow, value, movedTo(value, call));
  flow.record({ part, kind: 'escape', file, node: call });
}

/** A field that a package gets: Markdown to HTML, mostly. Its result shows the same. */
function recordText(flow: ReplyFlow, value: ReplyValue, result: ReplyValue): void {
  if (isWhole(value)) flow.record({ part: value.part, kind: 'text', file: value.file, node: value.node });
  flow.follow(result);
}

/** React's state that a call sets: `setAnswer(value)`; null for any other call. */
export function stateOf(flow: ReplyFlow, value: ReplyValue, callee: Node): ReplyValue | null {
  for (const { node, file, path } of flow.tracer.traceNode(value.file, callee)) {
    const isSetter =
      node.type === 'CallExpression' && calleeName(node.callee) === 'useState' && path[0]?.name === '1';
    if (isSetter) return { ...value, file, node, inside: ['0', ...value.inside] };
  }
  return null;
}

/** `dispatch(action)` of `useReducer`: the reducer gets the action. */
function followAction(flow: ReplyFlow, value: ReplyValue, callee: Node): boolean {
  const reducers = flow.tracer.traceNode(value.file, callee).flatMap(({ node, file, path }) => {
    if (node.type !== 'CallExpression' || calleeName(node.callee) !== 'useReducer') return [];
    const [reducer] = node.arguments;
    return path[0]?.name === '1' && reducer !== undefined ? flow.tracer.traceNode(file, reducer) : [];
  });
  for (const { node, file } of reducers)
    if (isFunction(node)) bindParameter(flow, { fn: node, file, index: 1 }, value);
  return reducers.length > 0;
}

type CalledFunction = { fn: FunctionNode; file: SourceFile };

/** The functions that a call runs; one that is passed as a parameter, for every caller. */
export function calledFunctions(flow: ReplyFlow, file: SourceFile, call: Call): CalledFunction[] {
  const functionsIn = (values: ReturnType<ReplyFlow['tracer']>): CalledFunction[] =>
    values.flatMap(({ node, file: owner }) => (isFunction(node) ? [{ fn: node, file: owner }] : []));
  const direct = functionsIn(flow.tracer.traceNode(file, call.callee));
  if (direct.length > 0) return direct;
  const around = functionAround(file, call);
  const owners = [around, around === null ? null : functionAround(file, around)].filter((fn) => fn !== null);
  return owners.flatMap((fn) => {
    const own = flow.context.get(fn);
    const sites = own === undefined ? flow.tracer.callGraph().callersOf(fn) : [own];
    return sites.flatMap((site) =>
      functionsIn(
        flow.tracer({
          ...referenceTo(file, call.callee),
          context: new Map([...flow.context, ...site.context, [fn, site]]),
        }),
      ),
    );
  });
}

/** The `new Promise` that a call of its `resolve` settles. */
function settledPromise(file: SourceFile, call: Call): Node | null {
  if (call.callee.type !== 'Identifier') return null;
  const [source] = file.scopes.sourcesOf(call.callee, call.callee.name) ?? [];
  if (source?.type !== 'parameter' || source.index !== 0) return null;
  const parent = file.scopes.parentOf(source.fn);
  const isPromise = parent?.type === 'NewExpression' && dottedName(parent.callee) === 'Promise';
  return isPromise ? parent : null;
}

function followProperties(flow: ReplyFlow, value: ReplyValue, call: Call, index: number): void {
  const [component] = call.arguments;
  if (component === undefined || index === 0) return;
  if (index > 1) {
    if (isWhole(value)) flow.record({ part: value.part, kind: 'text', file: value.file, node: call });
    return;
  }
  followIntoComponent(flow, value, component);
}

/** Follows the properties of an element, `value.inside` of which names one, into its component. */
export function followIntoComponent(flow: ReplyFlow, value: ReplyValue, component: Node): void {
  const [property, ...rest] = value.inside;
  const context = contextOfProvider(component);
  if (context !== null) return followProvider(flow, value, context);
  const functions = flow.tracer
    .traceNode(value.file, component)
    .flatMap(({ node, file }) => (isFunction(node) ? [{ fn: node, file }] : []));
  for (const { fn, file } of functions) bindParameter(flow, { fn, file, index: 0 }, value);
  if (functions.length > 0 || property === undefined) return;
  const isShown = rest.every((name) => name === '*' || /^\d+$/.test(name));
  if (/^(?:key|ref|on[A-Z]\w*)$/.test(property)) return;
  flow.record({
    part: value.part,
    kind: isShown ? 'text' : 'escape',
    file: value.file,
    node: value.node,
  });
}

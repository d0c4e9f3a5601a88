import { anyElement } from '../../../../javascript/scopes.ts';
import { propertyKey } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode, Node } from '../../../../javascript/syntax-tree.ts';
import { bindPattern, followThis } from './bound-values.ts';
import { movedTo, type ReplyFlow, type ReplyValue } from './reply-value.ts';

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

/** Calls whose result is the function that they get, or one that returns the same. */
const functionWrappers =
  /^(?:useCallback|useEvent|useEffectEvent|memo|forwardRef|observer|bind|debounce|throttle|once|useDebouncedCallback|useDebounce)$/;
/** Calls whose result is what the function returns. */
const callers = /^(?:then|catch|useMemo|startTransition|of|resolve)$/;
/** Calls that take no notice of what the function returns. */
const listeners =
  /^(?:forEach|filter|some|every|find|sort|reduce|use(?:Layout)?Effect|useImperativeHandle|addEventListener|on|setTimeout|setInterval|requestAnimationFrame|queueMicrotask)$/;
/** Hooks of React Query, SWR and the like, that return `{ data }`. */
const dataHooks = /^use(?:Mutation|Query|SWR|SWRMutation|SWRImmutable|LazyQuery|SuspenseQuery)$/;

/**
 * Follows a function that returns a part of the reply as a value: to the components, hooks and objects that it is passed
 * to, and so to where they call it.
 */
export function followFunction(
  flow: ReplyFlow,
  { part, inside }: ReplyValue,
  fn: FunctionNode,
  file: SourceFile,
): void {
  // A function that returns itself would go on for ever.
  if (part.type === 'function' && part.returned.part.type === 'function') return;
  const value: ReplyValue = {
    file,
    node: fn,
    inside: [],
    part: { type: 'function', returned: { part, inside } },
  };
  const owner = file.scopes.parentOf(fn);
  if (fn.type === 'FunctionDeclaration' && fn.id !== null) return bindPattern(flow, fn.id, value);
  if (owner?.type === 'MethodDefinition')
    return followThis(flow, owner, { ...value, inside: [propertyKey(owner) ?? anyElement] });
  flow.follow(value);
}

/** Follows a value that a function returns to every caller, and to those that get the function as a value. */
export function followReturn(flow: ReplyFlow, value: ReplyValue, fn: FunctionNode, file: SourceFile): void {
  const own = flow.context.get(fn);
  const sites = own === undefined ? flow.tracer.callGraph().callersOf(fn) : [own];
  for (const site of sites)
    if (site.node.type === 'CallExpression' || site.node.type === 'NewExpression')
      flow.follow({ ...value, node: site.node, file: site.file });
  if (own === undefined) followFunction(flow, value, fn, file);
}

/** What a call of a function gives, at the node of the call. */
export function resultOfCall(value: ReplyValue, call: Node): ReplyValue | null {
  const { part, file } = value;
  return part.type === 'function' ? { file, node: call, ...part.returned } : null;
}

/** `ask.bind(this)`, `ask.call(this, question)`. False for any other method. */
export function followFunctionMethod(flow: ReplyFlow, value: ReplyValue, name: string, call: Call): boolean {
  const result = /^(?:call|apply)$/.test(name) ? resultOfCall(value, call) : null;
  if (name === 'bind') flow.follow(movedTo(value, call));
  else if (result !== null) flow.follow(result);
  return name === 'bind' || result !== null;
}

/** Follows a function that a method or a package gets. False where it is unknown what becomes of it. */
export function followPassedFunction(
  flow: ReplyFlow,
  value: ReplyValue,
  { call, name, index }: { call: Call; name: string; index: number },
): boolean {
  const result = resultOfCall(value, call);
  if (result === null) return false;
  const [member] = value.inside;
  if (dataHooks.test(name) && (member === undefined || /^(?:mutation|query)Fn$/.test(member))) {
    flow.follow(movedTo(result, call, ['data', ...result.inside]));
    return true;
  }
  if (member !== undefined) return false;
  if (listeners.test(name)) return true;
  if (name === 'useReducer' && index === 0) {
    // What a reducer returns is the state.
    flow.follow(movedTo(result, call, ['0', ...result.inside]));
    return true;
  }
  if (functionWrappers.test(name)) flow.follow(movedTo(value, call));
  else if (callers.test(name)) flow.follow(result);
  else if (/^(?:map|flatMap)$/.test(name)) flow.follow(movedTo(result, call, [anyElement, ...result.inside]));
  else return false;
  return true;
}

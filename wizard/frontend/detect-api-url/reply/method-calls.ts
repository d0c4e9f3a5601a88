import { calleeName, dottedName } from '../../../../javascript/names.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import { bindParameter } from './bound-values.ts';
import { followFunctionMethod } from './passed-functions.ts';
import { isInErrorBranch } from './error-branch.ts';
import {
  decoded,
  elementOf,
  isWhole,
  movedTo,
  type ReplyFlow,
  type ReplyPart,
  type ReplyValue,
} from './reply-value.ts';

type Call = Extract<Node, { type: 'CallExpression' }>;

const stringMethods =
  /^(?:trim|trimEnd|trimStart|split|replace|replaceAll|toString|toLowerCase|toUpperCase|substring|substr|match|charAt|startsWith|endsWith|indexOf|padEnd|normalize|concat|repeat|localeCompare|codePointAt|charCodeAt|matchAll|search|lastIndexOf|toFixed)$/;
const elementCallbacks =
  /^(?:map|flatMap|forEach|filter|find|findLast|some|every|findIndex|sort|toSorted|reduce)$/;
const sameListMethods = /^(?:filter|slice|sort|toSorted|reverse|toReversed|concat|flat)$/;

/** Follows a call of a method of the value: `response.json()`, `sources.map(…)`. False where it is no such method. */
export function followMethod(flow: ReplyFlow, reply: ReplyValue, name: string, call: Call): boolean {
  const value = stringMethods.test(name) ? decoded(reply) : reply;
  const [callback] = call.arguments;
  if (name === 'then' || name === 'done' || name === 'success' || name === 'finally' || name === 'catch')
    return followPromise(flow, value, name, call);
  if (isWhole(value) && followReplyMethod(flow, value, name, call)) return true;
  const isList = value.inside[0] === anyElement || (isWhole(value) && value.part.type === 'json');
  const isLines = isWhole(value) && value.part.type === 'text';
  if (!isList && !isLines) return false;
  if (elementCallbacks.test(name) && (isList || isLines)) {
    if (isWhole(value)) recordList(flow, value, call);
    const element = elementOf(value, call);
    if (element !== null && callback !== undefined) passElement(flow, element, callback, name);
    if (sameListMethods.test(name)) flow.follow(movedTo(value, call));
    if (/^find(?:Last)?$/.test(name) && element !== null) flow.follow(element);
    return true;
  }
  // `list[Symbol.iterator]()` and its `next()`: what a build makes of a loop over a list
  if (isIteratorOf(call)) {
    flow.follow(movedTo(value, call));
    return true;
  }
  if (name === 'next') {
    const element = elementOf(value, call);
    if (element !== null) flow.follow(movedTo(element, call, ['value', ...element.inside]));
    return true;
  }
  if (/^(?:at|pop|shift)$/.test(name)) {
    if (isWhole(value)) recordList(flow, value, call);
    const element = elementOf(value, call);
    if (element !== null) flow.follow(element);
    return true;
  }
  if (name === 'join') {
    const element = elementOf(value, call);
    if (isWhole(value)) recordList(flow, value, call);
    if (element !== null && isWhole(element))
      flow.record({ part: element.part, kind: 'text', file: value.file, node: call });
    return true;
  }
  if (stringMethods.test(name) || name === 'slice') {
    if (isWhole(value) && name !== 'slice' && !isTest(name))
      flow.record({ part: value.part, kind: 'text', file: value.file, node: call });
    if (isWhole(value) && /^(?:starts|ends)With$/.test(name)) recordTag(flow, value, call);
    if (/^(?:split|match|matchAll)$/.test(name))
      flow.follow(movedTo(value, call, [anyElement, ...value.inside]));
    else if (!isTest(name)) flow.follow(movedTo(value, call));
    return true;
  }
  if (sameListMethods.test(name)) {
    flow.follow(movedTo(value, call));
    return true;
  }
  return /^(?:includes|push|unshift|keys|entries|values|hasOwnProperty)$/.test(name);
}

const isIteratorOf = ({ callee }: Call): boolean =>
  callee.type === 'MemberExpression' && callee.computed && dottedName(callee.property) === 'Symbol.iterator';

const isTest = (name: string): boolean =>
  /^(?:startsWith|endsWith|indexOf|lastIndexOf|search|localeCompare)$/.test(name);

function recordList(flow: ReplyFlow, value: ReplyValue, node: Node): void {
  flow.record({ part: value.part, kind: 'list', file: value.file, node });
}

/** `line.startsWith('data: ')`. */
function recordTag(flow: ReplyFlow, value: ReplyValue, call: Call): void {
  const [argument] = call.arguments;
  if (argument?.type === 'Literal')
    flow.record({
      part: value.part,
      kind: 'tag',
      literal: String(argument.value),
      file: value.file,
      node: call,
    });
}

function followPromise(flow: ReplyFlow, value: ReplyValue, name: string, call: Call): boolean {
  const [callback] = call.arguments;
  if (/^(?:finally|catch)$/.test(name)) flow.follow(movedTo(value, call));
  else if (callback !== undefined) passElement(flow, value, callback, name);
  return true;
}

/** Passes a value to a callback, which may be a function of the project by name. */
function passElement(flow: ReplyFlow, value: ReplyValue, callback: Node, name: string): void {
  const index = name === 'reduce' ? 1 : 0;
  if (isFunction(callback)) {
    bindParameter(flow, { fn: callback, file: value.file, index }, value);
    return;
  }
  for (const { node, file } of flow.tracer.traceNode(value.file, callback))
    if (isFunction(node)) bindParameter(flow, { fn: node, file, index }, value);
}

function followReplyMethod(flow: ReplyFlow, value: ReplyValue, name: string, call: Call): boolean {
  if (value.part.type === 'function') return followFunctionMethod(flow, value, name, call);
  const part = resultOf(value.part, name, call);
  if (part === null) return false;
  if (!isInErrorBranch(value.file, call)) flow.follow({ ...value, node: call, part });
  return true;
}

function resultOf(part: ReplyPart, name: string, call: Call): ReplyPart | null {
  if (part.type === 'response') {
    if (name === 'json') return { type: 'json', isStreamed: false, path: [] };
    if (name === 'text') return { type: 'text', isStreamed: false };
    return name === 'clone' ? part : null;
  }
  if (part.type === 'body') {
    if (name === 'getReader') return { ...part, type: 'reader' };
    if (name === 'pipeThrough') return { ...part, holds: holdsAfter(call) ?? part.holds };
    return /^(?:tee|values)$/.test(name) ? part : null;
  }
  return part.type === 'reader' && name === 'read' ? { ...part, type: 'chunk' } : null;
}

/** What a stream holds behind `pipeThrough(new TextDecoderStream())`. */
function holdsAfter({ arguments: [transform] }: Call): 'text' | 'events' | null {
  const name = transform?.type === 'NewExpression' ? calleeName(transform.callee) : '';
  if (name === 'TextDecoderStream') return 'text';
  return name === 'EventSourceParserStream' ? 'events' : null;
}

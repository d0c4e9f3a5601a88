import { calleeName, dottedName } from '../../../../javascript/names.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { callsOnName } from './calls-on-name.ts';
import { withNode, type Reference, type Tracer } from '../trace/reference.ts';

/** Whose call it is: that decides where the body goes, and how the reply comes back. */
export type RequestStyle = 'fetch' | 'event-source' | 'ky' | 'ofetch' | 'axios' | 'jquery' | 'xhr' | 'other';

/** The parts of a call that sends a request. */
export type RequestParts = {
  style: RequestStyle;
  /** The method that the call's own name or first argument gives; null where the options may. */
  method: string | null;
  /** Method, headers, credentials, and in most styles the body. */
  options: Reference | null;
  /** A body that is an argument of its own. */
  data: Reference | null;
  /** Calls that set one header each: `xhr.setRequestHeader(name, value)`. */
  headerCalls: readonly CallNode[];
  call: Reference;
};

type CallNode = Extract<Node, { type: 'CallExpression' }>;

/** Takes the call of a request apart. The reference is the call, with the calls in which it is made. */
export function requestParts(tracer: Tracer, call: Reference): RequestParts {
  const other: RequestParts = {
    style: 'other',
    method: null,
    options: null,
    data: null,
    headerCalls: [],
    call,
  };
  const { node } = call;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return other;
  const argument = (index: number): Reference | null => {
    const value = node.arguments[index];
    return value === undefined ? null : withNode(call, value, []);
  };
  const name = calleeName(node.callee);
  const isOptionsFirst = node.arguments[0]?.type === 'ObjectExpression';
  const options = argument(isOptionsFirst ? 0 : 1);
  if (node.type === 'NewExpression')
    return name === 'Request' ? { ...other, style: 'fetch', options } : other;
  const style = styleOf(tracer, call, node.callee);
  if (style === 'xhr') return { ...other, ...xhrParts(call, node) };
  if (node.callee.type !== 'MemberExpression' || name === 'request' || name === 'ajax')
    return { ...other, style, options };
  if (!/^(?:get|post|put|patch|delete|postForm)$/.test(name)) return { ...other, style, options };
  const method = name.replace('postForm', 'post').toUpperCase();
  const hasData = /^(?:post|put|patch|postForm)$/.test(name) && /^(?:axios|jquery)$/.test(style);
  return hasData
    ? { ...other, style, method, data: argument(1), options: style === 'axios' ? argument(2) : null }
    : { ...other, style, method, options: argument(1) };
}

/** `xhr.open(method, url)`, and what else is called on the same XMLHttpRequest. */
function xhrParts(call: Reference, { callee, arguments: [first] }: CallNode): Partial<RequestParts> {
  const object = callee.type === 'MemberExpression' ? callee.object : null;
  const calls = (methods: RegExp): CallNode[] =>
    object?.type === 'Identifier' ? callsOnName(call.file, object, methods) : [];
  const [body] = calls(/^send$/).flatMap((sending) => sending.arguments.slice(0, 1));
  return {
    style: 'xhr',
    method: first?.type === 'Literal' ? String(first.value) : null,
    data: body === undefined ? null : withNode(call, body, []),
    headerCalls: calls(/^setRequestHeader$/),
  };
}

const fetchFunctions = /^(?:fetch|fetchWithTimeout|fetchWithRetry|sendBeacon)$/;

function styleOf(tracer: Tracer, call: Reference, callee: Node): RequestStyle {
  const name = calleeName(callee);
  const owner = callee.type === 'MemberExpression' ? dottedName(callee.object) : name;
  if (name === 'open') return 'xhr';
  if (name === 'fetchEventSource') return 'event-source';
  if (fetchFunctions.test(name)) return 'fetch';
  if (/^(?:\$|jQuery)$/.test(owner)) return 'jquery';
  const library = callee.type === 'MemberExpression' ? createdBy(tracer, call, callee.object) : owner;
  if (/^(?:ky|got)$/.test(library)) return 'ky';
  if (/^(?:ofetch|\$fetch)$/.test(library)) return 'ofetch';
  return /^axios$/i.test(library) ? 'axios' : 'other';
}

/** `axios` of a client that `axios.create(…)` returned, and of `axios` itself. */
function createdBy(tracer: Tracer, call: Reference, client: Node): string {
  for (const { node, file } of tracer(withNode(call, client, []))) {
    const created = node.type === 'CallExpression' ? node.callee : node;
    const owner = created.type === 'MemberExpression' ? created.object : created;
    const name = dottedName(owner);
    const [source] = owner.type === 'Identifier' ? (file.scopes.sourcesOf(owner, owner.name) ?? []) : [];
    if (source?.type === 'import')
      return /^axios(?:$|\/)/.test(source.specifier) ? 'axios' : source.specifier;
    if (name !== '') return name;
  }
  return dottedName(client);
}

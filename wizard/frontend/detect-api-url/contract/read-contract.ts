import { locationAt, type SourceFile, type SourceLocation } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import type { ChatContract } from '../../../model/chat-contract.ts';
import { readReply } from '../reply/read-reply.ts';
import { evaluateInCalls } from '../trace/evaluate-in-calls.ts';
import { referenceTo, withNode, type CallContext, type Reference, type Tracer } from '../trace/reference.ts';
import { fieldsWithRoles } from './field-roles.ts';
import { requestBodies, type RequestBody } from './request-body.ts';
import { literalOf, requestHeaders, type RequestHeaders } from './request-headers.ts';
import { requestParts, type RequestParts } from './request-parts.ts';

/** A call that sends a request, in the calls of its project that lead to it. */
export type RequestInCall = { file: SourceFile; node: Node; context: CallContext };

/** What a request sends: its method, and its body where one is visible. */
export type SentRequest = {
  call: Reference;
  parts: RequestParts;
  /** Null where the code does not show it. */
  method: string | null;
  body: RequestBody | null;
};

/** What a request sends, once for every caller that gives it another body. */
export function sentRequests(tracer: Tracer, { file, node, context }: RequestInCall): SentRequest[] {
  const reference = { ...referenceTo(file, node), context };
  return evaluateInCalls(tracer, reference, (at) => {
    const bodies = requestBodies(tracer, requestParts(tracer, at));
    return bodies.length > 0 ? bodies : [null];
  }).map(({ value: body, context: own }) => {
    const call = { ...reference, context: own };
    const parts = requestParts(tracer, call);
    return { call, parts, method: methodOf(tracer, parts), body };
  });
}

/** Null where the code does not show it. */
function methodOf(tracer: Tracer, { method, options, style }: RequestParts): string | null {
  if (method !== null) return method.toUpperCase();
  if (options === null) return 'GET';
  const at = (name: string): Reference => withNode(options, options.node, [{ name, node: options.node }]);
  const option = style === 'jquery' && tracer(at('method')).length === 0 ? at('type') : at('method');
  if (tracer(option).length === 0) return 'GET';
  return literalOf(tracer, option)?.toUpperCase() ?? null;
}

/** The contract of a request to a path, and the lines that show it; null where its body is not visible. */
export function readContract(
  tracer: Tracer,
  request: SentRequest,
  path: string,
): { contract: ChatContract; places: readonly SourceLocation[] } | null {
  const { call, parts, method, body } = request;
  if (parts.style === 'other' || method === null || (body === null && method !== 'GET')) return null;
  const headers = requestHeaders(tracer, parts);
  const fields = body === null ? [] : fieldsWithRoles(tracer, body.entries);
  const asksForStream =
    (headers.values['accept'] ?? '').includes('event-stream') ||
    fields.some(({ key, value }) => /^stream(?:ing)?$/.test(key) && value === true);
  const { reply, places } = readReply(tracer, { call, parts, asksForStream });
  return {
    contract: {
      path,
      method,
      contentType: contentTypeOf(parts, headers, body),
      body: fields,
      headers: headers.values,
      credentials: credentialsOf(tracer, parts),
      reply,
    },
    places: [
      locationAt(call.file, call.node.start),
      ...(body === null ? [] : [locationAt(body.place.file, body.place.node.start)]),
      ...places,
    ],
  };
}

function contentTypeOf(
  { style, options }: RequestParts,
  { values, isComplete }: RequestHeaders,
  body: RequestBody | null,
): ChatContract['contentType'] {
  const header = values['content-type'];
  if (typeof header === 'string') {
    if (/json/i.test(header)) return 'json';
    return /form/i.test(header) ? 'form' : /^text\//i.test(header) ? 'text' : 'unknown';
  }
  if (header === null || !isComplete) return 'unknown';
  if (body?.type === 'form') return 'form';
  if (style === 'jquery')
    return options !== null &&
      /application\/json/.test(options.file.text.slice(options.node.start, options.node.end))
      ? 'json'
      : 'form';
  const hasOwnType = /^(?:axios|ky|ofetch)$/.test(style) && body !== null;
  return hasOwnType ? 'json' : 'text';
}

function credentialsOf(tracer: Tracer, { options, style }: RequestParts): ChatContract['credentials'] {
  if (options === null) return 'same-origin';
  const at = (name: string): Reference => withNode(options, options.node, [{ name, node: options.node }]);
  if (style === 'axios' || style === 'jquery') {
    const isTrue = tracer(at('withCredentials')).some(({ node }) => isTrueLiteral(node));
    return isTrue ? 'include' : 'same-origin';
  }
  const value = literalOf(tracer, at('credentials'));
  return value === 'include' || value === 'omit' ? value : 'same-origin';
}

const isTrueLiteral = (node: Node): boolean =>
  (node.type === 'Literal' && node.value === true) ||
  (node.type === 'UnaryExpression' &&
    node.operator === '!' &&
    'value' in node.argument &&
    node.argument.value === 0);

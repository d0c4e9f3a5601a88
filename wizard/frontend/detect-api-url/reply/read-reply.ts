import { locationAt, type SourceLocation } from '../../../../javascript/source-file.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import type { ReplyReading } from '../../../model/chat-contract.ts';
import type { RequestParts } from '../contract/request-parts.ts';
import { withNode, type Reference, type Tracer } from '../trace/reference.ts';
import { bindParameter } from './bound-values.ts';
import { followReply } from './follow-reply.ts';
import { jsonReading } from './reading/json-reading.ts';
import type { ReplyFlow, ReplyPart, ReplyUse, ReplyValue } from './reply-value.ts';
import { returnsJson } from './response-interceptor.ts';
import { streamForm } from './reading/stream-form.ts';

/** How the code reads the reply to a request, and the lines that do. */
export function readReply(
  tracer: Tracer,
  { call, parts, asksForStream }: { call: Reference; parts: RequestParts; asksForStream: boolean },
): { reply: ReplyReading; places: readonly SourceLocation[] } {
  const { uses, isComplete } = followReply(tracer, call.context, (flow) => begin(flow, call, parts));
  const places = placesOf(uses);
  if (!isComplete) return { reply: unknownReading('the reply goes through too much code to follow'), places };
  const form = streamForm(uses, { isNamed: parts.style === 'event-source' });
  const json = jsonReading(uses);
  // A client that reads both gets what it asks for.
  if (form !== null && (asksForStream || json.type !== 'json')) return { reply: form, places };
  return { reply: json, places };
}

const unknownReading = (why: string): ReplyReading => ({ type: 'unknown', why });

/** The lines that read the text and the sources. */
function placesOf(uses: readonly ReplyUse[]): SourceLocation[] {
  const fields = uses.filter(({ kind, part }) => kind === 'field' && part.type === 'json');
  const lines = fields.map(({ file, node }) => locationAt(file, node.start));
  return [...new Map(lines.map((line) => [`${line.file}:${line.line}`, line])).values()].slice(0, 6);
}

/** Follows the reply from where the code first gets it. */
function begin(flow: ReplyFlow, call: Reference, { style, options }: RequestParts): void {
  const { node, file } = call;
  const start = (part: ReplyPart, at: Node = node): ReplyValue => ({ file, node: at, inside: [], part });
  const json: ReplyPart = { type: 'json', isStreamed: false, path: [] };
  switch (style) {
    case 'fetch':
    case 'ky':
      return flow.follow(start({ type: 'response' }));
    case 'ofetch':
      return flow.follow(start(json));
    case 'axios':
      return flow.follow(start(returnsJson(flow.tracer, call) ? json : { type: 'axios-response' }));
    case 'jquery': {
      flow.follow(start(json));
      followCallbacks(flow, { call, options, name: 'success' }, start(json));
      return;
    }
    case 'event-source':
      return followCallbacks(flow, { call, options, name: 'onmessage' }, start({ type: 'server-event' }));
    case 'xhr':
      for (const use of requestUses(call)) flow.follow(start({ type: 'xhr' }, use));
      return;
    case 'other':
      return;
    default:
      style satisfies never;
  }
}

/** Follows a value into a function among the options, or the last argument of a call. */
function followCallbacks(
  flow: ReplyFlow,
  { call, options, name }: { call: Reference; options: Reference | null; name: string },
  value: ReplyValue,
): void {
  const { node } = call;
  const last = node.type === 'CallExpression' ? node.arguments.at(-1) : undefined;
  const fromOptions = options === null ? [] : flow.tracer(withNode(options, options.node, [{ name, node }]));
  const passed = last === undefined ? [] : flow.tracer(withNode(call, last, []));
  for (const { node: fn, file } of [...fromOptions, ...passed])
    if (isFunction(fn)) bindParameter(flow, { fn, file, index: 0 }, value);
}

/** Every use of the XMLHttpRequest that a call of its `open` names. */
function requestUses({ node, file }: Reference): readonly Node[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
  const { object } = node.callee;
  return object.type === 'Identifier' ? file.scopes.usesOf(object) : [];
}

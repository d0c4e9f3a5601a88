import { dottedName } from '../../../../javascript/names.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { possibleStrings } from '../trace/possible-strings.ts';
import { withNode, type Reference, type Tracer } from '../trace/reference.ts';
import {
  appendedEntries,
  bodyEntries,
  entryOfCall,
  laterEntries,
  objectsAt,
  type BodyEntry,
} from './body-entries.ts';
import { constantValue } from './constant-value.ts';
import type { RequestParts } from './request-parts.ts';

/** Headers by name in lower case; null where the value is not known. `isComplete` is false where some are not visible. */
export type RequestHeaders = { values: Record<string, string | null>; isComplete: boolean };

/** The headers that the code of a request sets. */
export function requestHeaders(tracer: Tracer, parts: RequestParts): RequestHeaders {
  const { options, style } = parts;
  const values: Record<string, string | null> = {};
  // axios sends this unless it is given another one.
  if (style === 'axios') values['accept'] = 'application/json, text/plain, */*';
  if (style === 'event-source') values['accept'] = 'text/event-stream';
  for (const { key, value } of parts.headerCalls.flatMap((call) => entryOfCall(parts.call, call)))
    values[key.toLowerCase()] = headerValue(tracer, value);
  if (options === null) return { values, isComplete: true };
  const at = withNode(options, options.node, [{ name: 'headers', node: options.node }]);
  const owners = tracer(at).filter(({ path }) => path.length === 0);
  for (const { key, value } of owners.flatMap((owner) => headerEntries(tracer, owner)))
    values[key.toLowerCase()] = headerValue(tracer, value);
  const isComplete = tracer(at).every(({ path, node }) => path.length === 0 && isVisible(node));
  return { values, isComplete };
}

const isVisible = (node: Node): boolean =>
  node.type === 'ObjectExpression' ||
  (node.type === 'NewExpression' && dottedName(node.callee) === 'Headers') ||
  (node.type === 'CallExpression' && dottedName(node.callee) === 'Object.assign');

function headerEntries(tracer: Tracer, owner: Reference): BodyEntry[] {
  return [
    ...objectsAt(tracer, owner).flatMap((object) => bodyEntries(tracer, object)),
    ...laterEntries(owner),
    ...appendedEntries(owner),
  ];
}

/** Null where it is known only when the request is sent. */
function headerValue(tracer: Tracer, reference: Reference): string | null {
  const constant = constantValue(tracer, reference);
  return typeof constant?.value === 'string' ? constant.value : null;
}

/** The one string that an expression can be; null where it is not known. */
export function literalOf(tracer: Tracer, reference: Reference): string | null {
  const strings = new Set(
    possibleStrings(tracer, reference).map((parts) =>
      parts.every((part) => part.type === 'text') ? parts.map(({ text }) => text).join('') : null,
    ),
  );
  const [only = null] = strings;
  return strings.size === 1 ? only : null;
}

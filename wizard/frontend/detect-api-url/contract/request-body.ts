import { dottedName } from '../../../../javascript/names.ts';
import { withNode, type Reference, type Tracer } from '../trace/reference.ts';
import { appendedEntries, bodyEntries, objectsAt, type BodyEntry } from './body-entries.ts';
import type { RequestParts } from './request-parts.ts';

/** What a request sends, before it becomes text. */
export type RequestBody = {
  type: 'json' | 'object' | 'form';
  entries: readonly BodyEntry[];
  place: Reference;
};

/** The bodies that a request can have; empty where none is visible. */
export function requestBodies(tracer: Tracer, { options, data }: RequestParts): RequestBody[] {
  if (data !== null) return unpacked(tracer, data, 0);
  if (options === null) return [];
  for (const name of ['body', 'json', 'data']) {
    const values = tracer(withNode(options, options.node, [{ name, node: options.node }]));
    const bodies = values.flatMap((value) => unpacked(tracer, value, 0));
    if (bodies.length > 0) return bodies.map((body) => (name === 'json' ? { ...body, type: 'json' } : body));
  }
  return [];
}

function unpacked(tracer: Tracer, reference: Reference, depth: number): RequestBody[] {
  if (depth > 3) return [];
  return tracer(reference).flatMap((value): RequestBody[] => {
    const { node, path } = value;
    if (path.length > 0) return [];
    if (node.type === 'ObjectExpression')
      return [{ type: 'object', entries: bodyEntries(tracer, value), place: value }];
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
    const name = dottedName(node.callee);
    const [argument] = node.arguments;
    if (name === 'JSON.stringify' && argument !== undefined)
      return unpacked(tracer, withNode(value, argument, []), depth + 1).map((body) => ({
        ...body,
        type: 'json',
      }));
    if (name === 'Object.assign') {
      const parts = objectsAt(tracer, value).flatMap((object) => bodyEntries(tracer, object));
      const entries = [...new Map(parts.map((entry) => [entry.key, entry])).values()];
      return [{ type: 'object', entries, place: value }];
    }
    if (!/^(?:FormData|URLSearchParams)$/.test(name)) return [];
    const initial = argument === undefined ? [] : unpacked(tracer, withNode(value, argument, []), depth + 1);
    return [
      {
        type: 'form',
        entries: [...initial.flatMap(({ entries }) => entries), ...appendedEntries(value)],
        place: value,
      },
    ];
  });
}

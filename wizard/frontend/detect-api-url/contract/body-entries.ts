import { dottedName, memberName, propertyKey } from '../../../../javascript/names.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import { callsOnName, declaredName } from './calls-on-name.ts';
import { withNode, type Reference, type Tracer } from '../trace/reference.ts';

/** A key of an object in the code, with its value. */
export type BodyEntry = { key: string; value: Reference };

/** The entries of an object, those of its spreads and those that are assigned later; the last of a key counts. */
export function bodyEntries(tracer: Tracer, object: Reference, depth = 0): BodyEntry[] {
  const { node } = object;
  if (node.type !== 'ObjectExpression' || depth > 4) return [];
  const own = node.properties.flatMap((property): BodyEntry[] => {
    if (property.type === 'SpreadElement')
      return objectsAt(tracer, withNode(object, property.argument, [])).flatMap((spread) =>
        bodyEntries(tracer, spread, depth + 1),
      );
    const key = propertyKey(property);
    return key === null ? [] : [{ key, value: withNode(object, property.value, []) }];
  });
  const entries = [...own, ...laterEntries(object)];
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

/** The objects that an expression can be; `Object.assign({}, a, b)` is each of its arguments. */
export function objectsAt(tracer: Tracer, reference: Reference): Reference[] {
  return tracer(reference).flatMap((value): Reference[] => {
    const { node, path } = value;
    if (path.length > 0) return [];
    if (node.type === 'ObjectExpression') return [value];
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
    if (!/^(?:Object\.assign|Headers)$/.test(dottedName(node.callee))) return [];
    return node.arguments.flatMap((argument: Node) => objectsAt(tracer, withNode(value, argument, [])));
  });
}

/** `body.key = value` and `body['key'] = value`, of the name that the object was given. */
export function laterEntries(object: Reference): BodyEntry[] {
  const { parentOf, usesOf } = object.file.scopes;
  const name = declaredName(object.file, object.node);
  if (name === null) return [];
  return usesOf(name).flatMap((use): BodyEntry[] => {
    const member = parentOf(use);
    const assignment = member === undefined ? undefined : parentOf(member);
    if (member?.type !== 'MemberExpression' || member.object !== use) return [];
    const key = memberName(member);
    const isTarget = assignment?.type === 'AssignmentExpression' && assignment.left === member;
    return isTarget && key !== null ? [{ key, value: withNode(object, assignment.right, []) }] : [];
  });
}

/** `form.append('key', value)` and `headers.set('key', value)`, of the name that the value was given. */
export function appendedEntries(owner: Reference): BodyEntry[] {
  const name = declaredName(owner.file, owner.node);
  if (name === null) return [];
  return callsOnName(owner.file, name, /^(?:append|set)$/).flatMap((call) => entryOfCall(owner, call));
}

/** The key and the value that a call is given. */
export function entryOfCall(owner: Reference, { arguments: [key, value] }: CallNode): BodyEntry[] {
  if (key?.type !== 'Literal' || value === undefined) return [];
  return [{ key: String(key.value), value: withNode(owner, value, []) }];
}

type CallNode = Extract<Node, { type: 'CallExpression' }>;

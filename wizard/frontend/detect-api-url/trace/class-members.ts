import { propertyKey } from '../../../../javascript/names.ts';
import type { PathSegment } from '../../../../javascript/scopes.ts';
import {
  isClass,
  isFunction,
  type ClassNode,
  type FunctionNode,
  type Node,
} from '../../../../javascript/syntax-tree.ts';
import { walk } from '../../../../javascript/walk.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';
import { returnValues } from './return-values.ts';

/** What `this` is at a reference: a member of the class, or the object, whose method the reference is in. */
export function resolveThis(tracer: Tracer, reference: Reference): Reference[] {
  const { parentOf } = reference.file.scopes;
  let isStatic = false;
  for (let node = parentOf(reference.node); node !== undefined; node = parentOf(node)) {
    // `new this()` in a static method
    if (isClass(node) && isStatic && reference.path.length === 0) return [withNode(reference, node)];
    if (isClass(node)) return classMembers(tracer, { reference, owner: node, isStatic });
    isStatic ||= isStaticMember(node);
    const parent = parentOf(node);
    if (isFunction(node) && node.type !== 'ArrowFunctionExpression' && parent?.type === 'Property') {
      const object = parentOf(parent);
      return object === undefined ? [] : [...tracer(withNode(reference, object))];
    }
  }
  return [];
}

const isStaticMember = (node: Node): boolean =>
  node.type === 'StaticBlock' || ('static' in node && node.static === true);

/** What the first path segment leads to in a class: fields, methods, what is assigned to `this`, then its parents. */
export function classMembers(
  tracer: Tracer,
  { reference, owner, isStatic }: { reference: Reference; owner: ClassNode; isStatic: boolean },
): Reference[] {
  const [segment, ...rest] = reference.path;
  if (segment === undefined) return [reference];
  const assigned = tracer.assignmentsIn(owner).get(assignedName(segment.name, isStatic)) ?? [];
  const values = isStatic ? assigned : [...assigned, ...parameterProperties(owner, segment)];
  const members = [
    ...declaredMembers(tracer, { reference, owner, isStatic }),
    ...values.flatMap((node) => [...tracer(withNode(reference, node, rest))]),
  ];
  if (members.length > 0 || owner.superClass == null) return members;
  return tracer(withNode(reference, owner.superClass, [])).flatMap((parent) =>
    isClass(parent.node)
      ? classMembers(tracer, { reference: { ...reference, file: parent.file }, owner: parent.node, isStatic })
      : [],
  );
}

function declaredMembers(
  tracer: Tracer,
  { reference, owner, isStatic }: { reference: Reference; owner: ClassNode; isStatic: boolean },
): Reference[] {
  const [segment, ...rest] = reference.path;
  return owner.body.body.flatMap((member): Reference[] => {
    if (member.type === 'StaticBlock' || member.static !== isStatic || member.value == null) return [];
    if (propertyKey(member) !== segment?.name) return [];
    const next = withNode(reference, member.value, rest);
    const isGetter = member.type === 'MethodDefinition' && member.kind === 'get';
    return isGetter ? returnValues(tracer, next) : [...tracer(next)];
  });
}

/** What a class's own code assigns to `this.name` and to `ClassName.name`, by `assignedName`. */
export function assignmentsIn(owner: ClassNode): Map<string, Node[]> {
  const assigned = new Map<string, Node[]>();
  for (const member of owner.body.body) {
    for (const { node } of walk(member, isClass)) {
      if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') continue;
      const { object, property } = node.left;
      const isOfClass = object.type === 'Identifier' && object.name === owner.id?.name;
      if ((object.type !== 'ThisExpression' && !isOfClass) || !('name' in property)) continue;
      const name = assignedName(property.name, isOfClass || isStaticMember(member));
      assigned.set(name, [...(assigned.get(name) ?? []), node.right]);
    }
  }
  return assigned;
}

const assignedName = (name: string, isStatic: boolean): string => (isStatic ? `static ${name}` : name);

/** `constructor(private readonly name: string)`. */
function parameterProperties(owner: ClassNode, { name }: PathSegment): Node[] {
  return (constructorOf(owner)?.params ?? []).flatMap((parameter: Node) => {
    if (parameter.type !== 'TSParameterProperty') return [];
    const { parameter: declared } = parameter;
    const id = declared.type === 'AssignmentPattern' ? declared.left : declared;
    return id.type === 'Identifier' && id.name === name ? [id] : [];
  });
}

export function constructorOf({ body }: ClassNode): FunctionNode | null {
  for (const member of body.body)
    if (member.type === 'MethodDefinition' && member.kind === 'constructor') return member.value;
  return null;
}

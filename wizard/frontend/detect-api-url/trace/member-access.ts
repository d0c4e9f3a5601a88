import { withNode, type Reference, type Step, type Tracer } from './reference.ts';
import {
  isClass,
  isFunction,
  propertyKey,
  walk,
  type ClassNode,
  type FunctionNode,
  type Node,
} from '../../../../javascript/parse.ts';

/** A step that may lead to any of what is there: an element, or what a computed name means. */
export const anyElement = '*';

/** What the first step of a path leads to in an object, a list, a class, an enum, or a component’s attributes. */
export function resolveMember(trace: Tracer, ref: Reference): Reference[] {
  const [step, ...rest] = ref.path;
  if (step === undefined) return [ref];
  const go = (node: Node | null | undefined): Reference[] =>
    node == null ? [] : [...trace(withNode(ref, node, rest))];
  const { node } = ref;
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.toReversed().flatMap((one) => {
        if (one.type === 'SpreadElement') return [...trace(withNode(ref, one.argument))];
        if (propertyKey(one) !== step.name && step.name !== anyElement) return [];
        return one.kind === 'get' ? returnValues(trace, withNode(ref, one.value, rest)) : go(one.value);
      });
    case 'ArrayExpression':
      if (step.name === anyElement) return node.elements.flatMap(go);
      return /^\d+$/.test(step.name) ? go(node.elements[Number(step.name)]) : [];
    case 'TSEnumDeclaration':
      return node.members.flatMap((one) => {
        if (one.type !== 'TSEnumMember') return [];
        const name = one.id.type === 'Identifier' ? one.id.name : null;
        return name === step.name ? go(one.initializer) : [];
      });
    case 'JSXElement':
      return node.openingElement.attributes.flatMap((one) => {
        if (one.type === 'JSXSpreadAttribute') return [...trace(withNode(ref, one.argument))];
        return one.type === 'JSXAttribute' && one.name.name === step.name ? go(one.value) : [];
      });
    case 'ClassDeclaration':
    case 'ClassExpression':
      return classMembers(trace, { ref, of: node, isStatic: true });
    default:
      return [ref];
  }
}

/** What a function returns, in the frame of the reference. */
export function returnValues(trace: Tracer, ref: Reference): Reference[] {
  const { node } = ref;
  if (!isFunction(node)) return [];
  if (node.body.type !== 'BlockStatement') return [...trace(withNode(ref, node.body))];
  return returnsOf(node.body).flatMap((one) => [...trace(withNode(ref, one))]);
}

const returnCache = new WeakMap<Node, readonly Node[]>();

function returnsOf(body: Node): readonly Node[] {
  const known = returnCache.get(body);
  if (known !== undefined) return known;
  const found: Node[] = [];
  returnCache.set(body, found);
  const look = (node: Node): void => {
    if (node.type === 'ReturnStatement' && node.argument != null) found.push(node.argument);
  };
  walkOwnBody(body, look);
  return found;
}

/** Without the functions within: their `return` and `this` are their own. */
function walkOwnBody(
  node: Node,
  visit: (node: Node) => void,
  isOther: (node: Node) => boolean = isFunction,
): void {
  const inner = new Set<Node>();
  walk(node, (one, parent) => {
    const isWithin = parent !== undefined && (inner.has(parent) || (parent !== node && isOther(parent)));
    if (isWithin) inner.add(one);
    else visit(one);
  });
}

/** `this.name`: of the class or the object whose method it stands in. */
export function resolveThis(trace: Tracer, ref: Reference): Reference[] {
  const { parentOf } = ref.file.scopes;
  for (let node = parentOf(ref.node); node !== undefined; node = parentOf(node)) {
    if (isClass(node)) return classMembers(trace, { ref, of: node, isStatic: false });
    const owner = parentOf(node);
    if (isFunction(node) && node.type !== 'ArrowFunctionExpression' && owner?.type === 'Property') {
      const object = parentOf(owner);
      return object === undefined ? [] : [...trace(withNode(ref, object))];
    }
  }
  return [];
}

/** A class’s own and its parents’ fields, methods, and what its code gives to `this.name`. */
export function classMembers(
  trace: Tracer,
  { ref, of, isStatic }: { ref: Reference; of: ClassNode; isStatic: boolean },
): Reference[] {
  const [step, ...rest] = ref.path;
  if (step === undefined) return [ref];
  const found: Reference[] = [];
  const go = (node: Node): void => void found.push(...trace(withNode(ref, node, rest)));
  for (const one of of.body.body) {
    if (one.type === 'StaticBlock' || propertyKey(one) !== step.name || one.static !== isStatic) continue;
    if (one.value == null) continue;
    if (one.type === 'MethodDefinition' && one.kind === 'get')
      found.push(...returnValues(trace, withNode(ref, one.value, rest)));
    else go(one.value);
  }
  if (!isStatic) {
    for (const node of thisAssignments(of).get(step.name) ?? []) go(node);
    for (const { node } of parameterProperties(of, step)) go(node);
  }
  if (found.length > 0 || of.superClass == null) return found;
  return trace(withNode(ref, of.superClass, [])).flatMap((parent) =>
    isClass(parent.node)
      ? classMembers(trace, { ref: { ...ref, file: parent.file }, of: parent.node, isStatic })
      : [],
  );
}

const assignmentCache = new WeakMap<ClassNode, ReadonlyMap<string, readonly Node[]>>();

/** What a class’s code gives to `this.name`, by name. */
function thisAssignments(of: ClassNode): ReadonlyMap<string, readonly Node[]> {
  const known = assignmentCache.get(of);
  if (known !== undefined) return known;
  const found = new Map<string, Node[]>();
  const look = (node: Node): void => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
    const { object, property } = node.left;
    if (object.type !== 'ThisExpression' || !('name' in property)) return;
    found.set(property.name, [...(found.get(property.name) ?? []), node.right]);
  };
  walkOwnBody(of.body, look, isClass);
  assignmentCache.set(of, found);
  return found;
}

/** `constructor(private readonly name: string)`. */
function parameterProperties(of: ClassNode, { name }: Step): { node: Node }[] {
  return (constructorOf(of)?.params ?? []).flatMap((one: Node) => {
    if (one.type !== 'TSParameterProperty') return [];
    const bare = one.parameter.type === 'AssignmentPattern' ? one.parameter.left : one.parameter;
    return bare.type === 'Identifier' && bare.name === name ? [{ node: bare }] : [];
  });
}

export function constructorOf({ body }: ClassNode): FunctionNode | null {
  for (const one of body.body)
    if (one.type === 'MethodDefinition' && one.kind === 'constructor') return one.value;
  return null;
}

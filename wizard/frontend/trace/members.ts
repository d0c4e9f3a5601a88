import { at, type Ref, type Step, type Trace } from './ref.ts';
import { isClass, isFunction, keyOf, walk, type ClassNode, type FunctionNode, type Node } from './syntax.ts';

/** A step that may lead to any of what is there: an element, or what a computed name means. */
export const anyOfThem = '*';

/** What the first step of a path leads to in an object, a list, a class, an enum, or a component’s attributes. */
export function membersOf(trace: Trace, ref: Ref): Ref[] {
  const [step, ...rest] = ref.path;
  if (step === undefined) return [ref];
  const go = (node: Node | null | undefined): Ref[] => (node == null ? [] : [...trace(at(ref, node, rest))]);
  const { node } = ref;
  switch (node.type) {
    case 'ObjectExpression':
      return node.properties.toReversed().flatMap((one) => {
        if (one.type === 'SpreadElement') return [...trace(at(ref, one.argument))];
        if (keyOf(one) !== step.name && step.name !== anyOfThem) return [];
        return one.kind === 'get' ? returned(trace, at(ref, one.value, rest)) : go(one.value);
      });
    case 'ArrayExpression':
      if (step.name === anyOfThem) return node.elements.flatMap(go);
      return /^\d+$/.test(step.name) ? go(node.elements[Number(step.name)]) : [];
    case 'TSEnumDeclaration':
      return node.members.flatMap((one) => {
        if (one.type !== 'TSEnumMember') return [];
        const name = one.id.type === 'Identifier' ? one.id.name : null;
        return name === step.name ? go(one.initializer) : [];
      });
    case 'JSXElement':
      return node.openingElement.attributes.flatMap((one) => {
        if (one.type === 'JSXSpreadAttribute') return [...trace(at(ref, one.argument))];
        return one.type === 'JSXAttribute' && one.name.name === step.name ? go(one.value) : [];
      });
    case 'ClassDeclaration':
    case 'ClassExpression':
      return fieldsOf(trace, { ref, of: node, isStatic: true });
    default:
      return [ref];
  }
}

/** What a function returns, in the frame of the reference. */
export function returned(trace: Trace, ref: Ref): Ref[] {
  const { node } = ref;
  if (!isFunction(node)) return [];
  if (node.body.type !== 'BlockStatement') return [...trace(at(ref, node.body))];
  return returnsIn(node.body).flatMap((one) => [...trace(at(ref, one))]);
}

const returns = new WeakMap<Node, readonly Node[]>();

function returnsIn(body: Node): readonly Node[] {
  const known = returns.get(body);
  if (known !== undefined) return known;
  const found: Node[] = [];
  returns.set(body, found);
  const look = (node: Node): void => {
    if (node.type === 'ReturnStatement' && node.argument != null) found.push(node.argument);
  };
  visitOwn(body, look);
  return found;
}

/** Without the functions within: their `return` and `this` are their own. */
function visitOwn(
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
export function ofThis(trace: Trace, ref: Ref): Ref[] {
  const { parentOf } = ref.file.scopes;
  for (let node = parentOf(ref.node); node !== undefined; node = parentOf(node)) {
    if (isClass(node)) return fieldsOf(trace, { ref, of: node, isStatic: false });
    const owner = parentOf(node);
    if (isFunction(node) && node.type !== 'ArrowFunctionExpression' && owner?.type === 'Property') {
      const object = parentOf(owner);
      return object === undefined ? [] : [...trace(at(ref, object))];
    }
  }
  return [];
}

/** A class’s own and its parents’ fields, methods, and what its code gives to `this.name`. */
export function fieldsOf(
  trace: Trace,
  { ref, of, isStatic }: { ref: Ref; of: ClassNode; isStatic: boolean },
): Ref[] {
  const [step, ...rest] = ref.path;
  if (step === undefined) return [ref];
  const found: Ref[] = [];
  const go = (node: Node): void => void found.push(...trace(at(ref, node, rest)));
  for (const one of of.body.body) {
    if (one.type === 'StaticBlock' || keyOf(one) !== step.name || one.static !== isStatic) continue;
    if (one.value == null) continue;
    if (one.type === 'MethodDefinition' && one.kind === 'get')
      found.push(...returned(trace, at(ref, one.value, rest)));
    else go(one.value);
  }
  if (!isStatic) {
    for (const node of givenToThis(of).get(step.name) ?? []) go(node);
    for (const { node } of parametersAsFields(of, step)) go(node);
  }
  if (found.length > 0 || of.superClass == null) return found;
  return trace(at(ref, of.superClass, [])).flatMap((parent) =>
    isClass(parent.node)
      ? fieldsOf(trace, { ref: { ...ref, file: parent.file }, of: parent.node, isStatic })
      : [],
  );
}

const assignments = new WeakMap<ClassNode, ReadonlyMap<string, readonly Node[]>>();

/** What a class’s code gives to `this.name`, by name. */
function givenToThis(of: ClassNode): ReadonlyMap<string, readonly Node[]> {
  const known = assignments.get(of);
  if (known !== undefined) return known;
  const found = new Map<string, Node[]>();
  const look = (node: Node): void => {
    if (node.type !== 'AssignmentExpression' || node.left.type !== 'MemberExpression') return;
    const { object, property } = node.left;
    if (object.type !== 'ThisExpression' || !('name' in property)) return;
    found.set(property.name, [...(found.get(property.name) ?? []), node.right]);
  };
  visitOwn(of.body, look, isClass);
  assignments.set(of, found);
  return found;
}

/** `constructor(private readonly name: string)`. */
function parametersAsFields(of: ClassNode, { name }: Step): { node: Node }[] {
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

import { dottedName, memberName } from '../../../../javascript/names.ts';
import { isFunction, type Node } from '../../../../javascript/syntax-tree.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';
import { returnValues } from './return-values.ts';

/** What a call of a package returns, where that is its argument: React's hooks, mostly. The call itself for any other. */
export function libraryCallResult(tracer: Tracer, reference: Reference): readonly Reference[] {
  const { node } = reference;
  if (node.type !== 'CallExpression') return [];
  const name = dottedName(node.callee).split('.').at(-1) ?? '';
  const [argument] = node.arguments;
  const [segment, ...rest] = reference.path;
  const member = segment?.name ?? '';
  if (/^(?:useRef|ref|signal|computed)$/.test(name) && /^(?:current|value)$/.test(member))
    return refValues(tracer, { ...reference, path: rest }, { member, initial: argument });
  if (argument === undefined) return [reference];
  // `meta.getAttribute('content')` is `meta.content`.
  if (name === 'getAttribute' && node.callee.type === 'MemberExpression' && isContent(argument))
    return tracer(withNode(reference, node.callee.object, [{ name: 'content', node }, ...reference.path]));
  if (/^use(?:State|Reducer)$/.test(name) && member === '0')
    return [
      ...initialState(tracer, withNode(reference, argument, rest)),
      ...setStates(tracer, { ...reference, path: rest }),
    ];
  if (/^(?:useCallback|memo|forwardRef|observer|stringify)$/.test(name))
    return tracer(withNode(reference, argument));
  if (/^(?:useMemo|lazy|loadable)$/.test(name)) {
    const functions = tracer(withNode(reference, argument, []));
    return functions.flatMap((value) => returnValues(tracer, { ...value, path: reference.path }));
  }
  if (name === 'useContext' || name === 'use') {
    // In a bundle, the context of Docusaurus: the field is looked up in the configuration that the scripts hold.
    const isSiteConfig = reference.path.some((part) => part.name === 'customFields');
    return isSiteConfig ? [reference] : contextValues(tracer, reference, argument);
  }
  // `parse(process.env)` of a validation library returns the environment.
  const environment =
    segment === undefined ? [] : tracer(withNode(reference, argument)).filter(isEnvironment);
  return environment.length > 0 ? environment : [reference];
}

const isContent = (node: Node): boolean => node.type === 'Literal' && node.value === 'content';

/** The initial value of a state, or what its initialiser returns. */
function initialState(tracer: Tracer, reference: Reference): readonly Reference[] {
  const initialisers = tracer({ ...reference, path: [] }).filter(({ node }) => isFunction(node));
  if (initialisers.length === 0) return tracer(reference);
  return initialisers.flatMap((value) => returnValues(tracer, { ...value, path: reference.path }));
}

/** What a ref is created with, and what is assigned to it: `api.current = new Api()`. */
function refValues(
  tracer: Tracer,
  reference: Reference,
  { member, initial }: { member: string; initial: Node | undefined },
): readonly Reference[] {
  const { scopes } = reference.file;
  const declarator = scopes.parentOf(reference.node);
  const name = declarator?.type === 'VariableDeclarator' ? declarator.id : null;
  const uses = name?.type === 'Identifier' ? scopes.usesOf(name) : [];
  const assigned = uses.flatMap((use) => {
    const target = scopes.parentOf(use);
    const assignment = target === undefined ? undefined : scopes.parentOf(target);
    if (target?.type !== 'MemberExpression' || memberName(target) !== member) return [];
    return assignment?.type === 'AssignmentExpression' && assignment.left === target
      ? [assignment.right]
      : [];
  });
  return [initial, ...assigned].flatMap((value) =>
    value === undefined ? [] : [...tracer(withNode(reference, value))],
  );
}

/** The values that the setter of a state gets, which are no function of the value before. */
function setStates(tracer: Tracer, reference: Reference): readonly Reference[] {
  const { scopes } = reference.file;
  const declarator = scopes.parentOf(reference.node);
  const pattern = declarator?.type === 'VariableDeclarator' ? declarator.id : null;
  const setter = pattern?.type === 'ArrayPattern' ? pattern.elements[1] : null;
  if (setter?.type !== 'Identifier') return [];
  return scopes.usesOf(setter).flatMap((use) => {
    const call = scopes.parentOf(use);
    const value = call?.type === 'CallExpression' && call.callee === use ? call.arguments[0] : undefined;
    return value === undefined || isFunction(value) ? [] : tracer(withNode(reference, value));
  });
}

function isEnvironment({ node, path }: Reference): boolean {
  const isRoot = node.type === 'MetaProperty' || (node.type === 'Identifier' && node.name === 'process');
  return isRoot && path[0]?.name === 'env';
}

/** The values that the providers of a React context give, then its default. */
function contextValues(tracer: Tracer, reference: Reference, context: Node): readonly Reference[] {
  const declarations = tracer(withNode(reference, context, []));
  const valueSegment = { name: 'value', node: context };
  const provided = tracer.callGraph().contextProviders.flatMap(({ node, file, context: name }) => {
    const isSameContext = tracer({ ...reference, node: name, file, path: [] }).some((value) =>
      declarations.some((declaration) => declaration.node === value.node),
    );
    return isSameContext
      ? [...tracer({ ...reference, node, file, path: [valueSegment, ...reference.path] })]
      : [];
  });
  const defaults = declarations.flatMap((declaration) => {
    const argument = declaration.node.type === 'CallExpression' ? declaration.node.arguments[0] : undefined;
    return argument === undefined
      ? []
      : [...tracer({ ...reference, node: argument, file: declaration.file })];
  });
  return [...provided, ...defaults];
}

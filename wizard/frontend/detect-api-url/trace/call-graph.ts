import { dottedName, isElementFactory, memberName } from '../../../../javascript/names.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import { isClass, isFunction, type FunctionNode, type Node } from '../../../../javascript/syntax-tree.ts';
import { isBuildConfig, isServedAsIs } from '../../file-roles.ts';
import { constructorOf } from './class-members.ts';
import { generatorsOf } from './generators.ts';
import type { AssignedValue, CallGraph, CallSite, Tracer } from './reference.ts';

/** Who calls what in a project. The callers are indexed when they are first needed: that traces every call. */
export function buildCallGraph(tracer: Tracer): CallGraph {
  let callers: ReadonlyMap<FunctionNode, CallSite[]> | null = null;
  const assignments = assignmentsIn(tracer.files);
  return {
    callersOf: (called) => {
      callers ??= indexCallers(tracer);
      return callers.get(called) ?? [];
    },
    contextProviders: tracer.files.flatMap(providersIn),
    globals: globalsIn(assignments),
    axiosBaseUrls: assignments.filter(({ target }) => target === 'axios.defaults.baseURL'),
  };
}

function indexCallers(tracer: Tracer): Map<FunctionNode, CallSite[]> {
  const callers = new Map<FunctionNode, CallSite[]>();
  for (const file of tracer.files) {
    for (const { node } of file.nodes) {
      const callee = calleeOf(node);
      if (callee === null) continue;
      for (const { node: value } of tracer.traceNode(file, callee)) {
        const called = isClass(value) ? constructorOf(value) : isFunction(value) ? value : null;
        if (called === null) continue;
        for (const target of [called, ...generatorsOf(file, called)]) {
          const sites = callers.get(target) ?? [];
          callers.set(target, sites);
          sites.push({ node, file, context: new Map() });
        }
      }
    }
  }
  return callers;
}

function calleeOf(node: Node): Node | null {
  if (node.type === 'CallExpression' && isElementFactory(node.callee)) {
    const [component] = node.arguments;
    return component === undefined || component.type === 'SpreadElement' ? null : component;
  }
  if (node.type === 'CallExpression' || node.type === 'NewExpression') return node.callee;
  return node.type === 'JSXElement' ? componentName(node.openingElement.name) : null;
}

/** `Chat` of `<Chat />`: a name that can be traced; null for an HTML element. */
function componentName(name: Node): Node | null {
  return name.type === 'JSXIdentifier' && /^[A-Z]/.test(name.name) ? name : null;
}

function providersIn(file: SourceFile): CallGraph['contextProviders'] {
  return file.nodes.flatMap(({ node }) => {
    if (node.type === 'CallExpression') return providerCall(node, file);
    if (node.type !== 'JSXElement') return [];
    const { name } = node.openingElement;
    if (name.type !== 'JSXMemberExpression' || name.object.type !== 'JSXIdentifier') return [];
    const isProvider = name.property.type === 'JSXIdentifier' && name.property.name === 'Provider';
    const context = componentName(name.object);
    return isProvider && context !== null ? [{ node, file, context }] : [];
  });
}

/** `jsx(Context.Provider, { value })`: what a build makes of it. */
function providerCall(
  { callee, arguments: [component, properties] }: Extract<Node, { type: 'CallExpression' }>,
  file: SourceFile,
): CallGraph['contextProviders'] {
  if (!isElementFactory(callee) || component?.type !== 'MemberExpression' || properties === undefined)
    return [];
  const isProvider = memberName(component) === 'Provider';
  return isProvider ? [{ node: properties, file, context: component.object }] : [];
}

type Assignment = AssignedValue & { target: string };

function assignmentsIn(files: readonly SourceFile[]): Assignment[] {
  return files.flatMap((file) =>
    file.nodes.flatMap(({ node }) =>
      node.type === 'AssignmentExpression' ? [{ target: dottedName(node.left), node: node.right, file }] : [],
    ),
  );
}

/** Only of bundled code: a page or a static file may get its value after the build, which `globalDefinition` reads. */
function globalsIn(assignments: readonly Assignment[]): Map<string, Assignment[]> {
  const globals = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    const name = /^(?:window|globalThis|self)\.([\w$]+)$/.exec(assignment.target)?.[1];
    if (name === undefined || !isBundled(assignment.file)) continue;
    globals.set(name, [...(globals.get(name) ?? []), assignment]);
  }
  return globals;
}

const isBundled = ({ path }: SourceFile): boolean =>
  !isBuildConfig(path) && !path.endsWith('.html') && !isServedAsIs(path);

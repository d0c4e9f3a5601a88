import { dottedName } from './exports.ts';
import { constructorOf } from './member-access.ts';
import type { CallSite, Tracer } from './reference.ts';
import { isServedAsIs, type SourceFile } from '../../../../javascript/source-file.ts';
import { isClass, isFunction, walk, type FunctionNode, type Node } from '../../../../javascript/parse.ts';

type ContextProvider = { node: Node; file: SourceFile; context: Node };

export type CallGraph = {
  /** Every call of a function, `new` of its class, and element of its component. */
  callersOf(called: FunctionNode): readonly CallSite[];
  /** `<Context.Provider value=…>`. */
  contextProviders: readonly ContextProvider[];
  /** What the pages' own code gives to `window.name`. */
  globals: ReadonlyMap<string, readonly AssignedValue[]>;
  /** `axios.defaults.baseURL = …`. */
  axiosBaseUrls: readonly AssignedValue[];
};

type AssignedValue = { node: Node; file: SourceFile };

const callGraphs = new WeakMap<Tracer, CallGraph>();

/** Who calls whom in a project: worked out once, when it is first asked for. */
export function callGraphOf(trace: Tracer): CallGraph {
  const standing = callGraphs.get(trace);
  if (standing !== undefined) return standing;
  let byFunction: Map<FunctionNode, CallSite[]> | null = null;
  const calls: CallGraph = {
    callersOf: (called) => {
      byFunction ??= indexCallers(trace);
      return byFunction.get(called) ?? [];
    },
    contextProviders: trace.files.flatMap(providersIn),
    globals: globalsIn(trace.files),
    axiosBaseUrls: assignmentsIn(trace.files).flatMap(({ to, ...value }) =>
      to === 'axios.defaults.baseURL' ? [value] : [],
    ),
  };
  callGraphs.set(trace, calls);
  return calls;
}

function indexCallers(trace: Tracer): Map<FunctionNode, CallSite[]> {
  const found = new Map<FunctionNode, CallSite[]>();
  for (const file of trace.files) {
    walk(file.program, (node) => {
      const callee = calleeOf(node);
      if (callee === null) return;
      for (const { node: one } of trace.plainly(file, callee)) {
        const called = isClass(one) ? constructorOf(one) : isFunction(one) ? one : null;
        if (called !== null)
          found.set(called, [...(found.get(called) ?? []), { node, file, context: new Map() }]);
      }
    });
  }
  return found;
}

function calleeOf(node: Node): Node | null {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') return node.callee;
  return node.type === 'JSXElement' ? componentOf(node.openingElement.name) : null;
}

/** `Chat` of `<Chat />`, as a name that can be followed. */
function componentOf(name: Node): Node | null {
  return name.type === 'JSXIdentifier' && /^[A-Z]/.test(name.name) ? name : null;
}

function providersIn(file: SourceFile): ContextProvider[] {
  const found: ContextProvider[] = [];
  walk(file.program, (node) => {
    if (node.type !== 'JSXElement') return;
    const { name } = node.openingElement;
    if (name.type !== 'JSXMemberExpression' || name.object.type !== 'JSXIdentifier') return;
    const isProvider = name.property.type === 'JSXIdentifier' && name.property.name === 'Provider';
    const context = componentOf(name.object);
    if (isProvider && context !== null) found.push({ node, file, context });
  });
  return found;
}

/** What a page or a copied file says can be filled in when it is served: it is no code of the build. */
const isNotBundled = ({ path, isConfig }: SourceFile): boolean =>
  isConfig || path.endsWith('.html') || isServedAsIs(path);

function globalsIn(files: readonly SourceFile[]): Map<string, AssignedValue[]> {
  const found = new Map<string, AssignedValue[]>();
  for (const { to, ...value } of assignmentsIn(files.filter((one) => !isNotBundled(one)))) {
    const name = /^(?:window|globalThis|self)\.([\w$]+)$/.exec(to)?.[1];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

function assignmentsIn(files: readonly SourceFile[]): (AssignedValue & { to: string })[] {
  const found: (AssignedValue & { to: string })[] = [];
  for (const file of files) {
    walk(file.program, (node) => {
      if (node.type === 'AssignmentExpression')
        found.push({ to: dottedName(node.left), node: node.right, file });
    });
  }
  return found;
}

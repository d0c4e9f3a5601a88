import { dotted } from './exports.ts';
import { constructorOf } from './members.ts';
import type { Call, Trace } from './ref.ts';
import { isServedAsIs, type SourceFile } from './source.ts';
import { isClass, isFunction, walk, type FunctionNode, type Node } from './syntax.ts';

type Provider = { node: Node; file: SourceFile; context: Node };

export type Calls = {
  /** Every call of a function, `new` of its class, and element of its component. */
  to(called: FunctionNode): readonly Call[];
  /** `<Context.Provider value=…>`. */
  providers: readonly Provider[];
  /** What the pages' own code gives to `window.name`. */
  globals: ReadonlyMap<string, readonly Value[]>;
  /** `axios.defaults.baseURL = …`. */
  defaults: readonly Value[];
};

type Value = { node: Node; file: SourceFile };

const known = new WeakMap<Trace, Calls>();

/** Who calls whom in a project: worked out once, when it is first asked for. */
export function callsOf(trace: Trace): Calls {
  const standing = known.get(trace);
  if (standing !== undefined) return standing;
  let byFunction: Map<FunctionNode, Call[]> | null = null;
  const calls: Calls = {
    to: (called) => {
      byFunction ??= indexed(trace);
      return byFunction.get(called) ?? [];
    },
    providers: trace.files.flatMap(providersIn),
    globals: globalsIn(trace.files),
    defaults: assignmentsIn(trace.files).flatMap(({ to, ...value }) =>
      to === 'axios.defaults.baseURL' ? [value] : [],
    ),
  };
  known.set(trace, calls);
  return calls;
}

function indexed(trace: Trace): Map<FunctionNode, Call[]> {
  const found = new Map<FunctionNode, Call[]>();
  for (const file of trace.files) {
    walk(file.program, (node) => {
      const callee = calleeOf(node);
      if (callee === null) return;
      for (const { node: one } of trace.plainly(file, callee)) {
        const called = isClass(one) ? constructorOf(one) : isFunction(one) ? one : null;
        if (called !== null)
          found.set(called, [...(found.get(called) ?? []), { node, file, frame: new Map() }]);
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

function providersIn(file: SourceFile): Provider[] {
  const found: Provider[] = [];
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
const isOutside = ({ path, isConfig }: SourceFile): boolean =>
  isConfig || path.endsWith('.html') || isServedAsIs(path);

function globalsIn(files: readonly SourceFile[]): Map<string, Value[]> {
  const found = new Map<string, Value[]>();
  for (const { to, ...value } of assignmentsIn(files.filter((one) => !isOutside(one)))) {
    const name = /^(?:window|globalThis|self)\.([\w$]+)$/.exec(to)?.[1];
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

function assignmentsIn(files: readonly SourceFile[]): (Value & { to: string })[] {
  const found: (Value & { to: string })[] = [];
  for (const file of files) {
    walk(file.program, (node) => {
      if (node.type === 'AssignmentExpression') found.push({ to: dotted(node.left), node: node.right, file });
    });
  }
  return found;
}

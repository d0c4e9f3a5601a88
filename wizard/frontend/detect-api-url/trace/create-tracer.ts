import { asksForValue } from '../../../../javascript/guarded-value.ts';
import { indexImports, type Import } from '../../../../javascript/index-imports.ts';
import { anyElement } from '../../../../javascript/scopes.ts';
import type { SourceFile } from '../../../../javascript/source-file.ts';
import type { FunctionNode, Node } from '../../../../javascript/syntax-tree.ts';
import { webpackModules, type WebpackModule } from '../../../../javascript/webpack-modules.ts';
import { buildCallGraph } from './call-graph.ts';
import { isAlwaysAssigned, isDeadInBrowser, type BrowserPage } from './browser-branch.ts';
import { callResult, instanceMember } from './call-result.ts';
import { assignmentsIn, resolveThis } from './class-members.ts';
import { referenceTo, withNode, type CallGraph, type Reference, type Tracer } from './reference.ts';
import { resolveMember } from './resolve-member.ts';
import { resolveModule, resolveName } from './resolve-name.ts';
import { comparedInCall } from './evaluate-in-calls.ts';
import { returnsIn } from './return-values.ts';

/** Bounds one search: in some projects every name leads to every other one. */
const maxSteps = 1_000;
const maxDepth = 80;

/** A tracer of the expressions of these files; `hasProcess` where the pages have a `process`, as those of Next do. */
export function createTracer(
  files: readonly SourceFile[],
  { hasProcess = false, page = null }: Partial<BrowserPage> = {},
): Tracer {
  const visiting = new Map<Node, Set<string>>();
  let depth = 0;
  let steps = 0;
  const dead = new Map<Node, boolean>();
  const isDead = ({ file, node }: Pick<Reference, 'file' | 'node'>): boolean => {
    const isDeadNode = dead.get(node) ?? isDeadInBrowser(file, node, { hasProcess, page });
    dead.set(node, isDeadNode);
    return isDeadNode;
  };
  const trace = (reference: Reference): readonly Reference[] => {
    if (depth === 0) steps = 0;
    steps += 1;
    const path = reference.path.map(({ name }) => name).join('.');
    const paths = visiting.get(reference.node) ?? new Set();
    // A reference that leads back to itself adds nothing.
    if (depth >= maxDepth || steps > maxSteps || paths.has(path) || isDead(reference)) return [];
    visiting.set(reference.node, paths.add(path));
    depth += 1;
    try {
      return follow(tracer, reference);
    } finally {
      depth -= 1;
      paths.delete(path);
    }
  };
  const traced = new Map<Node, readonly Reference[]>();
  const traceNode: Tracer['traceNode'] = (file, node) => {
    const values = traced.get(node) ?? trace(referenceTo(file, node));
    // Inside another search it may have been cut short.
    if (depth === 0) traced.set(node, values);
    return values;
  };
  let callGraph: CallGraph | null = null;
  let modules: ReadonlyMap<string, WebpackModule> | null = null;
  let imports: ReadonlyMap<SourceFile, readonly Import[]> | null = null;
  const tracer: Tracer = Object.assign(trace, {
    files,
    filesByPath: new Map(files.map((file) => [file.path, file])),
    traceNode,
    isDead,
    isAlwaysAssigned: ({ file, node }: Pick<Reference, 'file' | 'node'>) =>
      isAlwaysAssigned(file, node, { hasProcess, page }),
    unboundFunctions: new Set<FunctionNode>(),
    callGraph: () => (callGraph ??= buildCallGraph(tracer)),
    webpackModules: () => (modules ??= webpackModules(files)),
    importsOf: (file: SourceFile) => (imports ??= indexImports(tracer.filesByPath)).get(file) ?? [],
    returnsIn: memoise(returnsIn),
    assignmentsIn: memoise(assignmentsIn),
  });
  return tracer;
}

function memoise<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, Value>();
  return (key) => {
    const value = values.get(key) ?? compute(key);
    values.set(key, value);
    return value;
  };
}

function follow(tracer: Tracer, reference: Reference): readonly Reference[] {
  const { node } = reference;
  const followTo = (next: Node): readonly Reference[] => tracer(withNode(reference, next));
  switch (node.type) {
    case 'Identifier':
    case 'JSXIdentifier':
      return resolveName(tracer, reference, node.name);
    case 'ThisExpression':
      return resolveThis(tracer, reference);
    case 'MemberExpression':
      return propertyNames(tracer, reference).flatMap((name) => [
        ...tracer(withNode(reference, node.object, [{ name, node }, ...reference.path])),
      ]);
    case 'LogicalExpression':
      if (node.operator === '&&') return followTo(node.right);
      return [...followTo(node.left), ...tracer({ ...withNode(reference, node.right), isFallback: true })];
    case 'ConditionalExpression': {
      const isTrue = comparedInCall(tracer, reference, node.test);
      if (isTrue !== null) return followTo(isTrue ? node.consequent : node.alternate);
      const isGuarded = asksForValue(reference.file, node.test, node.consequent);
      const alternate = withNode(reference, node.alternate);
      return [
        ...followTo(node.consequent),
        ...tracer({ ...alternate, isFallback: reference.isFallback || isGuarded }),
      ];
    }
    case 'AssignmentExpression':
      return node.operator === '+=' ? [reference] : followTo(node.right);
    case 'SequenceExpression':
      return followTo(node.expressions.at(-1)!);
    case 'AwaitExpression':
      return followTo(node.argument);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'JSXExpressionContainer':
      return followTo(node.expression);
    case 'ImportExpression':
      return resolveModule(tracer, reference, node.source);
    case 'CallExpression':
      return callResult(tracer, reference);
    case 'NewExpression':
      return reference.path.length === 0 ? [reference] : instanceMember(tracer, reference);
    default:
      return resolveMember(tracer, reference);
  }
}

/** The property that a member expression names, or those that a computed one can name. */
function propertyNames(tracer: Tracer, reference: Reference): string[] {
  const { node } = reference;
  if (node.type !== 'MemberExpression') return [];
  const { property, computed } = node;
  if (!computed) return 'name' in property ? [property.name] : [];
  const names = tracer(withNode(reference, property, [])).flatMap((value) =>
    value.node.type === 'Literal' ? [String(value.node.value)] : [],
  );
  return names.length > 0 ? names : [anyElement];
}

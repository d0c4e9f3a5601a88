import { callGraphOf } from './call-graph.ts';
import { dottedName } from './exports.ts';
import { returnValues } from './member-access.ts';
import { withNode, type Reference, type Tracer } from './reference.ts';
import type { Node } from '../../../../javascript/parse.ts';

/** Calls of packages that give back what they are handed: React’s, mostly. Any other ends the road. */
export function libraryCallResult(trace: Tracer, ref: Reference): readonly Reference[] {
  const { node } = ref;
  if (node.type !== 'CallExpression') return [];
  const name = dottedName(node.callee).split('.').at(-1) ?? '';
  const [first] = node.arguments;
  const [step, ...rest] = ref.path;
  if (first === undefined) return [ref];
  if (/^use(?:State|Reducer)$/.test(name) && step?.name === '0') return trace(withNode(ref, first, rest));
  if (/^(?:useRef|ref|signal|computed)$/.test(name) && /^(?:current|value)$/.test(step?.name ?? ''))
    return trace(withNode(ref, first, rest));
  if (/^(?:useCallback|memo|forwardRef|observer|stringify)$/.test(name)) return trace(withNode(ref, first));
  if (/^(?:useMemo|lazy|loadable)$/.test(name))
    return trace(withNode(ref, first, [])).flatMap((one) => returnValues(trace, { ...one, path: ref.path }));
  if (name === 'useContext' || name === 'use') return contextValues(trace, ref, first);
  // A checked environment is the environment.
  const environment = step === undefined ? [] : trace(withNode(ref, first)).filter(isEnvironment);
  return environment.length > 0 ? environment : [ref];
}

function isEnvironment({ node, path }: Reference): boolean {
  const isIt = node.type === 'MetaProperty' || (node.type === 'Identifier' && node.name === 'process');
  return isIt && path[0]?.name === 'env';
}

/** What the providers of a context are given, and its default. */
function contextValues(trace: Tracer, ref: Reference, context: Node): readonly Reference[] {
  const wanted = trace(withNode(ref, context, []));
  const value = { name: 'value', node: context };
  const given = callGraphOf(trace).contextProviders.flatMap(({ node, file, context: of }) => {
    const isIt = trace({ ...ref, node: of, file, path: [] }).some((one) =>
      wanted.some((other) => other.node === one.node),
    );
    return isIt ? [...trace({ ...ref, node, file, path: [value, ...ref.path] })] : [];
  });
  const usual = wanted.flatMap((one) => {
    const start = one.node.type === 'CallExpression' ? one.node.arguments[0] : undefined;
    return start === undefined ? [] : [...trace({ ...ref, node: start, file: one.file })];
  });
  return [...given, ...usual];
}

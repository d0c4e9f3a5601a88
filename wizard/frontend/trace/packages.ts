import { callsOf } from './calls.ts';
import { dotted } from './exports.ts';
import { returned } from './members.ts';
import { at, type Ref, type Trace } from './ref.ts';
import type { Node } from './syntax.ts';

/** Calls of packages that give back what they are handed: React’s, mostly. Any other ends the road. */
export function handedBack(trace: Trace, ref: Ref): readonly Ref[] {
  const { node } = ref;
  if (node.type !== 'CallExpression') return [];
  const name = dotted(node.callee).split('.').at(-1) ?? '';
  const [first] = node.arguments;
  const [step, ...rest] = ref.path;
  if (first === undefined) return [ref];
  if (/^use(?:State|Reducer)$/.test(name) && step?.name === '0') return trace(at(ref, first, rest));
  if (/^(?:useRef|ref|signal|computed)$/.test(name) && /^(?:current|value)$/.test(step?.name ?? ''))
    return trace(at(ref, first, rest));
  if (/^(?:useCallback|memo|forwardRef|observer|stringify)$/.test(name)) return trace(at(ref, first));
  if (/^(?:useMemo|lazy|loadable)$/.test(name))
    return trace(at(ref, first, [])).flatMap((one) => returned(trace, { ...one, path: ref.path }));
  if (name === 'useContext' || name === 'use') return provided(trace, ref, first);
  // A checked environment is the environment.
  const environment = step === undefined ? [] : trace(at(ref, first)).filter(isEnvironment);
  return environment.length > 0 ? environment : [ref];
}

function isEnvironment({ node, path }: Ref): boolean {
  const isIt = node.type === 'MetaProperty' || (node.type === 'Identifier' && node.name === 'process');
  return isIt && path[0]?.name === 'env';
}

/** What the providers of a context are given, and its default. */
function provided(trace: Trace, ref: Ref, context: Node): readonly Ref[] {
  const wanted = trace(at(ref, context, []));
  const value = { name: 'value', node: context };
  const given = callsOf(trace).providers.flatMap(({ node, file, context: of }) => {
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

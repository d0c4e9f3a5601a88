import { anyElement } from './trace/member-access.ts';
import { isSecretName } from '../framework.ts';
import { referenceTo, type Reference, type Step } from './trace/reference.ts';
import type { SourceFile } from '../../../javascript/source-file.ts';
import { walk, type Node } from '../../../javascript/parse.ts';

/** Where an address comes into the code that runs in the browser. */
export type UrlSource = {
  kind:
    | 'process-env'
    | 'import-meta-env'
    | 'custom-field'
    | 'window'
    | 'constant'
    | 'written-in'
    | 'same-origin';
  /** The variable, field, global or constant; the address itself when it is written in. */
  name: string;
  file: SourceFile;
  start: number;
  end: number;
  /** The address that the same expression falls back to. */
  fallback: string | null;
  /** Taken out of the whole `process.env` by a pattern or another name: most builds fill in whole expressions alone. */
  isDestructured?: boolean;
};

/** The read at the end of a road; null where the road ends at anything else. `constants` are what a build defines. */
export function urlSourceAt(ref: Reference, constants: ReadonlySet<string> = new Set()): UrlSource | null {
  const steps = ref.path.map(({ name }) => name);
  const of = (kind: UrlSource['kind'], at: number, name = steps[at]): UrlSource | null => {
    const step = ref.path[at];
    if (step === undefined || name === undefined || name === anyElement || isSecretName(name)) return null;
    const { start, end } = step.node;
    const isTakenApart = kind.endsWith('-env') && !isWholeExpression(ref, at);
    return {
      kind,
      name,
      file: ref.file,
      start,
      end,
      fallback: null,
      ...(isTakenApart && { isDestructured: isTakenApart }),
    };
  };
  const field = steps.indexOf('customFields');
  if (field >= 0) return of('custom-field', field + 1);
  const { node } = ref;
  if (node.type === 'MetaProperty') return steps[0] === 'env' ? of('import-meta-env', 1) : null;
  if (node.type !== 'Identifier' || ref.file.scopes.sourcesOf(node, node.name) !== null) return null;
  if (steps.length === 0) return constants.has(node.name) ? constant(ref, node) : null;
  if (node.name === 'process') return steps[0] === 'env' ? of('process-env', 1) : null;
  if (!/^(?:window|globalThis|self)$/.test(node.name)) return null;
  if (steps[0] === 'process') return steps[1] === 'env' ? of('process-env', 2) : null;
  if (steps[0] === 'location' || steps[0] === 'document') return null;
  return steps.length === 1 ? of('window', 0) : of('window', 1, `${steps[0]}.${steps[1]}`);
}

function constant({ file }: Reference, node: Node & { name: string }): UrlSource {
  return { kind: 'constant', name: node.name, file, start: node.start, end: node.end, fallback: null };
}

/** `process.env.NAME` in one piece, casts aside: that is what a build’s plugins look for. */
function isWholeExpression({ path, node }: Reference, at: number): boolean {
  const [env, last] = [path[at - 1]?.node, path[at]?.node];
  if (last?.type !== 'MemberExpression' || env === undefined || at > 1) return false;
  const isNamed = !last.computed || last.property.type === 'Literal';
  return (
    isNamed &&
    withoutCasts(last.object) === env &&
    env.type === 'MemberExpression' &&
    withoutCasts(env.object) === node
  );
}

function withoutCasts(node: Node): Node {
  return 'expression' in node && typeof node.expression === 'object'
    ? withoutCasts(node.expression as Node)
    : node;
}

/** Whether it is the page’s own origin: `window.location.origin`. */
export function isOwnOrigin({ node, path }: Reference): boolean {
  const steps = path.map(({ name }) => name).join('.');
  return (
    node.type === 'Identifier' &&
    /^(?:location\.)?origin$/.test(steps) &&
    /^(?:window|globalThis|self|location)$/.test(node.name)
  );
}

/** Every read that the code of one file names in one piece, whether or not it leads anywhere. */
export function envReferencesIn(file: SourceFile): UrlSource[] {
  const found: UrlSource[] = [];
  walk(file.program, (node) => {
    const read = node.type === 'MemberExpression' ? urlSourceAt(writtenReference(file, node)) : null;
    if (read !== null && read.start === node.start && read.end === node.end) found.push(read);
  });
  return found;
}

/** `a.b.c` from its first name on, followed nowhere. */
function writtenReference(file: SourceFile, node: Node): Reference {
  const path: Step[] = [];
  let root = node;
  for (; root.type === 'MemberExpression'; root = withoutCasts(root.object)) {
    const { property, computed } = root;
    const name =
      !computed && 'name' in property ? property.name : property.type === 'Literal' && property.value;
    if (typeof name !== 'string') break;
    path.unshift({ name, node: root });
  }
  return referenceTo(file, root, path);
}

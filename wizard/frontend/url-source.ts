import type { PathSegment } from '../../javascript/scopes.ts';
import { anyElement } from '../../javascript/scopes.ts';
import type { SourceFile } from '../../javascript/source-file.ts';
import type { Node } from '../../javascript/syntax-tree.ts';
import type { Reference } from './detect-api-url/trace/reference.ts';
import { queriedMetaName } from '../../javascript/meta-tags.ts';
import { isSecretName } from './variable-names.ts';

/** Where a value that can be the API's URL enters the code that runs in the browser. */
export type UrlSource = {
  kind:
    | 'process-env'
    | 'import-meta-env'
    | 'custom-field'
    | 'plugin-data'
    | 'window'
    | 'meta'
    | 'constant'
    | 'written-in'
    | 'same-origin';
  /** The variable, field, global, meta tag or constant; the URL itself when it is a literal. */
  name: string;
  file: SourceFile;
  start: number;
  end: number;
  /** The node at that place. */
  node: Node;
  /** The literal URL that the same expression falls back to. */
  fallback: string | null;
  /** Taken out of `process.env` by destructuring or an alias. Most builds replace whole expressions only. */
  isDestructured?: boolean;
};

type UnfollowedReference = Pick<Reference, 'node' | 'file' | 'path'>;

/**
 * The source that a reference has been traced to; null when it ends at anything else, or at the name of a secret.
 * `constants` are the names that the build defines.
 */
export function urlSourceAt(
  reference: UnfollowedReference,
  constants: ReadonlySet<string> = new Set(),
): UrlSource | null {
  const { node, file, path } = reference;
  const names = path.map(({ name }) => name);
  const sourceAt = (kind: UrlSource['kind'], index: number, ...nameOverride: [string?]): UrlSource | null => {
    const name = nameOverride.length > 0 ? nameOverride[0] : names[index];
    const segment = path[index];
    if (segment === undefined || name === undefined || name === anyElement || isSecretName(name)) return null;
    const { start, end } = segment.node;
    const at = segment.node;
    const isDestructured = kind.endsWith('-env') && !isWholeExpression(reference, index);
    return {
      kind,
      name,
      file,
      start,
      end,
      node: at,
      fallback: null,
      ...(isDestructured && { isDestructured }),
    };
  };
  // In a browser `window.docusaurus` has `prefetch` and `preload` alone, however often pages look for fields there:
  // https://github.com/facebook/docusaurus/blob/main/packages/docusaurus/src/client/docusaurus.ts
  const isClientObject = names[0] === 'docusaurus' && isFreeName(reference, /^(?:window|globalThis|self)$/);
  const field = isClientObject ? -1 : names.indexOf('customFields');
  if (field >= 0) {
    // `customFields.chatbot.apiUrl` is the field `chatbot.apiUrl`.
    const fields = names.slice(field + 1);
    return sourceAt('custom-field', path.length - 1, fields.length === 0 ? undefined : fields.join('.'));
  }
  const owner = pluginDataDepth(node);
  if (owner !== null) return sourceAt('plugin-data', path.length - 1, names.slice(owner).join('.'));
  const meta = queriedMetaName(node);
  if (meta !== null) return names[0] === 'content' ? sourceAt('meta', 0, meta) : null;
  if (node.type === 'MetaProperty') return names[0] === 'env' ? sourceAt('import-meta-env', 1) : null;
  if (node.type !== 'Identifier' || file.scopes.sourcesOf(node, node.name) !== null) return null;
  if (names.length === 0) {
    const { name, start, end } = node;
    return constants.has(name) ? { kind: 'constant', name, file, start, end, node, fallback: null } : null;
  }
  if (node.name === 'process') return names[0] === 'env' ? sourceAt('process-env', 1) : null;
  if (!/^(?:window|globalThis|self)$/.test(node.name)) return null;
  if (names[0] === 'process') return names[1] === 'env' ? sourceAt('process-env', 2) : null;
  if (isClientObject || names[0] === 'location' || names[0] === 'document') return null;
  return names.length === 1 ? sourceAt('window', 0) : sourceAt('window', 1, `${names[0]}.${names[1]}`);
}

/**
 * How many names precede what a plugin gave to `setGlobalData` when the site was built: none in `usePluginData('chat')` of
 * Docusaurus, the plugin's name and its id in `useGlobalData()`; null for any other node.
 */
function pluginDataDepth(node: Node): number | null {
  const name = node.type === 'CallExpression' && 'name' in node.callee ? node.callee.name : '';
  return { usePluginData: 0, useGlobalData: 2 }[name] ?? null;
}

/** Whether a reference starts at a name that the file does not bind itself. */
function isFreeName({ node, file }: UnfollowedReference, pattern: RegExp): boolean {
  return (
    node.type === 'Identifier' && pattern.test(node.name) && file.scopes.sourcesOf(node, node.name) === null
  );
}

/** `process.env.NAME` in one expression, casts aside: what a build's plugins look for. */
function isWholeExpression({ path, node }: UnfollowedReference, index: number): boolean {
  const [env, last] = [path[index - 1]?.node, path[index]?.node];
  if (last?.type !== 'MemberExpression' || env === undefined || index > 1) return false;
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

/** Every source that a file spells in one expression, whether or not a request uses it. */
export function urlSourcesIn(file: SourceFile): UrlSource[] {
  return file.nodes.flatMap(({ node }) => {
    const source = node.type === 'MemberExpression' ? urlSourceAt(spelledReference(file, node)) : null;
    return source !== null && source.start === node.start && source.end === node.end ? [source] : [];
  });
}

/** `a.b.c` from its first name on, without following that name. */
function spelledReference(file: SourceFile, node: Node): UnfollowedReference {
  const path: PathSegment[] = [];
  let root = node;
  for (; root.type === 'MemberExpression'; root = withoutCasts(root.object)) {
    const { property, computed } = root;
    const name =
      !computed && 'name' in property ? property.name : property.type === 'Literal' && property.value;
    if (typeof name !== 'string') break;
    path.unshift({ name, node: root });
  }
  return { file, node: root, path };
}

/** Whether a URL is on the developer's own machine. */
export const isLoopbackUrl = (url: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(url);

/** The origin of a URL; null for a name. */
export const originOf = (name: string): string | null => /^https?:\/\/[^/]+/.exec(name)?.[0] ?? null;

/** The path of a URL; empty for a name. */
export const pathOfUrl = (name: string): string => /^https?:\/\/[^/]*(\/.*)/.exec(name)?.[1] ?? '';

import { calleeName, dottedName } from '../../../javascript/names.ts';
import type { SourceFile } from '../../../javascript/source-file.ts';
import { isFunction, type JsxAttribute, type Node } from '../../../javascript/syntax-tree.ts';
import type { ValueInCall } from './trace/evaluate-in-calls.ts';
import { isNeverChat } from './chat/chat-path.ts';
import {
  possibleStrings,
  stringsInCalls,
  type StringPart,
  type StringParts,
} from './trace/possible-strings.ts';
import { urlSourceAt } from '../url-source.ts';
import { referenceTo, withNode, type Reference, type Tracer } from './trace/reference.ts';

/** A call that sends a request, with every URL that it can be sent to. */
export type RequestSite = {
  file: SourceFile;
  node: Node;
  urls: readonly ValueInCall<StringParts>[];
  /** False where a package is passed the URL, and what it does with it is not visible. */
  isDirect: boolean;
};

const requestFunctions = /^(?:fetch|axios|fetchEventSource|ky|ofetch|got|useSWR|\$fetch|sendBeacon)$/;
const requestMethods = /^(?:get|post|put|patch|delete|request|head|stream|postForm|ajax|getJSON)$/;
const requestClasses = /^(?:EventSource|WebSocket|Request)$/;

/** Methods that a bundle calls on maps and caches in hundreds of places, and that no chat asks with. */
const collectionMethods = /^(?:get|delete|head)$/;

/** Every request that the code of one file sends. */
export function findRequests(tracer: Tracer, file: SourceFile, { isBundle = false } = {}): RequestSite[] {
  return file.nodes.flatMap(({ node }) => {
    if (isBundle && node.type === 'CallExpression' && collectionMethods.test(calleeName(node.callee)))
      return [];
    const urls = requestUrlsAt(tracer, file, node);
    if (urls.length === 0 || tracer.isDead({ file, node })) return [];
    return [{ file, node, urls, isDirect: true }];
  });
}

function requestUrlsAt(tracer: Tracer, file: SourceFile, node: Node): readonly ValueInCall<StringParts>[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const [first, second] = node.arguments;
  if (first === undefined) return [];
  const stringsOf = (argument: Node): readonly ValueInCall<StringParts>[] =>
    stringsInCalls(tracer, referenceTo(file, argument));
  const name = calleeName(node.callee);
  if (node.type === 'NewExpression') return requestClasses.test(name) ? stringsOf(first) : [];
  const isMethod = node.callee.type === 'MemberExpression' && (name === 'open' || requestMethods.test(name));
  if (!requestFunctions.test(name) && !isMethod) return [];
  // A function of the project with such a name: its own requests are found where it sends them.
  if (isProjectFunction(tracer, file, node.callee)) return [];
  const urls = (): readonly ValueInCall<StringParts>[] =>
    first.type === 'ObjectExpression' ? urlsFromOptions(tracer, file, first) : stringsOf(first);
  if (requestFunctions.test(name)) return urls();
  if (node.callee.type !== 'MemberExpression') return [];
  // XMLHttpRequest
  if (name === 'open' && second !== undefined && isHttpMethod(first)) return stringsOf(second);
  if (!requestMethods.test(name) || isCollection(tracer, file, node.callee.object)) return [];
  const paths = urls();
  const bases = baseUrls(tracer, referenceTo(file, node.callee.object));
  return bases.length === 0
    ? paths
    : bases.flatMap((base) => paths.map((path) => ({ ...path, value: joinUrl(base, path.value) })));
}

const isHttpMethod = (node: Node): boolean =>
  node.type === 'Literal' && /^(?:GET|POST)$/i.test(String(node.value));

const collectionClasses = /^(?:(?:Weak)?(?:Map|Set)|URLSearchParams|Headers|FormData)$/;

/** `map.get(key)` is no request. */
function isCollection(tracer: Tracer, file: SourceFile, object: Node): boolean {
  return tracer
    .traceNode(file, object)
    .some(({ node }) => node.type === 'NewExpression' && collectionClasses.test(dottedName(node.callee)));
}

function isProjectFunction(tracer: Tracer, file: SourceFile, callee: Node): boolean {
  return tracer.traceNode(file, callee).some(({ node }) => isFunction(node));
}

/** `{ baseURL, url }` */
function urlsFromOptions(
  tracer: Tracer,
  file: SourceFile,
  options: Node,
): readonly ValueInCall<StringParts>[] {
  const option = (name: string): readonly ValueInCall<StringParts>[] =>
    stringsInCalls(tracer, referenceTo(file, options, [{ name, node: options }]));
  const [urls, bases] = [option('url'), option('baseURL')];
  if (urls.length === 0 || bases.length === 0) return [...urls, ...bases];
  return bases.flatMap(({ value: base }) => urls.map((url) => ({ ...url, value: joinUrl(base, url.value) })));
}

/** The base URLs that a client was created with: `axios.create({ baseURL })`. */
function baseUrls(tracer: Tracer, client: Reference): readonly StringParts[] {
  if (dottedName(client.node) === 'axios')
    return tracer
      .callGraph()
      .axiosBaseUrls.flatMap(({ file, node }) => [...possibleStrings(tracer, referenceTo(file, node))]);
  return tracer(client).flatMap((created) => {
    const { node } = created;
    const options = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    if (options === undefined || node.type !== 'CallExpression') return [];
    if (!/^(?:create|extend)$/.test(calleeName(node.callee))) return [];
    return ['baseURL', 'prefixUrl', 'baseUrl'].flatMap((name) => [
      ...possibleStrings(tracer, withNode(created, options, [{ name, node: options }])),
    ]);
  });
}

/** A variable is an address of its own; what it falls back to is a path after the base. */
function joinUrl(base: StringParts, path: StringParts): StringParts {
  // A template begins with what is before its first value, mostly nothing.
  const [first] = path.filter((part) => part.type === 'unresolved' || part.text !== '' || part.isFallback);
  if (first?.type === 'unresolved' && urlSourceAt(first.reference) !== null) return path;
  if (first?.type !== 'text') return [...base, ...path];
  if (/^https?:/.test(first.text)) return path;
  return [...(first.isFallback ? base.map(asFallback) : base), ...path];
}

function asFallback(part: StringPart): StringPart {
  if (part.type === 'text') return { ...part, isFallback: true };
  return { ...part, reference: { ...part.reference, isFallback: true } };
}

/** Calls whose arguments are no request, whatever they hold. */
const ignoredCalls =
  /^(?:console\.\w+|JSON\.\w+|Boolean|Number|Error|TypeError|require|import|expect|describe|alert|(?:.*\.)?(?:open|push|replace|assign|navigate|redirect))$/;

/** Every string that the code of one file passes to a package: to its functions and to its components. */
export function findPassedUrls(tracer: Tracer, file: SourceFile): RequestSite[] {
  return file.nodes.flatMap(({ node }) =>
    passedValues(tracer, file, node).flatMap((value) => {
      const urls = stringsInCalls(tracer, referenceTo(file, value));
      return urls.length > 0 ? [{ file, node, urls, isDirect: false }] : [];
    }),
  );
}

function passedValues(tracer: Tracer, file: SourceFile, node: Node): Node[] {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const name = dottedName(node.callee);
    const isIgnored = ignoredCalls.test(name) || isNeverChat(name);
    if (isIgnored || isProjectFunction(tracer, file, node.callee)) return [];
    return node.arguments.flatMap(argumentValues);
  }
  if (node.type !== 'JSXElement') return [];
  const { name, attributes } = node.openingElement;
  const isHtml = name.type === 'JSXIdentifier' && /^[a-z]/.test(name.name);
  if (isHtml || isProjectFunction(tracer, file, name)) return [];
  return attributes.flatMap((attribute) => {
    const { name: key, value } = attribute as JsxAttribute;
    return value == null || linkAttribute.test(String(key?.name)) ? [] : argumentValues(value);
  });
}

/** What leads a reader to a page: no code asks there. */
const linkAttribute = /^(?:to|href)$/;

/** The values of an argument; of an object of options, those of its properties. */
function argumentValues(node: Node): Node[] {
  if (node.type === 'JSXExpressionContainer') return argumentValues(node.expression);
  if (node.type === 'ObjectExpression')
    return node.properties.flatMap((property) =>
      property.type === 'Property' ? argumentValues(property.value) : [],
    );
  return isFunction(node) || node.type === 'SpreadElement' || node.type.startsWith('JSX') ? [] : [node];
}

import { callGraphOf } from './trace/call-graph.ts';
import { dottedName } from './trace/exports.ts';
import { possibleStrings, type StringParts } from './trace/string-parts.ts';
import { withNode, referenceTo, type Reference, type Tracer } from './trace/reference.ts';
import type { SourceFile } from '../../../javascript/source-file.ts';
import { isFunction, walk, type JsxAttribute, type Node } from '../../../javascript/parse.ts';

/** A place where the code asks a server, with every address that it may ask at. */
export type RequestSite = {
  file: SourceFile;
  node: Node;
  urls: readonly StringParts[];
  /** False where a package is handed the address, and what it does with it is not seen. */
  isDirect: boolean;
};

const requestFunctions = /^(?:fetch|axios|fetchEventSource|ky|ofetch|got|useSWR|\$fetch|sendBeacon)$/;
const requestMethods = /^(?:get|post|put|patch|delete|request|head|stream|postForm|ajax|getJSON)$/;
const requestClasses = /^(?:EventSource|WebSocket|Request)$/;

/** Every request in the code that runs in the browser. */
export function findRequests(trace: Tracer, file: SourceFile): RequestSite[] {
  const found: RequestSite[] = [];
  walk(file.program, (node) => {
    const addresses = requestUrlsAt(trace, file, node);
    if (addresses.length > 0) found.push({ file, node, urls: addresses, isDirect: true });
  });
  return found;
}

function requestUrlsAt(trace: Tracer, file: SourceFile, node: Node): readonly StringParts[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const [first, second] = node.arguments;
  if (first === undefined) return [];
  const texts = (of: Node): readonly StringParts[] => possibleStrings(trace, referenceTo(file, of));
  const name = lastName(node.callee);
  if (node.type === 'NewExpression') return requestClasses.test(name) ? texts(first) : [];
  if (isProjectFunction(trace, file, node.callee)) return [];
  if (requestFunctions.test(name))
    return first.type === 'ObjectExpression' ? urlsFromOptions(trace, file, first) : texts(first);
  if (node.callee.type !== 'MemberExpression') return [];
  if (name === 'open' && second !== undefined && isVerb(first)) return texts(second);
  if (!requestMethods.test(name) || isCollection(trace, file, node.callee.object)) return [];
  const own = first.type === 'ObjectExpression' ? urlsFromOptions(trace, file, first) : texts(first);
  const bases = baseUrls(trace, referenceTo(file, node.callee.object));
  return bases.length === 0 ? own : bases.flatMap((base) => own.map((one) => joinUrl(base, one)));
}

const isVerb = (node: Node): boolean => node.type === 'Literal' && /^(?:GET|POST)$/i.test(String(node.value));

const collectionClasses = /^(?:(?:Weak)?(?:Map|Set)|URLSearchParams|Headers|FormData)$/;

/** `map.get(key)` asks nobody. */
function isCollection(trace: Tracer, file: SourceFile, object: Node): boolean {
  return trace
    .plainly(file, object)
    .some(({ node }) => node.type === 'NewExpression' && collectionClasses.test(dottedName(node.callee)));
}

/** A function of the project that bears such a name: what it asks is seen where it asks. */
function isProjectFunction(trace: Tracer, file: SourceFile, callee: Node): boolean {
  return trace.plainly(file, callee).some(({ node }) => isFunction(node));
}

/** `{ baseURL, url }`. */
function urlsFromOptions(trace: Tracer, file: SourceFile, options: Node): readonly StringParts[] {
  const under = (name: string): readonly StringParts[] =>
    possibleStrings(trace, referenceTo(file, options, [{ name, node: options }]));
  const [urls, bases] = [under('url'), under('baseURL')];
  if (urls.length === 0 || bases.length === 0) return [...urls, ...bases];
  return bases.flatMap((base) => urls.map((url) => joinUrl(base, url)));
}

/** What a client is made with: `axios.create({ baseURL })`. */
function baseUrls(trace: Tracer, client: Reference): readonly StringParts[] {
  if (dottedName(client.node) === 'axios')
    return callGraphOf(trace).axiosBaseUrls.flatMap(({ file, node }) => [
      ...possibleStrings(trace, referenceTo(file, node)),
    ]);
  return trace(client).flatMap((one) => {
    const { node } = one;
    const options = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    if (options === undefined || node.type !== 'CallExpression') return [];
    if (!/^(?:create|extend)$/.test(lastName(node.callee))) return [];
    return ['baseURL', 'prefixUrl', 'baseUrl'].flatMap((name) => [
      ...possibleStrings(trace, withNode(one, options, [{ name, node: options }])),
    ]);
  });
}

/** A client puts a slash between the two where neither has one. */
function joinUrl(base: StringParts, path: StringParts): StringParts {
  const [first] = path;
  const isWhole = first?.type === 'text' && /^https?:/.test(first.text);
  return isWhole ? path : [...base, ...path];
}

const ignoredCalls =
  /^(?:console\.\w+|JSON\.\w+|Boolean|Number|Error|TypeError|require|import|expect|describe|alert|(?:.*\.)?(?:open|push|replace|assign|navigate|redirect))$/;

/** Where a package gets an address: as an argument of its function, or as an attribute of its component. */
export function findPassedUrls(trace: Tracer, file: SourceFile): RequestSite[] {
  const found: RequestSite[] = [];
  const add = (node: Node, value: Node): void => {
    const addresses = possibleStrings(trace, referenceTo(file, value));
    if (addresses.length > 0) found.push({ file, node, urls: addresses, isDirect: false });
  };
  walk(file.program, (node) => {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      if (ignoredCalls.test(dottedName(node.callee)) || isProjectFunction(trace, file, node.callee)) return;
      for (const one of node.arguments) for (const value of argumentValues(one)) add(node, value);
    }
    if (node.type !== 'JSXElement') return;
    const { name, attributes } = node.openingElement;
    if (name.type === 'JSXIdentifier' && /^[a-z]/.test(name.name)) return;
    if (isProjectFunction(trace, file, name)) return;
    for (const one of attributes) {
      const { value } = one as JsxAttribute;
      if (value != null) for (const each of argumentValues(value)) add(node, each);
    }
  });
  return found;
}

/** The texts among arguments, those of an object of options too. */
function argumentValues(node: Node): Node[] {
  if (node.type === 'JSXExpressionContainer') return argumentValues(node.expression);
  if (node.type === 'ObjectExpression')
    return node.properties.flatMap((one) => (one.type === 'Property' ? argumentValues(one.value) : []));
  return isFunction(node) || node.type === 'SpreadElement' || node.type.startsWith('JSX') ? [] : [node];
}

function lastName(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'ChainExpression') return lastName(callee.expression);
  return callee.type === 'MemberExpression' && 'name' in callee.property ? callee.property.name : '';
}

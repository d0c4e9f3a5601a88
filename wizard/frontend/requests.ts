import { callsOf } from './trace/calls.ts';
import { dotted } from './trace/exports.ts';
import { textsOf, type Pieces } from './trace/pieces.ts';
import { at, refOf, type Ref, type Trace } from './trace/ref.ts';
import type { SourceFile } from './trace/source.ts';
import { isFunction, walk, type JsxAttribute, type Node } from './trace/syntax.ts';

/** A place where the code asks a server, with every address that it may ask at. */
export type Request = {
  file: SourceFile;
  node: Node;
  addresses: readonly Pieces[];
  /** False where a package is handed the address, and what it does with it is not seen. */
  isSure: boolean;
};

const direct = /^(?:fetch|axios|fetchEventSource|ky|ofetch|got|useSWR|\$fetch|sendBeacon)$/;
const verbs = /^(?:get|post|put|patch|delete|request|head|stream|postForm|ajax|getJSON)$/;
const made = /^(?:EventSource|WebSocket|Request)$/;

/** Every request in the code that runs in the browser. */
export function requestsIn(trace: Trace, file: SourceFile): Request[] {
  const found: Request[] = [];
  walk(file.program, (node) => {
    const addresses = addressesOf(trace, file, node);
    if (addresses.length > 0) found.push({ file, node, addresses, isSure: true });
  });
  return found;
}

function addressesOf(trace: Trace, file: SourceFile, node: Node): readonly Pieces[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return [];
  const [first, second] = node.arguments;
  if (first === undefined) return [];
  const texts = (of: Node): readonly Pieces[] => textsOf(trace, refOf(file, of));
  const name = lastName(node.callee);
  if (node.type === 'NewExpression') return made.test(name) ? texts(first) : [];
  if (isOurs(trace, file, node.callee)) return [];
  if (direct.test(name))
    return first.type === 'ObjectExpression' ? byOptions(trace, file, first) : texts(first);
  if (node.callee.type !== 'MemberExpression') return [];
  if (name === 'open' && second !== undefined && isVerb(first)) return texts(second);
  if (!verbs.test(name) || isStore(trace, file, node.callee.object)) return [];
  const own = first.type === 'ObjectExpression' ? byOptions(trace, file, first) : texts(first);
  const bases = basesOf(trace, refOf(file, node.callee.object));
  return bases.length === 0 ? own : bases.flatMap((base) => own.map((one) => joined(base, one)));
}

const isVerb = (node: Node): boolean => node.type === 'Literal' && /^(?:GET|POST)$/i.test(String(node.value));

const stores = /^(?:(?:Weak)?(?:Map|Set)|URLSearchParams|Headers|FormData)$/;

/** `map.get(key)` asks nobody. */
function isStore(trace: Trace, file: SourceFile, object: Node): boolean {
  return trace
    .plainly(file, object)
    .some(({ node }) => node.type === 'NewExpression' && stores.test(dotted(node.callee)));
}

/** A function of the project that bears such a name: what it asks is seen where it asks. */
function isOurs(trace: Trace, file: SourceFile, callee: Node): boolean {
  return trace.plainly(file, callee).some(({ node }) => isFunction(node));
}

/** `{ baseURL, url }`. */
function byOptions(trace: Trace, file: SourceFile, options: Node): readonly Pieces[] {
  const under = (name: string): readonly Pieces[] =>
    textsOf(trace, refOf(file, options, [{ name, node: options }]));
  const [urls, bases] = [under('url'), under('baseURL')];
  if (urls.length === 0 || bases.length === 0) return [...urls, ...bases];
  return bases.flatMap((base) => urls.map((url) => joined(base, url)));
}

/** What a client is made with: `axios.create({ baseURL })`. */
function basesOf(trace: Trace, client: Ref): readonly Pieces[] {
  if (dotted(client.node) === 'axios')
    return callsOf(trace).defaults.flatMap(({ file, node }) => [...textsOf(trace, refOf(file, node))]);
  return trace(client).flatMap((one) => {
    const { node } = one;
    const options = node.type === 'CallExpression' ? node.arguments[0] : undefined;
    if (options === undefined || node.type !== 'CallExpression') return [];
    if (!/^(?:create|extend)$/.test(lastName(node.callee))) return [];
    return ['baseURL', 'prefixUrl', 'baseUrl'].flatMap((name) => [
      ...textsOf(trace, at(one, options, [{ name, node: options }])),
    ]);
  });
}

/** A client puts a slash between the two where neither has one. */
function joined(base: Pieces, path: Pieces): Pieces {
  const [first] = path;
  const isWhole = first?.type === 'text' && /^https?:/.test(first.text);
  return isWhole ? path : [...base, ...path];
}

const quiet =
  /^(?:console\.\w+|JSON\.\w+|Boolean|Number|Error|TypeError|require|import|expect|describe|alert|(?:.*\.)?(?:open|push|replace|assign|navigate|redirect))$/;

/** Where a package gets an address: as an argument of its function, or as an attribute of its component. */
export function handedOver(trace: Trace, file: SourceFile): Request[] {
  const found: Request[] = [];
  const add = (node: Node, value: Node): void => {
    const addresses = textsOf(trace, refOf(file, value));
    if (addresses.length > 0) found.push({ file, node, addresses, isSure: false });
  };
  walk(file.program, (node) => {
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      if (quiet.test(dotted(node.callee)) || isOurs(trace, file, node.callee)) return;
      for (const one of node.arguments) for (const value of valuesIn(one)) add(node, value);
    }
    if (node.type !== 'JSXElement') return;
    const { name, attributes } = node.openingElement;
    if (name.type === 'JSXIdentifier' && /^[a-z]/.test(name.name)) return;
    if (isOurs(trace, file, name)) return;
    for (const one of attributes) {
      const { value } = one as JsxAttribute;
      if (value != null) for (const each of valuesIn(value)) add(node, each);
    }
  });
  return found;
}

/** The texts among arguments, those of an object of options too. */
function valuesIn(node: Node): Node[] {
  if (node.type === 'JSXExpressionContainer') return valuesIn(node.expression);
  if (node.type === 'ObjectExpression')
    return node.properties.flatMap((one) => (one.type === 'Property' ? valuesIn(one.value) : []));
  return isFunction(node) || node.type === 'SpreadElement' || node.type.startsWith('JSX') ? [] : [node];
}

function lastName(callee: Node): string {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'ChainExpression') return lastName(callee.expression);
  return callee.type === 'MemberExpression' && 'name' in callee.property ? callee.property.name : '';
}

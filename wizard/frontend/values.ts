import { textsOf, type Pieces } from './trace/pieces.ts';
import { readAt } from './reads.ts';
import type { Ref, Trace } from './trace/ref.ts';
import { placeAt, type Place, type SourceFile } from './trace/source.ts';

/** What gives a read its value. */
export type Definition =
  /** A variable of the build reaches the browser. */
  | { type: 'variable'; variable: string; place: Place | null }
  /** Somebody wrote the address there. */
  | { type: 'address'; address: string; place: Place; file: SourceFile; start: number }
  /** Nothing gives it one: in the browser it is undefined, or `process` is. */
  | { type: 'nothing' };

const address = /^https?:\/\/[^\s'"`$]*/;
const isLocal = (text: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(text);

/** What an expression of the site’s configuration is, when the site is built: a variable before what is written there. */
export function valueAt(trace: Trace, ref: Ref, place?: Place): Definition | null {
  return bestOf(textsOf(trace, ref).map((one) => valueIn(one, place)));
}

export function bestOf(found: readonly (Definition | null)[]): Definition | null {
  const known = found.filter((one) => one !== null);
  const lasting = known.find((one) => one.type === 'address' && !isLocal(one.address));
  return known.find(({ type }) => type === 'variable') ?? lasting ?? known[0] ?? null;
}

/** What a text begins with. */
export function valueIn([first]: Pieces, place?: Place): Definition | null {
  if (first === undefined) return null;
  if (first.type === 'text') {
    const { text, node, file } = first;
    const page = /^%(\w+)%$/.exec(text)?.[1];
    const own = place ?? placeAt(file, node.start);
    if (page !== undefined) return { type: 'variable', variable: page, place: own };
    const found = address.exec(text)?.[0];
    return found === undefined
      ? null
      : { type: 'address', address: found, place: own, file, start: node.start };
  }
  const variable = variableAt(first.ref);
  if (variable === null) return null;
  return { type: 'variable', variable, place: place ?? placeAt(first.ref.file, lastNode(first.ref).start) };
}

const lastNode = ({ path, node }: Ref) => path.at(-1)?.node ?? node;

/** `process.env.NAME`, and what Vite’s `loadEnv` gives. */
function variableAt(ref: Ref): string | null {
  const read = readAt(ref);
  if (read?.kind === 'process-env') return read.name === 'NODE_ENV' ? null : read.name;
  const { node, path } = ref;
  const isLoaded = node.type === 'CallExpression' && 'name' in node.callee && node.callee.name === 'loadEnv';
  return isLoaded ? (path[0]?.name ?? null) : null;
}

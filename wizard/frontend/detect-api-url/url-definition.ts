import { possibleStrings, type StringParts } from './trace/string-parts.ts';
import { urlSourceAt } from './url-source.ts';
import type { Reference, Tracer } from './trace/reference.ts';
import { locationAt, type SourceLocation, type SourceFile } from '../../../javascript/source-file.ts';

/** What gives a read its value. */
export type UrlDefinition =
  /** A variable of the build reaches the browser. */
  | { type: 'variable'; variable: string; place: SourceLocation | null }
  /** Somebody wrote the address there. */
  | { type: 'address'; address: string; place: SourceLocation; file: SourceFile; start: number }
  /** Nothing gives it one: in the browser it is undefined, or `process` is. */
  | { type: 'nothing' };

const absoluteUrl = /^https?:\/\/[^\s'"`$]*/;
const isLoopback = (text: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(text);

/** What an expression of the site’s configuration is, when the site is built: a variable before what is written there. */
export function definitionAt(trace: Tracer, ref: Reference, place?: SourceLocation): UrlDefinition | null {
  return bestDefinition(possibleStrings(trace, ref).map((one) => definitionOfParts(one, place)));
}

export function bestDefinition(found: readonly (UrlDefinition | null)[]): UrlDefinition | null {
  const known = found.filter((one) => one !== null);
  const lasting = known.find((one) => one.type === 'address' && !isLoopback(one.address));
  return known.find(({ type }) => type === 'variable') ?? lasting ?? known[0] ?? null;
}

/** What a text begins with. */
export function definitionOfParts([first]: StringParts, place?: SourceLocation): UrlDefinition | null {
  if (first === undefined) return null;
  if (first.type === 'text') {
    const { text, node, file } = first;
    const page = /^%(\w+)%$/.exec(text)?.[1];
    const own = place ?? locationAt(file, node.start);
    if (page !== undefined) return { type: 'variable', variable: page, place: own };
    const found = absoluteUrl.exec(text)?.[0];
    return found === undefined
      ? null
      : { type: 'address', address: found, place: own, file, start: node.start };
  }
  const variable = variableAt(first.ref);
  if (variable === null) return null;
  return {
    type: 'variable',
    variable,
    place: place ?? locationAt(first.ref.file, lastNode(first.ref).start),
  };
}

const lastNode = ({ path, node }: Reference) => path.at(-1)?.node ?? node;

/** `process.env.NAME`, and what Vite’s `loadEnv` gives. */
function variableAt(ref: Reference): string | null {
  const read = urlSourceAt(ref);
  if (read?.kind === 'process-env') return read.name === 'NODE_ENV' ? null : read.name;
  const { node, path } = ref;
  const isLoaded = node.type === 'CallExpression' && 'name' in node.callee && node.callee.name === 'loadEnv';
  return isLoaded ? (path[0]?.name ?? null) : null;
}

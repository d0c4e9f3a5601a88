import { locationAt, type SourceFile, type SourceLocation } from '../../../javascript/source-file.ts';
import { isLoopbackUrl, urlSourceAt } from '../url-source.ts';
import { isSecretName } from '../variable-names.ts';
import { possibleStrings, type StringParts } from './trace/possible-strings.ts';
import type { Reference, Tracer } from './trace/reference.ts';

/** How a source gets its value. */
export type UrlDefinition =
  /** From a variable of the build; `location` is null where the framework exposes it without being configured. */
  | { type: 'variable'; variable: string; location: SourceLocation | null }
  /** From a literal; `start` is the offset of its quote. */
  | { type: 'literal'; url: string; location: SourceLocation; file: SourceFile; start: number }
  /** Not at all: in the browser it is undefined, or `process` is. */
  | { type: 'undefined' };

/** The definition that an expression of the site's configuration amounts to; null when it is no URL. */
export function definitionAt(
  tracer: Tracer,
  reference: Reference,
  location?: SourceLocation,
): UrlDefinition | null {
  return bestDefinition(
    possibleStrings(tracer, reference).map((parts) => definitionOfParts(parts, location)),
  );
}

/** A variable before a literal, and a public URL before one of the developer's own machine. */
export function bestDefinition(definitions: readonly (UrlDefinition | null)[]): UrlDefinition | null {
  const candidates = definitions.filter((definition) => definition !== null);
  const publicLiteral = candidates.find(
    (definition) => definition.type === 'literal' && !isLoopbackUrl(definition.url),
  );
  return candidates.find(({ type }) => type === 'variable') ?? publicLiteral ?? candidates[0] ?? null;
}

/** The definition that a string begins with; null when it begins with anything else. */
export function definitionOfParts([first]: StringParts, location?: SourceLocation): UrlDefinition | null {
  if (first === undefined) return null;
  if (first.type === 'text') {
    const { text, node, file } = first;
    const own = location ?? locationAt(file, node.start);
    // `%NAME%` is how create-react-app and Vite fill in index.html.
    const htmlVariable = /^%(\w+)%$/.exec(text)?.[1];
    if (htmlVariable !== undefined) return { type: 'variable', variable: htmlVariable, location: own };
    const url = /^https?:\/\/[^\s'"`$]*/.exec(text)?.[0];
    return url === undefined ? null : { type: 'literal', url, location: own, file, start: node.start };
  }
  const { reference } = first;
  const variable = variableAt(reference);
  if (variable === null) return null;
  const node = reference.path.at(-1)?.node ?? reference.node;
  return { type: 'variable', variable, location: location ?? locationAt(reference.file, node.start) };
}

/** The variable of `process.env.NAME`, or of an environment read with Vite's `loadEnv`. */
function variableAt(reference: Reference): string | null {
  const source = urlSourceAt(reference);
  if (source?.kind === 'process-env') return source.name === 'NODE_ENV' ? null : source.name;
  const { node, path } = reference;
  const isLoadEnv = node.type === 'CallExpression' && 'name' in node.callee && node.callee.name === 'loadEnv';
  const name = isLoadEnv ? (path[0]?.name ?? null) : null;
  return name === null || isSecretName(name) ? null : name;
}

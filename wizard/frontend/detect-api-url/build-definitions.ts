import { calleeName, propertyKey } from '../../../javascript/names.ts';
import { locationAt, type SourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import type { Project } from './parse-project.ts';
import { referenceTo, type Reference } from './trace/reference.ts';
import { definitionAt, type UrlDefinition } from './url-definition.ts';

/** The values of a key, anywhere in these files. */
export function valuesOfKey(files: readonly SourceFile[], key: string): Reference[] {
  return files.flatMap((file) =>
    file.nodes.flatMap(({ node }) =>
      node.type === 'Property' && propertyKey(node) === key ? [referenceTo(file, node.value)] : [],
    ),
  );
}

/** An object of expressions that the build replaces; `prefix` is what its keys leave out. */
type DefineTable = { table: Reference; prefix: string };

/** The tables of DefinePlugin, of Vite's `define`, and of Next's `env`, whose keys leave out `process.env`. */
function defineTables({ tracer, configFiles }: Project): DefineTable[] {
  const optionOf = (key: string, configPath: RegExp): Reference[] =>
    valuesOfKey(
      configFiles.filter(({ path }) => configPath.test(path)),
      key,
    );
  const plugins = configFiles.flatMap((file) =>
    file.nodes.flatMap(({ node }) => {
      const isPlugin = node.type === 'NewExpression' && calleeName(node.callee).endsWith('DefinePlugin');
      const table = isPlugin ? node.arguments[0] : undefined;
      return table === undefined ? [] : [referenceTo(file, table)];
    }),
  );
  const vite = optionOf('define', /(?:^|\/)(?:vite|astro|nuxt|svelte)\.config/);
  const next = optionOf('env', /(?:^|\/)next\.config/);
  return [
    ...[...plugins, ...vite].map((table) => ({ table, prefix: '' })),
    ...next.map((table) => ({ table, prefix: 'process.env.' })),
  ].flatMap(({ table, prefix }) => tracer(table).map((traced) => ({ table: traced, prefix })));
}

/**
 * What the build puts in place of an expression, defined under one of `keys` or, as a member of an object, under
 * `path`; null when no table has it.
 */
export function definedInTable(
  project: Project,
  { keys, path = [] }: { keys: readonly string[]; path?: readonly string[] },
): UrlDefinition | null {
  const variable = path.at(-1) ?? keys[0] ?? '';
  const paths = [...keys.map((key) => [key]), ...(path.length === 0 ? [] : [path])];
  for (const { table, prefix } of defineTables(project)) {
    const { node, file } = table;
    if (node.type !== 'ObjectExpression') continue;
    for (const [key = '', ...rest] of paths) {
      const entry = node.properties.find(
        (property) => property.type === 'Property' && prefix + propertyKey(property) === key,
      );
      if (entry === undefined) continue;
      const segments = [key.slice(prefix.length), ...rest].map((name) => ({ name, node }));
      const location = locationAt(file, entry.start);
      const definition = definitionAt(project.tracer, { ...table, path: segments }, location);
      return definition ?? { type: 'variable', variable, location };
    }
  }
  return null;
}

/** A variable that a plugin exposes by its name alone, or with the whole environment; null when none does. */
export function exposedByPlugin(project: Project, variable: string): UrlDefinition | null {
  for (const file of project.configFiles) {
    const exposing = file.nodes.findLast(({ node }) => exposes(project, { file, node, variable }));
    if (exposing !== undefined)
      return { type: 'variable', variable, location: locationAt(file, exposing.node.start) };
  }
  return null;
}

function exposes(
  { tracer }: Project,
  { file, node, variable }: { file: SourceFile; node: Node; variable: string },
): boolean {
  // `systemvars: true` of dotenv-webpack
  if (node.type === 'Property')
    return propertyKey(node) === 'systemvars' && 'value' in node.value && node.value.value === true;
  if (node.type !== 'NewExpression' || !calleeName(node.callee).endsWith('EnvironmentPlugin')) return false;
  return node.arguments.some((argument) =>
    tracer(referenceTo(file, argument)).some((value) => namesListedIn(value.node).includes(variable)),
  );
}

/** The names in a string, a list of strings or the keys of an object. */
function namesListedIn(node: Node): string[] {
  if (node.type === 'Literal') return [String(node.value)];
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((element) => (element === null ? [] : namesListedIn(element)));
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((property) =>
    property.type === 'Property' ? (propertyKey(property) ?? []) : [],
  );
}

/** The names without a dot that the build replaces: `__API_URL__`. */
export function definedConstants(project: Project): Set<string> {
  const names = defineTables(project).flatMap(({ table, prefix }) =>
    prefix === '' ? namesListedIn(table.node) : [],
  );
  return new Set(names.filter((name) => /^[\w$]+$/.test(name)));
}

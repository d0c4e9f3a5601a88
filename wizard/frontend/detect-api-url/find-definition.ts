import { dottedName } from './trace/exports.ts';
import { globalDefinition } from './window-globals.ts';
import { publicPrefixes, type Framework } from '../framework.ts';
import { referenceTo, type Reference, type Tracer } from './trace/reference.ts';
import { isServedAsIs, locationAt, type SourceFile } from '../../../javascript/source-file.ts';
import { propertyKey, walk, type Node } from '../../../javascript/parse.ts';
import type { UrlSource } from './url-source.ts';
import { definitionAt, type UrlDefinition } from './url-definition.ts';

/** How a read gets its value when the site is built. */
export function findDefinition(
  read: UrlSource,
  { trace, framework }: { trace: Tracer; framework: Framework },
): UrlDefinition {
  const { name, file, start } = read;
  const configs = trace.files.filter(({ isConfig }) => isConfig);
  // No build looks into it.
  if (read.kind.endsWith('-env') && isServedAsIs(file.path)) return { type: 'nothing' };
  switch (read.kind) {
    case 'written-in':
      return { type: 'address', address: name, place: locationAt(file, start), file, start };
    case 'same-origin':
      return { type: 'nothing' };
    case 'process-env': {
      const isFilled = read.isDestructured !== true || framework === 'create-react-app';
      if (!isFilled) return { type: 'nothing' };
      const prefix = framework === 'vite' ? undefined : publicPrefixes[framework];
      if (prefix !== undefined && name.startsWith(prefix))
        return { type: 'variable', variable: name, place: null };
      return definedByTable(trace, configs, [`process.env.${name}`], ['process.env', name]);
    }
    case 'import-meta-env': {
      if (framework !== 'docusaurus' && vitePrefixes(trace, configs).some((one) => name.startsWith(one)))
        return { type: 'variable', variable: name, place: null };
      return definedByTable(trace, configs, [`import.meta.env.${name}`]);
    }
    case 'constant':
      return definedByTable(trace, configs, [name]);
    case 'custom-field':
      return firstDefinition(
        valuesOfKey(configs, 'customFields').map((one) =>
          definitionAt(trace, { ...one, path: [{ name, node: one.node }] }),
        ),
      );
    case 'window':
      return globalDefinition(trace, name);
    default:
      return read.kind satisfies never;
  }
}

function firstDefinition(found: readonly (UrlDefinition | null)[]): UrlDefinition {
  return found.find((one) => one !== null) ?? { type: 'nothing' };
}

/** What a key is set to, wherever in the files it stands. */
function valuesOfKey(files: readonly SourceFile[], key: string): Reference[] {
  return files.flatMap((file) => {
    const found: Reference[] = [];
    walk(file.program, (node) => {
      if (node.type === 'Property' && propertyKey(node) === key) found.push(referenceTo(file, node.value));
    });
    return found;
  });
}

/** Vite lets through what begins so. */
function vitePrefixes(trace: Tracer, configs: readonly SourceFile[]): string[] {
  const found = valuesOfKey(configs, 'envPrefix').flatMap((one) =>
    [...trace(one), ...trace({ ...one, path: [{ name: '*', node: one.node }] })].flatMap(({ node }) =>
      node.type === 'Literal' ? [String(node.value)] : [],
    ),
  );
  return found.length > 0 ? found : [publicPrefixes.vite ?? ''];
}

/** The tables of a DefinePlugin, of Vite’s `define`, and of Next’s `env`, which leaves `process.env` out. */
function defineTables(trace: Tracer, configs: readonly SourceFile[]): { table: Reference; before: string }[] {
  const news = configs.flatMap((file) => {
    const found: Reference[] = [];
    walk(file.program, (node) => {
      const table = node.type === 'NewExpression' ? node.arguments[0] : undefined;
      if (
        table !== undefined &&
        node.type === 'NewExpression' &&
        dottedEnd(node.callee).endsWith('DefinePlugin')
      )
        found.push(referenceTo(file, table));
    });
    return found;
  });
  const named = (key: string, tool: RegExp): Reference[] =>
    valuesOfKey(
      configs.filter(({ path }) => tool.test(path)),
      key,
    );
  const all = [...news, ...named('define', /(?:^|\/)(?:vite|astro|nuxt|svelte)\.config/)];
  return [
    ...all.map((table) => ({ table, before: '' })),
    ...named('env', /(?:^|\/)next\.config/).map((table) => ({ table, before: 'process.env.' })),
  ].flatMap(({ table, before }) => trace(table).map((one) => ({ table: one, before })));
}

function dottedEnd(callee: Node): string {
  if (callee.type === 'MemberExpression' && 'name' in callee.property) return callee.property.name;
  return dottedName(callee);
}

/** What the build puts in place of an expression, under one of its keys or by way of a whole table. */
function definedByTable(
  trace: Tracer,
  configs: readonly SourceFile[],
  keys: readonly string[],
  within: readonly string[] = [],
): UrlDefinition {
  const name = within.at(-1) ?? keys[0] ?? '';
  for (const { table, before } of defineTables(trace, configs)) {
    const { node, file } = table;
    if (node.type !== 'ObjectExpression') continue;
    for (const path of [...keys.map((key) => [key]), within]) {
      const key = node.properties.find(
        (one) => one.type === 'Property' && before + propertyKey(one) === path[0],
      );
      if (key === undefined || path.length === 0) continue;
      const steps = path.map((one, index) => ({ name: index === 0 ? one.slice(before.length) : one, node }));
      const place = locationAt(file, key.start);
      return (
        definitionAt(trace, { ...table, path: steps }, place) ?? { type: 'variable', variable: name, place }
      );
    }
  }
  return within.length === 0 ? { type: 'nothing' } : definedByPlugin(trace, configs, name);
}

/** Plugins that are told names alone, or hand on the whole environment. */
function definedByPlugin(trace: Tracer, configs: readonly SourceFile[], name: string): UrlDefinition {
  for (const file of configs) {
    let place: UrlDefinition | null = null;
    walk(file.program, (node) => {
      const found = node.type === 'NewExpression' ? dottedEnd(node.callee) : '';
      if (node.type !== 'NewExpression') {
        if (
          node.type === 'Property' &&
          propertyKey(node) === 'systemvars' &&
          'value' in node.value &&
          node.value.value === true
        )
          place = { type: 'variable', variable: name, place: locationAt(file, node.start) };
        return;
      }
      if (!found.endsWith('EnvironmentPlugin')) return;
      const names = node.arguments.flatMap((one) =>
        trace(referenceTo(file, one)).flatMap((of) => namesListedIn(of.node)),
      );
      if (names.includes(name))
        place = { type: 'variable', variable: name, place: locationAt(file, node.start) };
    });
    if (place !== null) return place;
  }
  return { type: 'nothing' };
}

function namesListedIn(node: Node): string[] {
  if (node.type === 'Literal') return [String(node.value)];
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((one) => (one === null ? [] : namesListedIn(one)));
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((one) => (one.type === 'Property' ? (propertyKey(one) ?? []) : []));
}

/** Names without a dot that the build puts something in place of: `__API_URL__`. */
export function definedConstants(trace: Tracer): Set<string> {
  const configs = trace.files.filter(({ isConfig }) => isConfig);
  const names = defineTables(trace, configs).flatMap(({ table, before }) =>
    before === '' ? namesListedIn(table.node) : [],
  );
  return new Set(names.filter((name) => /^[\w$]+$/.test(name)));
}

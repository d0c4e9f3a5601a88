import { dotted } from './trace/exports.ts';
import { globalOf } from './globals.ts';
import { prefixes, type Framework } from './names.ts';
import { refOf, type Ref, type Trace } from './trace/ref.ts';
import { isServedAsIs, placeAt, type SourceFile } from './trace/source.ts';
import { keyOf, walk, type Node } from './trace/syntax.ts';
import type { Read } from './reads.ts';
import { valueAt, type Definition } from './values.ts';

/** How a read gets its value when the site is built. */
export function definitionOf(
  read: Read,
  { trace, framework }: { trace: Trace; framework: Framework },
): Definition {
  const { name, file, start } = read;
  const configs = trace.files.filter(({ isConfig }) => isConfig);
  // No build looks into it.
  if (read.kind.endsWith('-env') && isServedAsIs(file.path)) return { type: 'nothing' };
  switch (read.kind) {
    case 'written-in':
      return { type: 'address', address: name, place: placeAt(file, start), file, start };
    case 'same-origin':
      return { type: 'nothing' };
    case 'process-env': {
      const isFilled = read.isTakenApart !== true || framework === 'create-react-app';
      if (!isFilled) return { type: 'nothing' };
      const prefix = framework === 'vite' ? undefined : prefixes[framework];
      if (prefix !== undefined && name.startsWith(prefix))
        return { type: 'variable', variable: name, place: null };
      return defined(trace, configs, [`process.env.${name}`], ['process.env', name]);
    }
    case 'import-meta-env': {
      if (framework !== 'docusaurus' && prefixesOf(trace, configs).some((one) => name.startsWith(one)))
        return { type: 'variable', variable: name, place: null };
      return defined(trace, configs, [`import.meta.env.${name}`]);
    }
    case 'constant':
      return defined(trace, configs, [name]);
    case 'custom-field':
      return first(
        valuesOf(configs, 'customFields').map((one) =>
          valueAt(trace, { ...one, path: [{ name, node: one.node }] }),
        ),
      );
    case 'window':
      return globalOf(trace, name);
    default:
      return read.kind satisfies never;
  }
}

function first(found: readonly (Definition | null)[]): Definition {
  return found.find((one) => one !== null) ?? { type: 'nothing' };
}

/** What a key is set to, wherever in the files it stands. */
function valuesOf(files: readonly SourceFile[], key: string): Ref[] {
  return files.flatMap((file) => {
    const found: Ref[] = [];
    walk(file.program, (node) => {
      if (node.type === 'Property' && keyOf(node) === key) found.push(refOf(file, node.value));
    });
    return found;
  });
}

/** Vite lets through what begins so. */
function prefixesOf(trace: Trace, configs: readonly SourceFile[]): string[] {
  const found = valuesOf(configs, 'envPrefix').flatMap((one) =>
    [...trace(one), ...trace({ ...one, path: [{ name: '*', node: one.node }] })].flatMap(({ node }) =>
      node.type === 'Literal' ? [String(node.value)] : [],
    ),
  );
  return found.length > 0 ? found : [prefixes.vite ?? ''];
}

/** The tables of a DefinePlugin, of Vite’s `define`, and of Next’s `env`, which leaves `process.env` out. */
function tablesOf(trace: Trace, configs: readonly SourceFile[]): { table: Ref; before: string }[] {
  const news = configs.flatMap((file) => {
    const found: Ref[] = [];
    walk(file.program, (node) => {
      const table = node.type === 'NewExpression' ? node.arguments[0] : undefined;
      if (
        table !== undefined &&
        node.type === 'NewExpression' &&
        dottedEnd(node.callee).endsWith('DefinePlugin')
      )
        found.push(refOf(file, table));
    });
    return found;
  });
  const named = (key: string, tool: RegExp): Ref[] =>
    valuesOf(
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
  return dotted(callee);
}

/** What the build puts in place of an expression, under one of its keys or by way of a whole table. */
function defined(
  trace: Trace,
  configs: readonly SourceFile[],
  keys: readonly string[],
  within: readonly string[] = [],
): Definition {
  const name = within.at(-1) ?? keys[0] ?? '';
  for (const { table, before } of tablesOf(trace, configs)) {
    const { node, file } = table;
    if (node.type !== 'ObjectExpression') continue;
    for (const path of [...keys.map((key) => [key]), within]) {
      const key = node.properties.find((one) => one.type === 'Property' && before + keyOf(one) === path[0]);
      if (key === undefined || path.length === 0) continue;
      const steps = path.map((one, index) => ({ name: index === 0 ? one.slice(before.length) : one, node }));
      const place = placeAt(file, key.start);
      return valueAt(trace, { ...table, path: steps }, place) ?? { type: 'variable', variable: name, place };
    }
  }
  return within.length === 0 ? { type: 'nothing' } : passed(trace, configs, name);
}

/** Plugins that are told names alone, or hand on the whole environment. */
function passed(trace: Trace, configs: readonly SourceFile[], name: string): Definition {
  for (const file of configs) {
    let place: Definition | null = null;
    walk(file.program, (node) => {
      const found = node.type === 'NewExpression' ? dottedEnd(node.callee) : '';
      if (node.type !== 'NewExpression') {
        if (
          node.type === 'Property' &&
          keyOf(node) === 'systemvars' &&
          'value' in node.value &&
          node.value.value === true
        )
          place = { type: 'variable', variable: name, place: placeAt(file, node.start) };
        return;
      }
      if (!found.endsWith('EnvironmentPlugin')) return;
      const names = node.arguments.flatMap((one) =>
        trace(refOf(file, one)).flatMap((of) => namesIn(of.node)),
      );
      if (names.includes(name))
        place = { type: 'variable', variable: name, place: placeAt(file, node.start) };
    });
    if (place !== null) return place;
  }
  return { type: 'nothing' };
}

function namesIn(node: Node): string[] {
  if (node.type === 'Literal') return [String(node.value)];
  if (node.type === 'ArrayExpression')
    return node.elements.flatMap((one) => (one === null ? [] : namesIn(one)));
  if (node.type !== 'ObjectExpression') return [];
  return node.properties.flatMap((one) => (one.type === 'Property' ? (keyOf(one) ?? []) : []));
}

/** Names without a dot that the build puts something in place of: `__API_URL__`. */
export function constantsOf(trace: Trace): Set<string> {
  const configs = trace.files.filter(({ isConfig }) => isConfig);
  const names = tablesOf(trace, configs).flatMap(({ table, before }) =>
    before === '' ? namesIn(table.node) : [],
  );
  return new Set(names.filter((name) => /^[\w$]+$/.test(name)));
}

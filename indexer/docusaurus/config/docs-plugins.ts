import type { ConfigReader } from './config-reader.ts';
import { fieldsOf, isUnresolved, type StaticFields, type StaticValue } from './static-value.ts';

/** One docs plugin of the site, with Docusaurus's own defaults filled in. */
export type DocsPlugin = {
  id: string;
  path: string;
  routeBasePath: string;
  include: string[];
  exclude: string[];
  numberPrefixes: boolean;
  /** Relative to the site's root; null where sidebars are generated. */
  sidebarPath: string | null;
  includeCurrentVersion: boolean;
  disableVersioning: boolean;
  onlyIncludeVersions: string[] | null;
  lastVersion: string | null;
  versionPaths: { [version: string]: string };
};

/** `_*` files, `_*` folders and tests are no pages (GlobExcludeDefault of @docusaurus/utils 3.10). */
export const defaultExclude = [
  '**/_*.{js,jsx,ts,tsx,md,mdx}',
  '**/_*/**',
  '**/*.test.{js,jsx,ts,tsx}',
  '**/__tests__/**',
];

const docsPluginName = /^(?:@docusaurus\/plugin-)?content-docs$/;
const classicPresetName = /^(?:@docusaurus\/preset-)?classic$/;

/** The classic preset's docs, and every docs plugin named on its own: one without an id is `default`. */
export function readDocsPlugins(fields: StaticFields, read: ConfigReader, unknowns: string[]): DocsPlugin[] {
  const found: DocsPlugin[] = [];
  let isOff = false;
  for (const [name, options] of pluginsByName(fields, 'presets', unknowns)) {
    if (!classicPresetName.test(name)) continue;
    read.takenIn(options, '`presets.classic`');
    if (options['docs'] === false) isOff = true;
    else found.push(readDocsPlugin(read.fields(options, 'docs', 'presets.classic.'), read, unknowns));
  }
  for (const [name, options] of pluginsByName(fields, 'plugins', unknowns)) {
    if (!docsPluginName.test(name)) continue;
    read.takenIn(options, 'a docs plugin');
    found.push(readDocsPlugin(options, read, unknowns));
  }
  if (found.length > 0 || isOff) return found;
  if (fields['presets'] !== undefined)
    unknowns.push('no docs plugin could be read in the configuration; taken as the folder docs at /docs');
  return [readDocsPlugin({}, read, unknowns)];
}

/** Presets or plugins by their names. What only running the file would tell is said, where docs may be in it. */
function pluginsByName(
  fields: StaticFields,
  key: 'presets' | 'plugins',
  unknowns: string[],
): [string, StaticFields][] {
  const say = (value: StaticValue, isIgnored = false): void => {
    if (value === undefined || !isUnresolved(value)) return;
    const taken = isIgnored ? 'what it may add is not read' : 'it is taken as it most likely is';
    unknowns.push(`\`${key}\` is computed (${value.unread}); ${taken}`);
  };
  const list = valueOrFallback(fields[key]);
  say(fields[key], !Array.isArray(list));
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): [string, StaticFields][] => {
    const [name, options] = [valueOrFallback(entry)].flat();
    const isSpread = name !== undefined && isUnresolved(name) && name.unread.startsWith('...');
    if (isSpread) say(name, true);
    const text = name !== undefined && isUnresolved(name) ? /['"]([^'"]+)['"]/.exec(name.unread)?.[1] : name;
    if (typeof text !== 'string') return [];
    const isDocs = classicPresetName.test(text) || docsPluginName.test(text);
    if (isDocs) [entry, options].forEach((one) => say(one));
    return [[text, fieldsOf(valueOrFallback(options)) ?? {}]];
  });
}

/** The value; of what could not be read the likely one, where there is one. */
function valueOrFallback(value: StaticValue): StaticValue {
  return value !== undefined && isUnresolved(value) && value.likely !== undefined ? value.likely : value;
}

function readDocsPlugin(options: StaticFields, read: ConfigReader, unknowns: string[]): DocsPlugin {
  const id = read.text(options, 'id', 'docs.') ?? 'default';
  const path = `docs${id === 'default' ? '' : ` (${id})`}.`;
  const parser = options['numberPrefixParser'];
  if (parser !== undefined && typeof parser !== 'boolean' && !isUnresolved(parser))
    unknowns.push(`\`${path}numberPrefixParser\` is code and is not run; number prefixes are read as usual`);
  const versions = Object.entries(read.fields(options, 'versions', path));
  return {
    id,
    path: read.text(options, 'path', path) ?? 'docs',
    routeBasePath: read.text(options, 'routeBasePath', path) ?? 'docs',
    include: read.texts(options, 'include', path) ?? ['**/*.{md,mdx}'],
    exclude: read.texts(options, 'exclude', path) ?? defaultExclude,
    numberPrefixes: read.flag(options, 'numberPrefixParser', path) ?? true,
    sidebarPath: sidebarPathIn(options['sidebarPath']),
    includeCurrentVersion: read.flag(options, 'includeCurrentVersion', path) ?? true,
    disableVersioning: read.flag(options, 'disableVersioning', path) ?? false,
    onlyIncludeVersions: read.texts(options, 'onlyIncludeVersions', path) ?? null,
    lastVersion: read.text(options, 'lastVersion', path) ?? null,
    versionPaths: Object.fromEntries(
      versions.flatMap(([name, value]) => {
        const own = read.text(fieldsOf(value) ?? {}, 'path', `${path}versions.${name}.`);
        return own === undefined ? [] : [[name, own]];
      }),
    ),
  };
}

/** Older sites write `require.resolve('./sidebars.js')`. */
function sidebarPathIn(value: StaticValue): string | null {
  if (typeof value === 'string') return value;
  return value !== undefined && isUnresolved(value)
    ? (/['"]([^'"]+)['"]/.exec(value.unread)?.[1] ?? null)
    : null;
}

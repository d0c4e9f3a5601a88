import type { ConfigReader } from './config-reader.ts';
import {
  fieldsOf,
  isUnresolved,
  type StaticFields,
  type StaticValue,
} from '../../../javascript/static/static-value.ts';

/** A docs plugin of the site, with the defaults of Docusaurus filled in. */
export type DocsPlugin = {
  id: string;
  path: string;
  routeBasePath: string;
  include: string[];
  exclude: string[];
  numberPrefixes: boolean;
  /** Names of the site's own admonitions, beside those of Docusaurus. */
  admonitions: string[];
  /** Relative to the site's root; null when sidebars are generated. */
  sidebarPath: string | null;
  includeCurrentVersion: boolean;
  disableVersioning: boolean;
  onlyIncludeVersions: string[] | null;
  lastVersion: string | null;
  versionPaths: { [version: string]: string };
  versionLabels: { [version: string]: string };
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

/** Reads the docs of the classic preset, and every docs plugin; one without an id is `default`. */
export function readDocsPlugins(fields: StaticFields, read: ConfigReader, warnings: string[]): DocsPlugin[] {
  const plugins: DocsPlugin[] = [];
  let isDisabled = false;
  for (const [name, options] of pluginsByName(fields, 'presets', warnings)) {
    if (!classicPresetName.test(name)) continue;
    read.reportSpread(options, '`presets.classic`');
    if (options['docs'] === false) isDisabled = true;
    else plugins.push(readDocsPlugin(read.fields(options, 'docs', 'presets.classic.'), read, warnings));
  }
  for (const [name, options] of pluginsByName(fields, 'plugins', warnings)) {
    if (!docsPluginName.test(name)) continue;
    read.reportSpread(options, 'a docs plugin');
    plugins.push(readDocsPlugin(options, read, warnings));
  }
  if (plugins.length > 0 || isDisabled) return plugins;
  if (fields['presets'] !== undefined)
    warnings.push('no docs plugin could be read in the configuration; the folder docs at /docs is used');
  return [readDocsPlugin({}, read, warnings)];
}

/** Presets or plugins with their options. Warns about computed entries that may contain docs. */
function pluginsByName(
  fields: StaticFields,
  key: 'presets' | 'plugins',
  warnings: string[],
): [string, StaticFields][] {
  const warn = (value: StaticValue, isIgnored = false): void => {
    if (!isUnresolved(value)) return;
    const outcome = isIgnored ? 'what it may add is not read' : 'its most likely value is used';
    warnings.push(`\`${key}\` is computed (${value.unresolved}); ${outcome}`);
  };
  const list = valueOrFallback(fields[key]);
  warn(fields[key], !Array.isArray(list));
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): [string, StaticFields][] => {
    const [name, options] = [valueOrFallback(entry)].flat();
    if (isUnresolved(name) && name.unresolved.startsWith('...')) warn(name, true);
    const text = isUnresolved(name) ? quotedText(name.unresolved) : name;
    if (typeof text !== 'string') return [];
    const mayHaveDocs = classicPresetName.test(text) || docsPluginName.test(text);
    if (mayHaveDocs) [entry, options].forEach((value) => warn(value));
    return [[text, fieldsOf(valueOrFallback(options)) ?? {}]];
  });
}

/** The value; of an unresolved one its fallback, if it has one. */
function valueOrFallback(value: StaticValue): StaticValue {
  return isUnresolved(value) && value.fallback !== undefined ? value.fallback : value;
}

/** `x` of `require.resolve('x')`. */
function quotedText(source: string): string | undefined {
  return /['"]([^'"]+)['"]/.exec(source)?.[1];
}

function readDocsPlugin(options: StaticFields, read: ConfigReader, warnings: string[]): DocsPlugin {
  const id = read.string(options, 'id', 'docs.') ?? 'default';
  const path = `docs${id === 'default' ? '' : ` (${id})`}.`;
  const parser = options['numberPrefixParser'];
  if (parser !== undefined && typeof parser !== 'boolean' && !isUnresolved(parser))
    warnings.push(
      `\`${path}numberPrefixParser\` is a function, which is not run; number prefixes are read as usual`,
    );
  const versions = Object.entries(read.fields(options, 'versions', path));
  const textsOf = (field: 'path' | 'label'): { [version: string]: string } =>
    Object.fromEntries(
      versions.flatMap(([name, value]) => {
        const text = read.string(fieldsOf(value) ?? {}, field, `${path}versions.${name}.`);
        return text === undefined ? [] : [[name, text]];
      }),
    );
  return {
    id,
    path: read.string(options, 'path', path) ?? 'docs',
    routeBasePath: read.string(options, 'routeBasePath', path) ?? 'docs',
    include: read.strings(options, 'include', path) ?? ['**/*.{md,mdx}'],
    exclude: read.strings(options, 'exclude', path) ?? defaultExclude,
    numberPrefixes: read.boolean(options, 'numberPrefixParser', path) ?? true,
    admonitions:
      read.strings(fieldsOf(options['admonitions']) ?? {}, 'keywords', `${path}admonitions.`) ?? [],
    sidebarPath: sidebarPathOf(options['sidebarPath']),
    includeCurrentVersion: read.boolean(options, 'includeCurrentVersion', path) ?? true,
    disableVersioning: read.boolean(options, 'disableVersioning', path) ?? false,
    onlyIncludeVersions: read.strings(options, 'onlyIncludeVersions', path) ?? null,
    lastVersion: read.string(options, 'lastVersion', path) ?? null,
    versionPaths: textsOf('path'),
    versionLabels: textsOf('label'),
  };
}

/** Older sites write `require.resolve('./sidebars.js')`. */
function sidebarPathOf(value: StaticValue): string | null {
  if (typeof value === 'string') return value;
  return isUnresolved(value) ? (quotedText(value.unresolved) ?? null) : null;
}

import type { ConfigReader } from './config-reader.ts';
import { fieldsOf, isUnread, type Fields, type Value } from './static-value.ts';

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

const docsNames = /^(?:@docusaurus\/plugin-)?content-docs$/;
const classicNames = /^(?:@docusaurus\/preset-)?classic$/;

/** The classic preset's docs, and every docs plugin named on its own: one without an id is `default`. */
export function docsPlugins(fields: Fields, read: ConfigReader, unknowns: string[]): DocsPlugin[] {
  const found: DocsPlugin[] = [];
  let isOff = false;
  for (const [name, options] of named(fields, 'presets', unknowns)) {
    if (!classicNames.test(name)) continue;
    read.takenIn(options, '`presets.classic`');
    if (options['docs'] === false) isOff = true;
    else found.push(docsPlugin(read.fields(options, 'docs', 'presets.classic.'), read, unknowns));
  }
  for (const [name, options] of named(fields, 'plugins', unknowns)) {
    if (!docsNames.test(name)) continue;
    read.takenIn(options, 'a docs plugin');
    found.push(docsPlugin(options, read, unknowns));
  }
  if (found.length > 0 || isOff) return found;
  if (fields['presets'] !== undefined)
    unknowns.push('no docs plugin could be read in the configuration; taken as the folder docs at /docs');
  return [docsPlugin({}, read, unknowns)];
}

/** Presets or plugins by their names. What only running the file would tell is said, where docs may be in it. */
function named(fields: Fields, key: 'presets' | 'plugins', unknowns: string[]): [string, Fields][] {
  const say = (value: Value, isIgnored = false): void => {
    if (value === undefined || !isUnread(value)) return;
    const taken = isIgnored ? 'what it may add is not read' : 'it is taken as it most likely is';
    unknowns.push(`\`${key}\` is computed (${value.unread}); ${taken}`);
  };
  const list = likelyOf(fields[key]);
  say(fields[key], !Array.isArray(list));
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): [string, Fields][] => {
    const [name, options] = [likelyOf(entry)].flat();
    const isSpread = name !== undefined && isUnread(name) && name.unread.startsWith('...');
    if (isSpread) say(name, true);
    const text = name !== undefined && isUnread(name) ? /['"]([^'"]+)['"]/.exec(name.unread)?.[1] : name;
    if (typeof text !== 'string') return [];
    const isDocs = classicNames.test(text) || docsNames.test(text);
    if (isDocs) [entry, options].forEach((one) => say(one));
    return [[text, fieldsOf(likelyOf(options)) ?? {}]];
  });
}

/** The value; of what could not be read the likely one, where there is one. */
function likelyOf(value: Value): Value {
  return value !== undefined && isUnread(value) && value.likely !== undefined ? value.likely : value;
}

function docsPlugin(options: Fields, read: ConfigReader, unknowns: string[]): DocsPlugin {
  const id = read.text(options, 'id', 'docs.') ?? 'default';
  const path = `docs${id === 'default' ? '' : ` (${id})`}.`;
  const parser = options['numberPrefixParser'];
  if (parser !== undefined && typeof parser !== 'boolean' && !isUnread(parser))
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
function sidebarPathIn(value: Value): string | null {
  if (typeof value === 'string') return value;
  return value !== undefined && isUnread(value) ? (/['"]([^'"]+)['"]/.exec(value.unread)?.[1] ?? null) : null;
}

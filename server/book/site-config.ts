import { readDefaultExport } from './static-module.ts';
import { fieldsOf, isUnread, spreadKey, type Fields, type Value } from './static-value.ts';

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

export type LocaleConfig = { name: string; path: string; baseUrl: string };

/** How the site reads Markdown: the part of `markdown` that changes anchors or text. */
export type MarkdownConfig = {
  format: 'mdx' | 'md' | 'detect';
  comments: boolean;
  admonitionTitles: boolean;
  maintainCase: boolean;
  /** `$…$` is maths, by remark-math. */
  maths: boolean;
};

export type SiteConfig = {
  title: string;
  url: string | null;
  baseUrl: string;
  /** False when nobody but a build knows it, so that `baseUrl` is the likely one. */
  isBaseUrlRead: boolean;
  trailingSlash: boolean | null;
  i18nPath: string;
  defaultLocale: string;
  locales: LocaleConfig[];
  docs: DocsPlugin[];
  markdown: MarkdownConfig;
  unknowns: string[];
};

/** `_*` files, `_*` folders and tests are no pages (GlobExcludeDefault of @docusaurus/utils 3.10). */
export const defaultExclude = [
  '**/_*.{js,jsx,ts,tsx,md,mdx}',
  '**/_*/**',
  '**/*.test.{js,jsx,ts,tsx}',
  '**/__tests__/**',
];

/** What a config that says nothing means, for a site that has none as well. */
export function emptyConfig(): SiteConfig {
  return siteConfig({}, []);
}

/**
 * Reads `docusaurus.config.*` without running it; what it could not read is a sentence in `unknowns`. `saidBaseUrl` is
 * taken where the file does not say it.
 */
export function readSiteConfig(file: string, saidBaseUrl: string | null): SiteConfig {
  const unknowns: string[] = [];
  const fields = fieldsOf(exported(file, unknowns));
  if (fields === null) unknowns.push("the configuration is computed; Docusaurus's defaults are taken");
  const spread = fields?.[spreadKey];
  if (spread !== undefined && isUnread(spread))
    unknowns.push(`the configuration takes in ${spread.unread}, which is not read`);
  const { baseUrl } = fields ?? {};
  const isBaseUrlRead = unknowns.length === 0 && (baseUrl === undefined || !isUnread(baseUrl));
  const known = isBaseUrlRead || saidBaseUrl === null ? {} : { baseUrl: saidBaseUrl };
  return { ...siteConfig({ ...fields, ...known }, unknowns), isBaseUrlRead };
}

function exported(file: string, unknowns: string[]): Value {
  try {
    return readDefaultExport(file);
  } catch (error) {
    unknowns.push(`the configuration does not parse (${String(error)}); Docusaurus's defaults are taken`);
    return {};
  }
}

function siteConfig(fields: Fields, unknowns: string[]): SiteConfig {
  const read = reader(unknowns);
  const baseUrl = slashed(read.text(fields, 'baseUrl') ?? '/');
  const i18n = read.fields(fields, 'i18n');
  const defaultLocale = read.text(i18n, 'defaultLocale', 'i18n.') ?? 'en';
  const localeConfigs = read.fields(i18n, 'localeConfigs', 'i18n.');
  const names = read.texts(i18n, 'locales', 'i18n.') ?? [defaultLocale];
  return {
    title: read.text(fields, 'title') ?? '',
    url: read.text(fields, 'url')?.replace(/\/+$/, '') ?? null,
    baseUrl,
    isBaseUrlRead: true,
    trailingSlash: read.flag(fields, 'trailingSlash') ?? null,
    i18nPath: read.text(i18n, 'path', 'i18n.') ?? 'i18n',
    defaultLocale,
    locales: names.map((name) =>
      locale(name, read.fields(localeConfigs, name), { baseUrl, defaultLocale, read }),
    ),
    docs: docsPlugins(fields, read, unknowns),
    markdown: markdownConfig(fields, read, unknowns),
    unknowns,
  };
}

type Reader = ReturnType<typeof reader>;

/** Typed reads that take the likely value of what is computed, and say so. */
function reader(unknowns: string[]) {
  const settle = (from: Fields, key: string, path: string): Value => {
    const value = from[key];
    if (!isUnread(value)) return value;
    const likely = value.likely !== undefined && isUnread(value.likely) ? undefined : value.likely;
    const told = typeof likely === 'string' ? likely : JSON.stringify(likely);
    const taken = likely === undefined ? 'its default is taken' : `taken as ${told}`;
    unknowns.push(`\`${path}${key}\` is computed (${value.unread}); ${taken}`);
    return likely;
  };
  return {
    text(from: Fields, key: string, path = ''): string | undefined {
      const value = settle(from, key, path);
      return typeof value === 'string' ? value : undefined;
    },
    flag(from: Fields, key: string, path = ''): boolean | undefined {
      const value = settle(from, key, path);
      return typeof value === 'boolean' ? value : undefined;
    },
    texts(from: Fields, key: string, path = ''): string[] | undefined {
      const value = settle(from, key, path);
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
    },
    fields: (from: Fields, key: string, path = ''): Fields => fieldsOf(settle(from, key, path)) ?? {},
  };
}

function locale(
  name: string,
  fields: Fields,
  site: { baseUrl: string; defaultLocale: string; read: Reader },
): LocaleConfig {
  const own = site.read.text(fields, 'baseUrl', `i18n.localeConfigs.${name}.`);
  const inferred = name === site.defaultLocale ? site.baseUrl : `${site.baseUrl}${name}/`;
  return {
    name,
    path: site.read.text(fields, 'path') ?? name,
    baseUrl: own === undefined ? inferred : slashed(own),
  };
}

const docsNames = /^(?:@docusaurus\/plugin-)?content-docs$/;
const classicNames = /^(?:@docusaurus\/preset-)?classic$/;

/** The classic preset's docs, and every docs plugin named on its own: one without an id is `default`. */
function docsPlugins(fields: Fields, read: Reader, unknowns: string[]): DocsPlugin[] {
  const found: DocsPlugin[] = [];
  let isOff = false;
  for (const [name, options] of named(fields['presets'])) {
    if (!classicNames.test(name)) continue;
    if (options['docs'] === false) isOff = true;
    else found.push(docsPlugin(read.fields(options, 'docs', 'presets.classic.'), read));
  }
  for (const [name, options] of named(fields['plugins']))
    if (docsNames.test(name)) found.push(docsPlugin(options, read));
  if (found.length > 0 || isOff) return found;
  if (fields['presets'] !== undefined)
    unknowns.push('no docs plugin could be read in the configuration; taken as the folder docs at /docs');
  return [docsPlugin({}, read)];
}

function named(list: Value): [string, Fields][] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): [string, Fields][] => {
    const [name, options] = Array.isArray(entry) ? entry : [entry];
    const text = name !== undefined && isUnread(name) ? /['"]([^'"]+)['"]/.exec(name.unread)?.[1] : name;
    return typeof text === 'string' ? [[text, fieldsOf(options) ?? {}]] : [];
  });
}

function docsPlugin(options: Fields, read: Reader): DocsPlugin {
  const id = read.text(options, 'id', 'docs.') ?? 'default';
  const path = `docs${id === 'default' ? '' : ` (${id})`}.`;
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

/** `future.v4` turns the compatibilities with MDX 1 off (@docusaurus/core 3.10, configValidation). */
function markdownConfig(fields: Fields, read: Reader, unknowns: string[]): MarkdownConfig {
  const future = read.fields(fields, 'future');
  const v4 =
    future['v4'] === true || read.flag(read.fields(future, 'v4'), 'mdx1CompatDisabledByDefault') === true;
  const markdown = read.fields(fields, 'markdown');
  for (const name of ['preprocessor', 'parseFrontMatter'])
    if (markdown[name] !== undefined)
      unknowns.push(`\`markdown.${name}\` is code and is not run; pages are read as they stand`);
  const compat = read.fields(markdown, 'mdx1Compat', 'markdown.');
  const format = read.text(markdown, 'format', 'markdown.');
  return {
    format: format === 'md' || format === 'detect' ? format : 'mdx',
    comments: read.flag(compat, 'comments') ?? !v4,
    admonitionTitles: read.flag(compat, 'admonitions') ?? !v4,
    maintainCase: read.flag(read.fields(markdown, 'anchors', 'markdown.'), 'maintainCase') ?? false,
    maths: usesMaths(fields['presets']) || usesMaths(fields['plugins']),
  };
}

/** A plugin is an imported function, which is not run: its name in the source has to do. */
function usesMaths(plugins: Value): boolean {
  if (Array.isArray(plugins)) return plugins.some(usesMaths);
  if (plugins === undefined || plugins === null) return false;
  if (isUnread(plugins)) return /\bremark-?math\b/i.test(plugins.unread);
  const fields = fieldsOf(plugins);
  return fields !== null && Object.values(fields).some(usesMaths);
}

function slashed(path: string): string {
  return `/${path}/`.replaceAll(/\/{2,}/g, '/');
}

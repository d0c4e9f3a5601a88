import { configReader, type ConfigReader } from './config-reader.ts';
import { docsPlugins, type DocsPlugin } from './docs-plugins.ts';
import { readDefaultExport } from './static-module.ts';
import { fieldsOf, isUnread, type Fields, type Value } from './static-value.ts';

export type LocaleConfig = {
  name: string;
  path: string;
  baseUrl: string;
  /** False where the site shows no translation, whatever its folder holds. */
  isTranslated: boolean;
};

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
  if (fields !== null) configReader(unknowns).takenIn(fields, 'the configuration');
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
  const read = configReader(unknowns);
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

function locale(
  name: string,
  fields: Fields,
  site: { baseUrl: string; defaultLocale: string; read: ConfigReader },
): LocaleConfig {
  const own = site.read.text(fields, 'baseUrl', `i18n.localeConfigs.${name}.`);
  const inferred = name === site.defaultLocale ? site.baseUrl : `${site.baseUrl}${name}/`;
  return {
    name,
    path: site.read.text(fields, 'path') ?? name,
    baseUrl: own === undefined ? inferred : slashed(own),
    isTranslated: site.read.flag(fields, 'translate', `i18n.localeConfigs.${name}.`) ?? true,
  };
}

/** `future.v4` turns the compatibilities with MDX 1 off (@docusaurus/core 3.10, configValidation). */
function markdownConfig(fields: Fields, read: ConfigReader, unknowns: string[]): MarkdownConfig {
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

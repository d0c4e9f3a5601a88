import { createConfigReader, type ConfigReader } from './config-reader.ts';
import { readDocsPlugins, type DocsPlugin } from './docs-plugins.ts';
import { readDefaultExport } from './static-module.ts';
import { fieldsOf, isUnresolved, type StaticFields, type StaticValue } from './static-value.ts';

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
  math: boolean;
};

export type SiteConfig = {
  title: string;
  url: string | null;
  baseUrl: string;
  /** False when nobody but a build knows it, so that `baseUrl` is the likely one. */
  isBaseUrlResolved: boolean;
  trailingSlash: boolean | null;
  i18nPath: string;
  defaultLocale: string;
  locales: LocaleConfig[];
  docs: DocsPlugin[];
  markdown: MarkdownConfig;
  warnings: string[];
};

/** What a config that says nothing means, for a site that has none as well. */
export function defaultSiteConfig(): SiteConfig {
  return siteConfig({}, []);
}

/**
 * Reads `docusaurus.config.*` without running it; what it could not read is a sentence in `unknowns`. `saidBaseUrl` is
 * taken where the file does not say it.
 */
export function readSiteConfig(file: string, saidBaseUrl: string | null): SiteConfig {
  const unknowns: string[] = [];
  const fields = fieldsOf(readConfigExport(file, unknowns));
  if (fields === null) unknowns.push("the configuration is computed; Docusaurus's defaults are taken");
  if (fields !== null) createConfigReader(unknowns).takenIn(fields, 'the configuration');
  const { baseUrl } = fields ?? {};
  const isBaseUrlRead = unknowns.length === 0 && (baseUrl === undefined || !isUnresolved(baseUrl));
  const known = isBaseUrlRead || saidBaseUrl === null ? {} : { baseUrl: saidBaseUrl };
  return { ...siteConfig({ ...fields, ...known }, unknowns), isBaseUrlResolved: isBaseUrlRead };
}

function readConfigExport(file: string, unknowns: string[]): StaticValue {
  try {
    return readDefaultExport(file);
  } catch (error) {
    unknowns.push(`the configuration does not parse (${String(error)}); Docusaurus's defaults are taken`);
    return {};
  }
}

function siteConfig(fields: StaticFields, unknowns: string[]): SiteConfig {
  const read = createConfigReader(unknowns);
  const baseUrl = withSlashes(read.text(fields, 'baseUrl') ?? '/');
  const i18n = read.fields(fields, 'i18n');
  const defaultLocale = read.text(i18n, 'defaultLocale', 'i18n.') ?? 'en';
  const localeConfigs = read.fields(i18n, 'localeConfigs', 'i18n.');
  const names = read.texts(i18n, 'locales', 'i18n.') ?? [defaultLocale];
  return {
    title: read.text(fields, 'title') ?? '',
    url: read.text(fields, 'url')?.replace(/\/+$/, '') ?? null,
    baseUrl,
    isBaseUrlResolved: true,
    trailingSlash: read.flag(fields, 'trailingSlash') ?? null,
    i18nPath: read.text(i18n, 'path', 'i18n.') ?? 'i18n',
    defaultLocale,
    locales: names.map((name) =>
      localeConfig(name, read.fields(localeConfigs, name), { baseUrl, defaultLocale, read }),
    ),
    docs: readDocsPlugins(fields, read, unknowns),
    markdown: markdownConfig(fields, read, unknowns),
    warnings: unknowns,
  };
}

function localeConfig(
  name: string,
  fields: StaticFields,
  site: { baseUrl: string; defaultLocale: string; read: ConfigReader },
): LocaleConfig {
  const own = site.read.text(fields, 'baseUrl', `i18n.localeConfigs.${name}.`);
  const inferred = name === site.defaultLocale ? site.baseUrl : `${site.baseUrl}${name}/`;
  return {
    name,
    path: site.read.text(fields, 'path') ?? name,
    baseUrl: own === undefined ? inferred : withSlashes(own),
    isTranslated: site.read.flag(fields, 'translate', `i18n.localeConfigs.${name}.`) ?? true,
  };
}

/** `future.v4` turns the compatibilities with MDX 1 off (@docusaurus/core 3.10, configValidation). */
function markdownConfig(fields: StaticFields, read: ConfigReader, unknowns: string[]): MarkdownConfig {
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
    math: usesMath(fields['presets']) || usesMath(fields['plugins']),
  };
}

/** A plugin is an imported function, which is not run: its name in the source has to do. */
function usesMath(plugins: StaticValue): boolean {
  if (Array.isArray(plugins)) return plugins.some(usesMath);
  if (plugins === undefined || plugins === null) return false;
  if (isUnresolved(plugins)) return /\bremark-?math\b/i.test(plugins.unread);
  const fields = fieldsOf(plugins);
  return fields !== null && Object.values(fields).some(usesMath);
}

function withSlashes(path: string): string {
  return `/${path}/`.replaceAll(/\/{2,}/g, '/');
}

import { dirname } from 'node:path';
import type { MarkdownConfig } from '../../content/markdown/parse-markdown.ts';
import { createConfigReader, type ConfigReader } from './config-reader.ts';
import { isBelow, readDocusaurusVersion, type DocusaurusVersion } from './docusaurus-version.ts';
import { readDocsPlugins, type DocsPlugin } from './docs-plugins.ts';
import { markdownPluginWarnings } from './markdown-plugins.ts';
import { readDefaultExport } from './read-default-export.ts';
import {
  fieldsOf,
  isUnresolved,
  type StaticFields,
  type StaticValue,
} from '../../../javascript/static/static-value.ts';

export type LocaleConfig = {
  name: string;
  path: string;
  baseUrl: string;
  /** False when the site shows no translation, whatever the folder contains. */
  isTranslated: boolean;
};

export type SiteConfig = {
  title: string;
  url: string | null;
  baseUrl: string;
  /** False when only a build can evaluate it, so that `baseUrl` is a fallback. */
  isBaseUrlResolved: boolean;
  trailingSlash: boolean | null;
  i18nPath: string;
  defaultLocale: string;
  locales: LocaleConfig[];
  docs: DocsPlugin[];
  markdown: MarkdownConfig;
  /** One sentence for each setting that could not be read. */
  warnings: string[];
};

/** The configuration of a site that sets nothing; also used for a folder without a site. */
export function defaultSiteConfig(): SiteConfig {
  return siteConfig({}, { version: null, warnings: [] });
}

/**
 * Reads `docusaurus.config.*` without running it; what could not be read is listed in `warnings`. `fallbackBaseUrl` is
 * used when the file computes its base URL.
 */
export function readSiteConfig(file: string, fallbackBaseUrl: string | null): SiteConfig {
  const warnings: string[] = [];
  const fields = fieldsOf(readConfigExport(file, warnings));
  if (fields === null) warnings.push("the configuration is computed; Docusaurus's defaults are used");
  if (fields !== null) createConfigReader(warnings).reportSpread(fields, 'the configuration');
  const { baseUrl } = fields ?? {};
  const isBaseUrlResolved = warnings.length === 0 && !isUnresolved(baseUrl);
  const override = isBaseUrlResolved || fallbackBaseUrl === null ? {} : { baseUrl: fallbackBaseUrl };
  const version = readDocusaurusVersion(dirname(file));
  warnings.push(...markdownPluginWarnings(file));
  return { ...siteConfig({ ...fields, ...override }, { version, warnings }), isBaseUrlResolved };
}

function readConfigExport(file: string, warnings: string[]): StaticValue {
  try {
    return readDefaultExport(file);
  } catch (error) {
    warnings.push(`the configuration does not parse (${String(error)}); Docusaurus's defaults are used`);
    return {};
  }
}

function siteConfig(
  fields: StaticFields,
  { version, warnings }: { version: DocusaurusVersion | null; warnings: string[] },
): SiteConfig {
  const read = createConfigReader(warnings);
  const baseUrl = withSlashes(read.string(fields, 'baseUrl') ?? '/');
  const i18n = read.fields(fields, 'i18n');
  const defaultLocale = read.string(i18n, 'defaultLocale', 'i18n.') ?? 'en';
  const localeConfigs = read.fields(i18n, 'localeConfigs', 'i18n.');
  const names = read.strings(i18n, 'locales', 'i18n.') ?? [defaultLocale];
  const docs = readDocsPlugins(fields, read, warnings);
  return {
    title: read.string(fields, 'title') ?? '',
    url: read.string(fields, 'url')?.replace(/\/+$/, '') ?? null,
    baseUrl,
    isBaseUrlResolved: true,
    trailingSlash: read.boolean(fields, 'trailingSlash') ?? null,
    i18nPath: read.string(i18n, 'path', 'i18n.') ?? 'i18n',
    defaultLocale,
    locales: names.map((name) =>
      localeConfig(name, read.fields(localeConfigs, name), { baseUrl, defaultLocale, read }),
    ),
    docs,
    markdown: {
      ...markdownConfig(fields, { read, version, warnings }),
      admonitions: docs.flatMap(({ admonitions }) => admonitions),
    },
    warnings,
  };
}

function localeConfig(
  name: string,
  fields: StaticFields,
  site: { baseUrl: string; defaultLocale: string; read: ConfigReader },
): LocaleConfig {
  const baseUrl = site.read.string(fields, 'baseUrl', `i18n.localeConfigs.${name}.`);
  const inferred = name === site.defaultLocale ? site.baseUrl : `${site.baseUrl}${name}/`;
  return {
    name,
    path: site.read.string(fields, 'path') ?? name,
    baseUrl: baseUrl === undefined ? inferred : withSlashes(baseUrl),
    isTranslated: site.read.boolean(fields, 'translate', `i18n.localeConfigs.${name}.`) ?? true,
  };
}

/**
 * Since 3.10, `future.v4` turns off the compatibility with MDX 1 (@docusaurus/core 3.10, configValidation); before, it
 * leaves Markdown alone. Where the version is not known, the compatible reading is right: it loses no text.
 */
function markdownConfig(
  fields: StaticFields,
  { read, version, warnings }: { read: ConfigReader; version: DocusaurusVersion | null; warnings: string[] },
): MarkdownConfig {
  const future = read.fields(fields, 'future');
  const isV4 =
    version !== null &&
    !isBelow(version, [3, 10]) &&
    (future['v4'] === true ||
      read.boolean(read.fields(future, 'v4'), 'mdx1CompatDisabledByDefault') === true);
  const markdown = read.fields(fields, 'markdown');
  for (const name of ['preprocessor', 'parseFrontMatter'])
    if (markdown[name] !== undefined)
      warnings.push(`\`markdown.${name}\` is a function, which is not run; pages are read without it`);
  const compat = read.fields(markdown, 'mdx1Compat', 'markdown.');
  const format = read.string(markdown, 'format', 'markdown.');
  return {
    format: format === 'md' || format === 'detect' ? format : 'mdx',
    comments: read.boolean(compat, 'comments') ?? !isV4,
    admonitionTitles: read.boolean(compat, 'admonitions') ?? !isV4,
    maintainCase: read.boolean(read.fields(markdown, 'anchors', 'markdown.'), 'maintainCase') ?? false,
    math: usesMath(fields['presets']) || usesMath(fields['plugins']),
    mdx1: version !== null && isBelow(version, [3, 0]),
  };
}

/** Searches for remark-math by the name it is imported under: plugins are functions, which are not run. */
function usesMath(plugins: StaticValue): boolean {
  if (Array.isArray(plugins)) return plugins.some(usesMath);
  if (plugins === undefined || plugins === null) return false;
  if (isUnresolved(plugins)) return /\bremark-?math\b/i.test(plugins.unresolved);
  const fields = fieldsOf(plugins);
  return fields !== null && Object.values(fields).some(usesMath);
}

function withSlashes(path: string): string {
  return `/${path}/`.replaceAll(/\/{2,}/g, '/');
}

import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { DocsPlugin } from './config/docs-plugins.ts';
import type { LocaleConfig, SiteConfig } from './config/site-config.ts';
import { joinPath } from './permalink.ts';

/** A folder of pages with one base path: a docs plugin in one version and one locale. */
export type DocsFolder = {
  /** Absolute. */
  dir: string;
  /** Absolute; the folder that this one translates, null for one that is no translation. */
  originalDir: string | null;
  /** Absolute; a folder of the default language whose files replace those of the same name. */
  overrideDir: string | null;
  /** The path prefix of its pages: base URL, locale, route and version. */
  routeBase: string;
  baseUrl: string;
  locale: string;
  version: string;
  /** The version's name as readers see it. */
  label: string;
  /** Id of its docs plugin. */
  plugin: string;
  numberPrefixes: boolean;
  /** Absolute; null when the sidebars are generated. */
  sidebarsFile: string | null;
  include: string[];
  exclude: string[];
  /** The version that readers see first. */
  isLast: boolean;
  /** A folder without a site: files that are written for tools, or that `.gitignore` excludes, are no pages of it. */
  isPlain: boolean;
};

/**
 * Finds every folder that the docs plugins of a site read, newest version first (@docusaurus/plugin-content-docs 3.10,
 * versions). The folder of a translation holds only the translated files; `untranslated` are those that do not exist or are
 * not shown: the site shows what they translate. `missing` lists, relative to the root, the folders of the version that readers
 * see first that do not exist.
 */
export async function findDocsFolders({
  root,
  config,
}: {
  root: string;
  config: SiteConfig;
}): Promise<{ folders: DocsFolder[]; untranslated: DocsFolder[]; missing: string[] }> {
  const folders: (DocsFolder & { isShown: boolean })[] = [];
  for (const plugin of config.docs) {
    const versions = await versionsOf(root, plugin);
    for (const locale of config.locales)
      for (const version of versions) {
        const folder = docsFolderOf({ root, config, plugin, locale, version, versions });
        const isTranslated = locale.isTranslated || folder.originalDir === null;
        folders.push({ ...folder, isShown: isTranslated && (await isFolder(folder.dir)) });
      }
  }
  return {
    folders: folders.filter(({ isShown }) => isShown),
    untranslated: folders.filter(({ originalDir, isShown }) => originalDir !== null && !isShown),
    missing: folders
      .filter(({ isLast, originalDir, isShown }) => isLast && originalDir === null && !isShown)
      .map(({ dir }) => relative(root, dir)),
  };
}

async function versionsOf(root: string, plugin: DocsPlugin): Promise<string[]> {
  const releases = plugin.disableVersioning
    ? []
    : await readVersionNames(join(root, `${prefixOf(plugin)}versions.json`));
  const all =
    plugin.includeCurrentVersion && !releases.includes('current') ? ['current', ...releases] : releases;
  const only = plugin.onlyIncludeVersions;
  return only === null ? all : all.filter((name) => only.includes(name));
}

function docsFolderOf(request: {
  root: string;
  config: SiteConfig;
  plugin: DocsPlugin;
  locale: LocaleConfig;
  version: string;
  versions: string[];
}): DocsFolder {
  const { root, config, plugin, locale, version, versions } = request;
  const last = plugin.lastVersion ?? versions.find((name) => name !== 'current') ?? 'current';
  const defaultPath = version === last ? '' : version === 'current' ? 'next' : version;
  const folder = version === 'current' ? 'current' : `version-${version}`;
  const translated = join(
    config.i18nPath,
    locale.path,
    `docusaurus-plugin-content-docs${plugin.id === 'default' ? '' : `-${plugin.id}`}`,
    folder,
  );
  const original = version === 'current' ? plugin.path : join(`${prefixOf(plugin)}versioned_docs`, folder);
  const isTranslation = locale.name !== config.defaultLocale;
  return {
    dir: resolve(root, isTranslation ? translated : original),
    originalDir: isTranslation ? resolve(root, original) : null,
    overrideDir: isTranslation || !locale.isTranslated ? null : resolve(root, translated),
    routeBase: joinPath(locale.baseUrl, plugin.routeBasePath, plugin.versionPaths[version] ?? defaultPath),
    baseUrl: locale.baseUrl,
    locale: locale.name,
    version,
    label: plugin.versionLabels[version] ?? (version === 'current' && version !== last ? 'Next' : version),
    plugin: plugin.id,
    numberPrefixes: plugin.numberPrefixes,
    sidebarsFile: sidebarsFileOf({ root, plugin, version }),
    include: plugin.include,
    exclude: plugin.exclude,
    isLast: version === last,
    isPlain: false,
  };
}

function sidebarsFileOf({
  root,
  plugin,
  version,
}: {
  root: string;
  plugin: DocsPlugin;
  version: string;
}): string | null {
  if (version !== 'current')
    return join(root, `${prefixOf(plugin)}versioned_sidebars`, `version-${version}-sidebars.json`);
  return plugin.sidebarPath === null ? null : resolve(root, plugin.sidebarPath);
}

/** Every docs plugin except the default one prefixes its folders with its id. */
function prefixOf(plugin: DocsPlugin): string {
  return plugin.id === 'default' ? '' : `${plugin.id}_`;
}

async function readVersionNames(file: string): Promise<string[]> {
  try {
    const names: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

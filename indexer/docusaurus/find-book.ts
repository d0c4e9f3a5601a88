import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { BookSite } from '../book.ts';
import type { MarkdownConfig } from '../content/markdown/parse-markdown.ts';
import { pathBoundsOf } from '../content/path-bounds.ts';
import { readImportAliases } from './config/import-aliases.ts';
import { defaultSiteConfig, readSiteConfig } from './config/site-config.ts';
import { findDocsFolders, type DocsFolder } from './docs-folders.ts';
import { findSitesBelow, siteAt, type SiteLocation } from './find-sites.ts';

/** A site whose source files are on this machine. */
export type SourceSite = BookSite & {
  trailingSlash: boolean | null;
  folders: DocsFolder[];
  /** Translations without a file, which the site shows in its default language. */
  untranslated: DocsFolder[];
  /** Absolute; the folders that its text may come from (path-bounds.ts). */
  bounds: string[];
  markdown: MarkdownConfig;
  /** Absolute folders by the alias that imports name them by. */
  aliases: ReadonlyMap<string, string>;
};

/**
 * Finds the book of a folder: the root of a Docusaurus site, a folder inside one (its docs), the only site up to three
 * folders below, or a plain folder of Markdown. Null when there is none, or several sites (`findSitesBelow` names them).
 */
export async function findBook({
  dir,
  baseUrl = null,
  signal,
}: {
  dir: string;
  /** The site's base URL, used when the configuration computes it. */
  baseUrl?: string | null;
  signal: AbortSignal;
}): Promise<SourceSite | null> {
  const start = resolve(dir);
  for (const root of parentsOf(start)) {
    signal.throwIfAborted();
    const location = await siteAt(root);
    if (location === null) continue;
    const site = await docusaurusSite(location, baseUrl);
    if (root === start || site.folders.some((folder) => isWithin(start, folder.dir))) return site;
  }
  const [first, ...others] = await findSitesBelow(start);
  if (first !== undefined) return others.length > 0 ? null : docusaurusSite(first, baseUrl);
  return (await hasMarkdown(start)) ? markdownFolder(start) : null;
}

/** The folder and three above it, so that `docs/guide` inside a site finds the site. */
function parentsOf(start: string): string[] {
  const parents = [start];
  for (let dir = start; parents.length < 4 && dirname(dir) !== dir; dir = dirname(dir))
    parents.push(dirname(dir));
  return parents;
}

async function docusaurusSite(
  { root, configFile }: SiteLocation,
  baseUrl: string | null,
): Promise<SourceSite> {
  const config = readSiteConfig(configFile, baseUrl);
  const { folders, untranslated, missing } = await findDocsFolders({ root, config });
  return {
    root,
    kind: 'docusaurus',
    title: config.title === '' ? basename(root) : config.title,
    url: config.url,
    baseUrl: config.baseUrl,
    isBaseUrlKnown: config.isBaseUrlResolved || baseUrl !== null,
    trailingSlash: config.trailingSlash,
    folders,
    untranslated,
    bounds: await pathBoundsOf({ root, dirs: folders.map(({ dir }) => dir) }),
    markdown: config.markdown,
    aliases: readImportAliases(configFile),
    configWarnings: [...config.warnings, ...missing.map((dir) => `the docs folder ${dir} does not exist`)],
  };
}

async function markdownFolder(root: string): Promise<SourceSite> {
  const config = defaultSiteConfig();
  const [plugin] = config.docs;
  const folder: DocsFolder = {
    dir: root,
    originalDir: null,
    overrideDir: null,
    routeBase: '/',
    baseUrl: '/',
    locale: config.defaultLocale,
    version: 'current',
    label: 'current',
    plugin: 'default',
    numberPrefixes: true,
    sidebarsFile: null,
    include: plugin?.include ?? [],
    exclude: [...(plugin?.exclude ?? []), '**/node_modules/**', '**/.*/**'],
    isLast: true,
    isPlain: true,
  };
  return {
    root,
    kind: 'markdown',
    title: basename(root),
    url: null,
    baseUrl: '/',
    isBaseUrlKnown: true,
    trailingSlash: null,
    folders: [folder],
    untranslated: [],
    bounds: await pathBoundsOf({ root, dirs: [root] }),
    // Docusaurus parses `.md` as MDX; outside of a site the extension decides.
    markdown: { ...config.markdown, format: 'detect' },
    aliases: new Map(),
    configWarnings: ["no Docusaurus configuration: links are made from the files' paths, at `/`"],
  };
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}

async function hasMarkdown(dir: string): Promise<boolean> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.isFile() && /\.mdx?$/.test(entry.name))) return true;
  for (const entry of entries) {
    if (!entry.isDirectory() || /^(?:\.|_|node_modules$)/.test(entry.name)) continue;
    const names = await readdir(join(dir, entry.name)).catch((): string[] => []);
    if (names.some((name) => /\.mdx?$/.test(name))) return true;
  }
  return false;
}

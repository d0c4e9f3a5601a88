import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathBoundsOf } from '../content/path-bounds.ts';
import { findDocsFolders, type DocsFolder } from './docs-folders.ts';
import { defaultSiteConfig, readSiteConfig, type MarkdownConfig } from './config/site-config.ts';

export type BookSite = {
  /** Absolute; every source is named relative to it. */
  root: string;
  /** Absolute; the folder of the first docs plugin. */
  docsDir: string;
  /** A plain folder of Markdown is read by the same rules, at `/`; a live site is read from its pages. */
  kind: 'docusaurus' | 'markdown' | 'live';
  title: string;
  /** Origin of the live site, without a trailing slash; null when nothing says it. */
  url: string | null;
  baseUrl: string;
  /** False when the configuration computes it, and nobody said it: it is the likely one. */
  isBaseUrlKnown: boolean;
  routeBasePath: string;
  trailingSlash: boolean | null;
  folders: DocsFolder[];
  /** Absolute: see bounds.ts. */
  bounds: string[];
  markdown: MarkdownConfig;
  /** Sentences about settings that could not be read, each with what is taken instead. */
  unknowns: string[];
};

const configName = /^docusaurus\.config\.(?:ts|js|mjs|cjs|mts|cts)$/;

/**
 * The book in a folder: a Docusaurus site's root, a folder inside it (its docs), the folder above it, or a plain
 * folder of Markdown.
 * Null when there is nothing of the kind.
 */
export async function findBook({
  dir,
  baseUrl = null,
  signal,
}: {
  dir: string;
  /** Where the site stands, for a configuration that computes it. */
  baseUrl?: string | null;
  signal: AbortSignal;
}): Promise<BookSite | null> {
  const start = resolve(dir);
  for (const root of parentsOf(start)) {
    signal.throwIfAborted();
    const names = await readdir(root).catch((): string[] => []);
    const config = names.find((name) => configName.test(name));
    if (config === undefined) continue;
    const site = await docusaurusSite(root, join(root, config), baseUrl);
    if (root === start || site.folders.some((folder) => isWithin(start, folder.dir))) return site;
  }
  return (await siteBelow(start, baseUrl)) ?? ((await hasMarkdown(start)) ? markdownFolder(start) : null);
}

/** A repository often keeps its site one folder down (`website/`, `book/`). */
async function siteBelow(start: string, baseUrl: string | null): Promise<BookSite | null> {
  const found: { root: string; config: string }[] = [];
  for (const entry of await readdir(start, { withFileTypes: true }).catch(() => [])) {
    if (!entry.isDirectory() || /^(?:\.|node_modules$)/.test(entry.name)) continue;
    const root = join(start, entry.name);
    const config = (await readdir(root).catch((): string[] => [])).find((name) => configName.test(name));
    if (config !== undefined) found.push({ root, config });
  }
  const [first, ...others] = found.sort((a, b) => (a.root < b.root ? -1 : 1));
  if (first === undefined) return null;
  const site = await docusaurusSite(first.root, join(first.root, first.config), baseUrl);
  if (others.length > 0)
    site.unknowns.push(`${found.length} sites are here; taken is ${basename(first.root)}`);
  return site;
}

/** The folder and three above it: `docs/guide` inside a site is enough to find the site. */
function parentsOf(start: string): string[] {
  const parents = [start];
  for (let dir = start; parents.length < 4 && dirname(dir) !== dir; dir = dirname(dir))
    parents.push(dirname(dir));
  return parents;
}

async function docusaurusSite(root: string, file: string, baseUrl: string | null): Promise<BookSite> {
  const config = readSiteConfig(file, baseUrl);
  const { folders, missing } = await findDocsFolders({ root, config });
  const [first] = config.docs;
  return {
    root,
    docsDir: resolve(root, first?.path ?? 'docs'),
    kind: 'docusaurus',
    title: config.title === '' ? basename(root) : config.title,
    url: config.url,
    baseUrl: config.baseUrl,
    isBaseUrlKnown: config.isBaseUrlResolved || baseUrl !== null,
    routeBasePath: first?.routeBasePath ?? 'docs',
    trailingSlash: config.trailingSlash,
    folders,
    bounds: await pathBoundsOf({ root, dirs: folders.map(({ dir }) => dir) }),
    markdown: config.markdown,
    unknowns: [...config.warnings, ...missing.map((dir) => `the docs folder ${dir} is not there`)],
  };
}

async function markdownFolder(root: string): Promise<BookSite> {
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
    numberPrefixes: true,
    sidebarsFile: null,
    include: plugin?.include ?? [],
    exclude: [...(plugin?.exclude ?? []), '**/node_modules/**', '**/.*/**'],
    isLast: true,
  };
  return {
    root,
    docsDir: root,
    kind: 'markdown',
    title: basename(root),
    url: null,
    baseUrl: '/',
    isBaseUrlKnown: true,
    routeBasePath: '/',
    trailingSlash: null,
    folders: [folder],
    bounds: await pathBoundsOf({ root, dirs: [root] }),
    // Without a site nothing says that `.md` is MDX.
    markdown: { ...config.markdown, format: 'detect' },
    unknowns: ["no Docusaurus configuration: links are made from the files' paths, at `/`"],
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
    const inner = await readdir(join(dir, entry.name)).catch((): string[] => []);
    if (inner.some((name) => /\.mdx?$/.test(name))) return true;
  }
  return false;
}

import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ignoredPathsOf, type IgnoredPaths } from './ignored-paths.ts';
import { siteConfigNames } from './site-config-names.ts';

/** The root of a Docusaurus site and its configuration file, both absolute. */
export type SiteLocation = { root: string; configFile: string };

/** Repositories have their site at the top, in `website/`, in `apps/docs/` or in `packages/x/docs/`. */
const maxDepth = 3;

/** The site whose configuration is in this folder; null when there is none. */
export async function siteAt(dir: string): Promise<SiteLocation | null> {
  return siteAmong(dir, await entriesOf(dir));
}

/**
 * The sites up to three folders below, in the order of their paths; not those in hidden folders, in `node_modules` or in
 * folders that `.gitignore` excludes, nor any inside another site (its templates and examples).
 */
export async function findSitesBelow(dir: string): Promise<SiteLocation[]> {
  return sitesIn(dir, { depth: 0, ignored: await ignoredPathsOf(dir) });
}

async function sitesIn(
  dir: string,
  { depth, ignored }: { depth: number; ignored: IgnoredPaths },
): Promise<SiteLocation[]> {
  const entries = await entriesOf(dir);
  const own = depth === 0 ? null : siteAmong(dir, entries);
  if (own !== null) return [own];
  if (depth === maxDepth) return [];
  if (depth > 0) await ignored.enter(dir);
  const sites: SiteLocation[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory()).sort(byName)) {
    const path = join(dir, name);
    if (/^(?:\.|node_modules$)/.test(name) || ignored.has(path, true)) continue;
    sites.push(...(await sitesIn(path, { depth: depth + 1, ignored })));
  }
  return sites;
}

function siteAmong(dir: string, entries: readonly Dirent[]): SiteLocation | null {
  const files = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  const config = siteConfigNames.find((name) => files.has(name));
  return config === undefined ? null : { root: dir, configFile: join(dir, config) };
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

async function entriesOf(dir: string): Promise<Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch(() => []);
}

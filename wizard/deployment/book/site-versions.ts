import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { findPageFiles } from '../../../indexer/docusaurus/page-files.ts';
import { parseSiteUrl } from '../../model/formats/book-location.ts';

/** A version of the site with its pages in all languages. */
export type SiteVersion = { name: string; label: string; isFirst: boolean; pages: number };

/** The versions of the docs plugins that have more than the one that readers see first; none of a live site. */
export async function siteVersions(options: { dir: string; signal: AbortSignal }): Promise<SiteVersion[]> {
  if (parseSiteUrl(options.dir) !== null) return [];
  const site = await findBook(options);
  const folders = site?.folders ?? [];
  const versions = new Map<string, SiteVersion>();
  for (const folder of folders) {
    const { version: name, label, isLast, plugin } = folder;
    if (folders.every((other) => other.plugin !== plugin || other.isLast)) continue;
    const { files } = await findPageFiles({ folder, bounds: site?.bounds ?? [], signal: options.signal });
    const key = `${plugin} ${name}`;
    const counted = versions.get(key) ?? { name, label, isFirst: isLast, pages: 0 };
    versions.set(key, { ...counted, pages: counted.pages + files.length });
  }
  return [...versions.values()];
}

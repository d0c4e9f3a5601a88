import type { Edition } from '../../collection/editions/edition.ts';
import type { Section } from '../../collection/section.ts';
import { pagePath } from '../../links/allow-links.ts';

/** The editions of a book, by address. */
export type EditionMap = {
  editions: readonly Edition[];
  /** The edition that an address or path of the site belongs to; null for none. */
  at(address: string): Edition | null;
  of(section: Pick<Section, 'url' | 'version' | 'locale'>): Edition | null;
  /** The path of the page that a page without a translation shows; null for any other. */
  originalOf(address: string): string | null;
};

/** Of two editions whose paths begin an address, it belongs to the longer one: `/docs/2.x/intro` is no page of `/docs`. */
export function createEditionMap(editions: readonly Edition[]): EditionMap {
  const byLength = editions
    .map((edition) => ({ edition, path: pagePath(edition.path) }))
    .toSorted((a, b) => b.path.length - a.path.length);
  const byName = new Map<string, Map<string, Edition[]>>();
  for (const edition of editions) {
    const versions = byName.get(edition.version) ?? new Map<string, Edition[]>();
    versions.set(edition.locale, [...(versions.get(edition.locale) ?? []), edition]);
    byName.set(edition.version, versions);
  }
  const at = (address: string): Edition | null => {
    const path = pagePath(address);
    return byLength.find((entry) => isWithin(path, entry.path))?.edition ?? null;
  };
  return {
    editions,
    at,
    originalOf(address) {
      const edition = at(address);
      if (edition === null || edition.translates === null) return null;
      const rest = pagePath(address).slice(pagePath(edition.path).length);
      return pagePath(`${edition.translates.replace(/\/$/, '')}${rest}`);
    },
    of({ url, version, locale }) {
      // A search asks this for every section that it scores; only plugins with versions of one name need the address.
      const [only, ...others] = byName.get(version)?.get(locale) ?? [];
      return only === undefined || others.length > 0 ? at(url) : only;
    },
  };
}

/** Whether a path is that of a folder, or below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

import { findBook } from '../../server/book/site.ts';
import { createSiteReader } from '../../server/book/site-reader.ts';
import { readSitemap } from '../../server/book/sitemap.ts';
import { siteAddress } from '../model/book-place.ts';
import { fromServer } from './from-server.ts';
import type { BookContext } from './context.ts';

/**
 * Whether a folder holds a book: a Docusaurus site, its docs folder or, when the person named it, any Markdown.
 * A folder we merely stand in is no book for holding a README. At the address of a site there is one when it has a
 * sitemap: throws Failure `site-no-sitemap` or `site-unreachable` when it has not.
 */
export async function locateBook(
  options: {
    /** Absolute, or the address of a live site. */
    dir: string;
    named: boolean;
  } & Pick<BookContext, 'fetch' | 'sleep' | 'signal'>,
): Promise<boolean> {
  const address = siteAddress(options.dir);
  if (address !== null) {
    const { signal } = options;
    await fromServer(readSitemap({ address, read: createSiteReader(options), signal }));
    return true;
  }
  const site = await findBook(options);
  return site !== null && (options.named || site.kind === 'docusaurus');
}

/** The likely path of a book's site whose configuration computes it; null for one that is known. */
export async function likelyBaseUrl(options: { dir: string; signal: AbortSignal }): Promise<string | null> {
  if (siteAddress(options.dir) !== null) return null;
  const site = await findBook(options);
  return site === null || site.isBaseUrlKnown ? null : site.baseUrl;
}

/** Name, address and path of the book in a folder or at an address; null when there is none. */
export async function siteHere(options: {
  /** Absolute, or the address of a live site. */
  dir: string;
  named: boolean;
  signal: AbortSignal;
}): Promise<{ title: string; url: string | null; baseUrl: string } | null> {
  const address = siteAddress(options.dir);
  if (address !== null) return { title: address.host, url: address.origin, baseUrl: address.pathname };
  const site = await findBook(options);
  if (site === null || !(options.named || site.kind === 'docusaurus')) return null;
  return { title: site.title, url: site.url, baseUrl: site.baseUrl };
}

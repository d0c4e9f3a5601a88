import { relative } from 'node:path';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { findSitesBelow } from '../../../indexer/docusaurus/find-sites.ts';
import { createSiteFetcher } from '../../../indexer/crawl/site-fetcher.ts';
import { readSitemap } from '../../../indexer/crawl/sitemap.ts';
import { Failure } from '../../model/failure.ts';
import { parseSiteUrl } from '../../model/formats/book-location.ts';
import { translateServerErrors } from '../server-errors.ts';
import type { BookContext } from '../context.ts';

/**
 * Whether a folder holds a book: a Docusaurus site, its docs folder or, when the user named it, any Markdown, because a
 * README does not make the current folder a book. A live site is a book when it has a sitemap.
 *
 * @throws Failure `book-ambiguous` for a folder with several sites; `site-no-sitemap` or `site-unreachable` for a live
 *   site.
 */
export async function locateBook(
  options: {
    /** Absolute, or the address of a live site. */
    dir: string;
    named: boolean;
  } & Pick<BookContext, 'fetch' | 'sleep' | 'signal'>,
): Promise<boolean> {
  const address = parseSiteUrl(options.dir);
  if (address !== null) {
    const { signal } = options;
    const fetchFromSite = createSiteFetcher(options);
    await translateServerErrors(readSitemap({ address, fetchFromSite, signal }));
    return true;
  }
  const site = await findBook(options);
  if (site === null) await expectAtMostOneSite(options.dir);
  return site !== null && (options.named || site.kind === 'docusaurus');
}

/** Throws Failure `book-ambiguous` (input-missing) that names the sites below a folder. */
async function expectAtMostOneSite(dir: string): Promise<void> {
  const sites = await findSitesBelow(dir);
  if (sites.length < 2) return;
  const names = sites.map(({ root }) => relative(dir, root).replaceAll('\\', '/'));
  throw new Failure({
    kind: 'input-missing',
    code: 'book-ambiguous',
    message: `There are ${names.length} Docusaurus sites in ${dir}: ${names.join(', ')}.`,
    remedy: `Name the one with the book: --docs ${names[0] ?? ''}`,
  });
}

/** The likely base URL of a site whose configuration computes it; null for one that is known. */
export async function guessBaseUrl(options: { dir: string; signal: AbortSignal }): Promise<string | null> {
  if (parseSiteUrl(options.dir) !== null) return null;
  const site = await findBook(options);
  return site === null || site.isBaseUrlKnown ? null : site.baseUrl;
}

/** Title, origin and base URL of the book in a folder or at an address; null when there is none. */
export async function describeSite(options: {
  /** Absolute, or the address of a live site. */
  dir: string;
  named: boolean;
  signal: AbortSignal;
}): Promise<{ title: string; url: string | null; baseUrl: string } | null> {
  const address = parseSiteUrl(options.dir);
  if (address !== null) return { title: address.host, url: address.origin, baseUrl: address.pathname };
  const site = await findBook(options);
  if (site === null || !(options.named || site.kind === 'docusaurus')) return null;
  return { title: site.title, url: site.url, baseUrl: site.baseUrl };
}

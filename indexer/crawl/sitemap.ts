import { ServerFailure } from '../../server/failure.ts';
import { findElements, parseXml, rawText, type HtmlDocument } from '../content/html/html-tree.ts';
import type { SiteFetcher } from './site-fetcher.ts';

/** Maxima: pages of a book, sitemaps of a sitemap index, bytes of a sitemap. */
const limits = { pages: 10_000, sitemaps: 100, bytes: 50_000_000 } as const;

export type Sitemap = {
  /** The root of the site; ends with a slash. */
  base: URL;
  /** Without duplicates, in the sitemap's order; all below `base`. */
  pages: URL[];
  skipped: { source: string; reason: string }[];
};

/**
 * Lists the pages of a live site from its `sitemap.xml`, or from the sitemaps that it names (sitemaps.org, protocol
 * 0.9). `address` is that of the site or of the sitemap. Throws ServerFailure `site-no-sitemap` or `site-unreachable`.
 */
export async function readSitemap(request: {
  address: URL;
  fetchFromSite: SiteFetcher;
  signal: AbortSignal;
}): Promise<Sitemap> {
  const { address } = request;
  const isSitemap = /\.xml$/i.test(address.pathname);
  const base = new URL(isSitemap ? './' : `${address.pathname.replace(/\/*$/, '')}/`, address);
  const candidates = isSitemap ? [address] : [new URL('sitemap.xml', base), new URL('/sitemap.xml', base)];
  const reasons: string[] = [];
  for (const sitemapUrl of candidates) {
    const locations = await fetchLocations({ ...request, sitemapUrl });
    if ('reason' in locations) {
      reasons.push(locations.reason);
      continue;
    }
    const { pages, skipped } = classifyPages(locations.pages, base);
    return { base, pages, skipped: [...locations.skipped, ...skipped] };
  }
  throw new ServerFailure({
    code: 'site-no-sitemap',
    message: `There is no sitemap at ${candidates[0]?.href ?? address.href}: ${reasons[0]}.`,
    remedy:
      'Docusaurus’s classic preset writes one when the site is built. Give the address the site is published under, the sitemap’s own address, or the folder of the book’s sources.',
  });
}

type Locations = { pages: string[]; skipped: Sitemap['skipped'] };

/** The URLs of a sitemap and of the sitemaps that it names, with a line for each that could not be read. */
async function fetchLocations(request: {
  sitemapUrl: URL;
  fetchFromSite: SiteFetcher;
  signal: AbortSignal;
}): Promise<Locations | { reason: string }> {
  const { sitemapUrl, fetchFromSite, signal } = request;
  const main = await fetchSitemap(sitemapUrl, { fetchFromSite, signal });
  if ('reason' in main) return main;
  const locations: Locations = { pages: [...main.pages], skipped: [] };
  const skip = (source: string, reason: string): void =>
    void locations.skipped.push({ source, reason: `${reason}: pages listed only there are not indexed` });
  for (const listed of main.sitemaps.slice(0, limits.sitemaps)) {
    const url = resolveUrl(listed, sitemapUrl);
    if (url?.origin !== sitemapUrl.origin) {
      skip(listed, 'it belongs to another site');
      continue;
    }
    const inner = await fetchSitemap(url, { fetchFromSite, signal });
    if ('reason' in inner) {
      skip(listed, inner.reason);
      continue;
    }
    locations.pages.push(...inner.pages);
    if (inner.sitemaps.length > 0)
      skip(listed, `it lists ${inner.sitemaps.length} more sitemaps, which are not read`);
  }
  const beyond = main.sitemaps.length - limits.sitemaps;
  if (beyond > 0) skip(sitemapUrl.pathname, `${beyond} sitemaps beyond the first ${limits.sitemaps}`);
  return locations;
}

async function fetchSitemap(
  url: URL,
  { fetchFromSite, signal }: { fetchFromSite: SiteFetcher; signal: AbortSignal },
): Promise<{ pages: string[]; sitemaps: string[] } | { reason: string }> {
  const response = await fetchFromSite({ url, maxBytes: limits.bytes, signal });
  if (response.type === 'none') return response;
  const document = parseXml(response.text);
  const roots = findElements(document, ({ name }) => /(?:^|:)(?:urlset|sitemapindex)$/.test(name));
  if (roots.length === 0) return { reason: 'it is not a sitemap' };
  return { pages: locationsOf(document, 'url'), sitemaps: locationsOf(document, 'sitemap') };
}

function locationsOf(document: HtmlDocument, entry: string): string[] {
  return findElements(document, ({ name }) => name === entry || name.endsWith(`:${entry}`)).flatMap(
    (element) =>
      findElements(
        element,
        ({ name }) => /^(?:\w+:)?loc$/.test(name) && !name.startsWith('image:') && !name.startsWith('video:'),
      )
        .slice(0, 1)
        .map((loc) => rawText(loc).trim()),
  );
}

/** Sorts out the locations that are not pages of this site. */
function classifyPages(locations: readonly string[], base: URL): Omit<Sitemap, 'base'> {
  const skipped: Sitemap['skipped'] = [];
  const pages = new Map<string, URL>();
  const countByOrigin = new Map<string, number>();
  let outside = 0;
  for (const text of locations) {
    const url = resolveUrl(text, base);
    if (url === null) skipped.push({ source: text, reason: 'it is not a URL' });
    else if (url.origin !== base.origin)
      countByOrigin.set(url.origin, (countByOrigin.get(url.origin) ?? 0) + 1);
    else if (!`${url.pathname}/`.startsWith(base.pathname)) outside += 1;
    else pages.set(url.pathname, url);
  }
  for (const [origin, count] of countByOrigin)
    skipped.push({
      source: origin,
      reason: `${count} pages of another site: give that address to index them`,
    });
  if (outside > 0) skipped.push({ source: base.origin, reason: `${outside} pages outside ${base.pathname}` });
  const all = [...pages.values()];
  if (all.length > limits.pages)
    skipped.push({
      source: 'sitemap.xml',
      reason: `${all.length - limits.pages} pages beyond the first ${limits.pages}`,
    });
  return { pages: all.slice(0, limits.pages), skipped };
}

function resolveUrl(text: string, base: URL): URL | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  url.search = '';
  url.hash = '';
  return url;
}

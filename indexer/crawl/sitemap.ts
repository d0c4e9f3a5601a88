import { parseDocument } from 'htmlparser2';
import { Failure } from '../../server/failure.ts';
import { findElements, rawText, type HtmlDocument } from '../content/html/html-tree.ts';
import type { SiteFetcher } from './site-fetcher.ts';

/** At most so many pages, and so many sitemaps that an index names. */
const limits = { pages: 10_000, maps: 100, bytes: 50_000_000 } as const;

export type Sitemap = {
  /** Where the site begins; ends with a slash. */
  base: URL;
  /** Each once, in the sitemap's order, below `base` and on its origin. */
  pages: URL[];
  skipped: { source: string; reason: string }[];
};

/**
 * The pages of a live site, by its `sitemap.xml` or the sitemaps that this names (sitemaps.org, protocol 0.9).
 * `address` is the site's, or the sitemap's own. Throws Failure `site-no-sitemap` or `site-unreachable`.
 */
export async function readSitemap(request: {
  address: URL;
  read: SiteFetcher;
  signal: AbortSignal;
}): Promise<Sitemap> {
  const { address } = request;
  const isMap = /\.xml$/i.test(address.pathname);
  const base = new URL(isMap ? './' : `${address.pathname.replace(/\/*$/, '')}/`, address);
  const places = isMap ? [address] : [new URL('sitemap.xml', base), new URL('/sitemap.xml', base)];
  const reasons: string[] = [];
  for (const place of places) {
    const found = await fetchLocations({ ...request, place });
    if ('reason' in found) {
      reasons.push(found.reason);
      continue;
    }
    const { base: start, pages, skipped } = classifyPages(found.pages, base);
    return { base: start, pages, skipped: [...found.skipped, ...skipped] };
  }
  throw new Failure({
    code: 'site-no-sitemap',
    message: `There is no sitemap at ${places[0]?.href ?? address.href}: ${reasons[0]}.`,
    remedy:
      'Docusaurus’s classic preset writes one when the site is built. Give the address the site is published under, the sitemap’s own address, or the folder of the book’s sources.',
  });
}

type Locations = { pages: string[]; skipped: Sitemap['skipped'] };

/** The addresses of a sitemap and of all that it names, with a line for each that it could not have. */
async function fetchLocations(of: {
  place: URL;
  read: SiteFetcher;
  signal: AbortSignal;
}): Promise<Locations | { reason: string }> {
  const { place, read, signal } = of;
  const first = await fetchSitemap(place, { read, signal });
  if ('reason' in first) return first;
  const found: Locations = { pages: [...first.pages], skipped: [] };
  const skip = (source: string, why: string): void =>
    void found.skipped.push({ source, reason: `${why}: what only this sitemap names is not indexed` });
  for (const map of first.maps.slice(0, limits.maps)) {
    const url = resolveUrl(map, place);
    if (url?.origin !== place.origin) {
      skip(map, 'it is of another site');
      continue;
    }
    const inner = await fetchSitemap(url, { read, signal });
    if ('reason' in inner) {
      skip(map, inner.reason);
      continue;
    }
    found.pages.push(...inner.pages);
    if (inner.maps.length > 0) skip(map, `it names ${inner.maps.length} more, which are not followed`);
  }
  const beyond = first.maps.length - limits.maps;
  if (beyond > 0) skip(place.pathname, `${beyond} sitemaps beyond the first ${limits.maps}`);
  return found;
}

async function fetchSitemap(
  url: URL,
  { read, signal }: { read: SiteFetcher; signal: AbortSignal },
): Promise<{ pages: string[]; maps: string[] } | { reason: string }> {
  const answer = await read({ url, most: limits.bytes, signal });
  if (answer.type === 'none') return answer;
  const document = parseDocument(answer.text, { xmlMode: true });
  const roots = findElements(document, ({ name }) => /(?:^|:)(?:urlset|sitemapindex)$/.test(name));
  if (roots.length === 0) return { reason: 'it is no sitemap' };
  return { pages: locations(document, 'url'), maps: locations(document, 'sitemap') };
}

function locations(document: HtmlDocument, entry: string): string[] {
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

function classifyPages(found: readonly string[], base: URL): Sitemap {
  const skipped: Sitemap['skipped'] = [];
  const pages = new Map<string, URL>();
  const elsewhere = new Map<string, number>();
  let outside = 0;
  for (const text of found) {
    const url = resolveUrl(text, base);
    if (url === null) skipped.push({ source: text, reason: 'it is no address' });
    else if (url.origin !== base.origin) elsewhere.set(url.origin, (elsewhere.get(url.origin) ?? 0) + 1);
    else if (!`${url.pathname}/`.startsWith(base.pathname)) outside += 1;
    else pages.set(url.pathname, url);
  }
  for (const [origin, count] of elsewhere)
    skipped.push({
      source: origin,
      reason: `${count} pages of another site: give that address to index them`,
    });
  if (outside > 0)
    skipped.push({ source: base.origin, reason: `${outside} pages outside of ${base.pathname}` });
  const all = [...pages.values()];
  if (all.length > limits.pages)
    skipped.push({
      source: 'sitemap.xml',
      reason: `${all.length - limits.pages} pages beyond the first ${limits.pages}`,
    });
  return { base, pages: all.slice(0, limits.pages), skipped };
}

function resolveUrl(text: string, base: URL): URL | null {
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  url.search = '';
  url.hash = '';
  return url;
}

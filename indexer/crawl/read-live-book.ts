import pLimit from 'p-limit';
import { BookBuilder, type Book, type BookSite } from '../book.ts';
import { defaultSelection, isSelected, type BookSelection } from '../book-selection.ts';
import { UnreadablePage, parsingTimeLimit, withinDeadline } from '../content/deadline.ts';
import { liveEditions } from './live-editions.ts';
import { readHtmlPage, type HtmlPage } from './read-html-page.ts';
import { createSiteFetcher, type SiteFetcher, type SiteFetcherOptions } from './site-fetcher.ts';
import { readSitemap, type Sitemap } from './sitemap.ts';

/** Pages fetched at the same time: few, because the site has readers. */
const maxConcurrent = 4;
const maxPageBytes = 10_000_000;

type LiveBookRequest = SiteFetcherOptions & {
  /** The site's address, or that of its sitemap. */
  address: URL;
  /** Without one: the version that readers see first. */
  selection?: BookSelection;
  signal: AbortSignal;
};

type CrawledPage = { url: URL; page: HtmlPage };
type MissingPage = { url: URL; reason: string; isUnreadable: boolean };

/**
 * Reads the book of a live site, for a site whose source files are not at hand: of each page in the sitemap the
 * article alone. Throws ServerFailure `site-no-sitemap` or `site-unreachable`: if one page cannot be fetched, the whole
 * read fails, because its sections would otherwise be deleted.
 */
export async function readLiveBook({
  address,
  selection = defaultSelection,
  fetch,
  sleep,
  signal,
}: LiveBookRequest): Promise<Book> {
  const fetchFromSite = createSiteFetcher({ fetch, sleep });
  const sitemap = await readSitemap({ address, fetchFromSite, signal });
  const results = await readPages(sitemap.pages, { fetchFromSite, signal });
  const pages = results.filter((result) => 'page' in result);
  const book = new BookBuilder(siteOf(sitemap, pages));
  book.addSkipped(...sitemap.skipped);
  for (const result of results) {
    if ('page' in result) continue;
    const line = { source: sourceOf(result.url), reason: result.reason };
    if (result.isUnreadable) book.addUnreadable(line);
    else book.addSkipped(line);
  }
  const editionOf = liveEditions(pages);
  for (const crawled of inLinkOrder(pages)) {
    const { url, page } = crawled;
    const { title, locale, version, anchors, chunks } = page;
    const edition = editionOf(crawled);
    const isChosen = isSelected({ ...edition, isDefault: edition.is_default }, selection);
    const skipReason = page.skipReason ?? (isChosen ? null : whyLeftOut(page, selection));
    if (page.skipReason === null) book.enterEdition(edition, isChosen ? 0 : 1);
    const characters = chunks.reduce((sum, { content }) => sum + content.length, 0);
    book.addPage({
      page: {
        source: sourceOf(url),
        url: pathOf(url),
        title,
        locale,
        version,
        anchors,
        characters,
        components: [],
      },
      chunks,
      warnings: [],
      skipReason,
    });
  }
  return book.finish();
}

function whyLeftOut({ isOtherVersion }: HtmlPage, { versions }: BookSelection): string {
  if (!isOtherVersion) return 'not one of the chosen languages';
  return versions.length === 0
    ? 'another version: only the one that readers see first is indexed'
    : 'another version: not chosen';
}

type PageRequest = { fetchFromSite: SiteFetcher; signal: AbortSignal };

/** In the order of `urls`. After a failure no further page is fetched. */
async function readPages(urls: readonly URL[], request: PageRequest): Promise<(CrawledPage | MissingPage)[]> {
  const limit = pLimit(maxConcurrent);
  try {
    return await Promise.all(urls.map((url) => limit(() => readPageAt(url, request))));
  } finally {
    limit.clearQueue();
  }
}

async function readPageAt(
  url: URL,
  { fetchFromSite, signal }: PageRequest,
): Promise<CrawledPage | MissingPage> {
  const response = await fetchFromSite({ url, maxBytes: maxPageBytes, signal });
  if (response.type === 'none') return { url, reason: response.reason, isUnreadable: false };
  if (!/\bhtml\b/.test(response.contentType))
    return { url, reason: 'it is not an HTML page', isUnreadable: false };
  const { text } = response;
  try {
    const page = withinDeadline({ work: () => readHtmlPage(text), milliseconds: parsingTimeLimit(text) });
    return { url, page };
  } catch (error) {
    if (error instanceof UnreadablePage) return { url, reason: error.message, isUnreadable: true };
    throw error;
  }
}

/** Follows the link from each page to the next; a page that no other links to starts a chain. */
function inLinkOrder(pages: readonly CrawledPage[]): CrawledPage[] {
  const byPath = new Map(pages.map((page) => [pathWithoutSlash(page.url), page]));
  const nextOf = ({ url, page }: CrawledPage): CrawledPage | undefined =>
    page.next !== null && URL.canParse(page.next, url)
      ? byPath.get(pathWithoutSlash(new URL(page.next, url)))
      : undefined;
  const linked = new Set(pages.flatMap((page) => nextOf(page) ?? []));
  const ordered = new Set<CrawledPage>();
  for (const first of [...pages.filter((page) => !linked.has(page)), ...pages])
    for (
      let page: CrawledPage | undefined = first;
      page !== undefined && !ordered.has(page);
      page = nextOf(page)
    )
      ordered.add(page);
  return [...ordered];
}

function pathWithoutSlash(url: URL): string {
  return url.pathname.replace(/\/$/, '');
}

/** The path as a browser shows it, decoded. */
function pathOf({ pathname }: URL): string {
  try {
    return decodeURI(pathname);
  } catch {
    return pathname;
  }
}

function sourceOf(url: URL): string {
  return pathOf(url).replace(/^\/|\/$/g, '') || 'index';
}

function siteOf({ base }: Sitemap, [first]: readonly CrawledPage[]): BookSite {
  return {
    root: base.href,
    kind: 'live',
    title: first?.page.siteTitle || base.host,
    url: base.origin,
    baseUrl: base.pathname,
    isBaseUrlKnown: true,
    configWarnings: [],
  };
}

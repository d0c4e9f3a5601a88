import { BookBuilder, type Book } from '../book.ts';
import { parsingTimeLimit, withinDeadline } from '../content/deadline.ts';
import type { Sleep } from '../sync/embed-with-retry.ts';
import { readHtmlPage, type HtmlPage } from './read-html-page.ts';
import { defaultSiteConfig } from '../docusaurus/config/site-config.ts';
import { UnreadablePage } from '../content/unreadable-page.ts';
import { createSiteFetcher, type SiteFetcher } from './site-fetcher.ts';
import { readSitemap, type Sitemap } from './sitemap.ts';
import type { BookSite } from '../docusaurus/find-book.ts';

/** Pages that are asked for at one time: somebody reads the site meanwhile. */
const maxConcurrent = 4;
const maxPageBytes = 10_000_000;

type LiveBookRequest = {
  /** The site's address, or its sitemap's. */
  address: URL;
  fetch: typeof globalThis.fetch;
  sleep: Sleep;
  signal: AbortSignal;
};

type CrawlResult = { url: URL; page: HtmlPage } | { url: URL; reason: string; isUnread: boolean };

/**
 * The book as its live site shows it: each page of the sitemap, its article alone. For a site whose sources are not
 * at hand. Throws Failure `site-no-sitemap` or `site-unreachable`: a page that could not be read now must not be
 * taken for one that is gone.
 */
export async function readLiveBook({ address, fetch, sleep, signal }: LiveBookRequest): Promise<Book> {
  const read = createSiteFetcher({ fetch, sleep });
  const sitemap = await readSitemap({ address, read, signal });
  const answers = await inParallel(sitemap.pages, (url) => readPageAt({ url, read, signal }));
  const found = answers.flatMap((answer) => ('page' in answer ? [answer] : []));
  const book = new BookBuilder(siteOf(sitemap, found));
  book.addSkipped(...sitemap.skipped);
  for (const answer of answers) {
    if ('page' in answer) continue;
    const line = { source: sourceOf(answer.url), reason: answer.reason };
    if (answer.isUnread) book.addUnreadable(line);
    else book.addSkipped(line);
  }
  for (const { url, page } of inLinkOrder(found)) {
    const { title, locale, version, anchors, chunks, skipped } = page;
    const characters = chunks.reduce((sum, { content }) => sum + content.length, 0);
    book.addPage({
      page: { source: sourceOf(url), url: pathOf(url), title, locale, version, anchors, characters },
      chunks,
      warnings: [],
      skipped,
    });
  }
  return book.finish();
}

async function readPageAt({
  url,
  read,
  signal,
}: {
  url: URL;
  read: SiteFetcher;
  signal: AbortSignal;
}): Promise<CrawlResult> {
  const answer = await read({ url, most: maxPageBytes, signal });
  if (answer.type === 'none') return { url, reason: answer.reason, isUnread: false };
  if (!/\bhtml\b/.test(answer.contentType)) return { url, reason: 'it is no page', isUnread: false };
  const { text } = answer;
  try {
    const page = withinDeadline({ work: () => readHtmlPage(text), milliseconds: parsingTimeLimit(text) });
    return { url, page };
  } catch (error) {
    if (error instanceof UnreadablePage) return { url, reason: error.message, isUnread: true };
    throw error;
  }
}

/** In the order of `all`. The first failure ends it. */
async function inParallel<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...all.entries()].values();
  await Promise.all(
    Array.from({ length: maxConcurrent }, async () => {
      for (const [at, one] of queue) results[at] = await work(one);
    }),
  );
  return results;
}

/** Along the links from each page to the next one; a page that none leads to begins a chain of its own. */
function inLinkOrder(found: readonly { url: URL; page: HtmlPage }[]): { url: URL; page: HtmlPage }[] {
  const byPath = new Map(found.map((one) => [pathWithoutSlash(one.url), one]));
  const nextOf = ({ url, page }: { url: URL; page: HtmlPage }): { url: URL; page: HtmlPage } | undefined =>
    page.next !== null && URL.canParse(page.next, url)
      ? byPath.get(pathWithoutSlash(new URL(page.next, url)))
      : undefined;
  const followed = new Set(found.flatMap((one) => nextOf(one) ?? []));
  const ordered = new Set<{ url: URL; page: HtmlPage }>();
  for (const first of [...found.filter((one) => !followed.has(one)), ...found])
    for (let one: typeof first | undefined = first; one !== undefined && !ordered.has(one); one = nextOf(one))
      ordered.add(one);
  return [...ordered];
}

function pathWithoutSlash(url: URL): string {
  return url.pathname.replace(/\/$/, '');
}

/** As a browser shows it. */
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

function siteOf({ base }: Sitemap, found: readonly { page: HtmlPage }[]): BookSite {
  const [first] = found;
  return {
    root: base.href,
    docsDir: base.href,
    kind: 'live',
    title: first?.page.siteTitle || base.host,
    url: base.origin,
    baseUrl: base.pathname,
    isBaseUrlKnown: true,
    routeBasePath: '/',
    trailingSlash: null,
    folders: [],
    bounds: [],
    markdown: defaultSiteConfig().markdown,
    unknowns: [],
  };
}

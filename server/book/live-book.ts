import { BookBuilder, type Book } from './book.ts';
import { readingTime, withinDeadline } from './deadline.ts';
import type { Sleep } from './embed-patiently.ts';
import { readHtmlPage, type HtmlPage } from './html-page.ts';
import { emptyConfig } from './site-config.ts';
import { PageUnread } from './page-unread.ts';
import { createSiteReader, type SiteReader } from './site-reader.ts';
import { readSitemap, type Sitemap } from './sitemap.ts';
import type { BookSite } from './site.ts';

/** Pages that are asked for at one time: somebody reads the site meanwhile. */
const atOnce = 4;
const mostBytes = 10_000_000;

type Request = {
  /** The site's address, or its sitemap's. */
  address: URL;
  fetch: typeof globalThis.fetch;
  sleep: Sleep;
  signal: AbortSignal;
};

type Read = { url: URL; page: HtmlPage } | { url: URL; reason: string; isUnread: boolean };

/**
 * The book as its live site shows it: each page of the sitemap, its article alone. For a site whose sources are not
 * at hand. Throws Failure `site-no-sitemap` or `site-unreachable`: a page that could not be read now must not be
 * taken for one that is gone.
 */
export async function readLiveBook({ address, fetch, sleep, signal }: Request): Promise<Book> {
  const read = createSiteReader({ fetch, sleep });
  const sitemap = await readSitemap({ address, read, signal });
  const answers = await inParallel(sitemap.pages, (url) => readOne({ url, read, signal }));
  const found = answers.flatMap((answer) => ('page' in answer ? [answer] : []));
  const book = new BookBuilder(siteOf(sitemap, found));
  book.skip(...sitemap.skipped);
  for (const answer of answers) {
    if ('page' in answer) continue;
    const line = { source: sourceOf(answer.url), reason: answer.reason };
    if (answer.isUnread) book.miss(line);
    else book.skip(line);
  }
  for (const { url, page } of alongLinks(found)) {
    const { title, locale, version, anchors, chunks, skipped } = page;
    const characters = chunks.reduce((sum, { content }) => sum + content.length, 0);
    book.add({
      page: { source: sourceOf(url), url: pathOf(url), title, locale, version, anchors, characters },
      chunks,
      warnings: [],
      skipped,
    });
  }
  return book.finish();
}

async function readOne({
  url,
  read,
  signal,
}: {
  url: URL;
  read: SiteReader;
  signal: AbortSignal;
}): Promise<Read> {
  const answer = await read({ url, most: mostBytes, signal });
  if (answer.type === 'none') return { url, reason: answer.reason, isUnread: false };
  if (!/\bhtml\b/.test(answer.contentType)) return { url, reason: 'it is no page', isUnread: false };
  const { text } = answer;
  try {
    const page = withinDeadline({ work: () => readHtmlPage(text), milliseconds: readingTime(text) });
    return { url, page };
  } catch (error) {
    if (error instanceof PageUnread) return { url, reason: error.message, isUnread: true };
    throw error;
  }
}

/** In the order of `all`. The first failure ends it. */
async function inParallel<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...all.entries()].values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [at, one] of queue) results[at] = await work(one);
    }),
  );
  return results;
}

/** Along the links from each page to the next one; a page that none leads to begins a chain of its own. */
function alongLinks(found: readonly { url: URL; page: HtmlPage }[]): { url: URL; page: HtmlPage }[] {
  const byPath = new Map(found.map((one) => [bare(one.url), one]));
  const nextOf = ({ url, page }: { url: URL; page: HtmlPage }): { url: URL; page: HtmlPage } | undefined =>
    page.next !== null && URL.canParse(page.next, url)
      ? byPath.get(bare(new URL(page.next, url)))
      : undefined;
  const followed = new Set(found.flatMap((one) => nextOf(one) ?? []));
  const ordered = new Set<{ url: URL; page: HtmlPage }>();
  for (const first of [...found.filter((one) => !followed.has(one)), ...found])
    for (let one: typeof first | undefined = first; one !== undefined && !ordered.has(one); one = nextOf(one))
      ordered.add(one);
  return [...ordered];
}

function bare(url: URL): string {
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
    markdown: emptyConfig().markdown,
    unknowns: [],
  };
}

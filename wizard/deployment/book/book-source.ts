import type { Book } from '../../../indexer/book.ts';
import { readLiveBook } from '../../../indexer/crawl/read-live-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { Failure } from '../../model/failure.ts';
import { parseSiteUrl } from '../../model/formats/book-location.ts';
import type { BookContext } from '../context.ts';
import { translateServerErrors } from '../server-errors.ts';

/**
 * The book that is to be indexed; null when indexing is not wanted. A change to it during a run is left to the next
 * run.
 *
 * @throws Failure `book-missing` when the folder has none, `book-empty` when it has no text, `site-no-sitemap` and
 *   `site-unreachable` for a live site.
 */
export function bookOf(context: BookContext): Promise<Book | null> {
  return context.state.book(async () => {
    const source = sourceOf(context);
    return source === null ? null : readNonEmpty(context, source);
  });
}

type ReadTools = Pick<BookContext, 'fetch' | 'sleep' | 'signal'>;

/** A folder or a site's address, and the site's base URL where the user gave it. */
type BookSource = { docsDir: string; bookBaseUrl: string | null };

export type PrefetchedBook = { attachTo(context: BookContext): void };

/** Reads a book before the run's other inputs are known; `bookOf` then uses it in the contexts it is attached to. */
export function prefetchBook(tools: ReadTools, source: BookSource): PrefetchedBook {
  const reading = readNonEmpty(tools, source);
  // A failure is thrown to the first caller of bookOf.
  reading.catch(() => undefined);
  return {
    attachTo: (context) => {
      const wanted = sourceOf(context);
      if (wanted?.docsDir === source.docsDir && wanted.bookBaseUrl === source.bookBaseUrl)
        void context.state.book(() => reading).catch(() => undefined);
    },
  };
}

/** Null when nothing is to be indexed. */
function sourceOf({ settings }: BookContext): BookSource | null {
  const { docsDir, bookBaseUrl = null, skipIndex } = settings;
  return skipIndex || docsDir === null ? null : { docsDir, bookBaseUrl };
}

async function readNonEmpty(tools: ReadTools, source: BookSource): Promise<Book> {
  const book = await readFrom(tools, source);
  if (book.sections.length > 0) return book;
  const pages = [...book.unreadable, ...book.skipped].map((page) => `${page.source}: ${page.reason}`);
  const [why] = [...pages, ...book.site.configWarnings].map((reason) => ` (${reason})`);
  throw new Failure({
    kind: 'usage',
    code: 'book-empty',
    message: `The book in ${source.docsDir} has no page that can be indexed${why ?? ''}.`,
    remedy: 'Name another folder or address with --docs, or go on without indexing: --no-index.',
  });
}

async function readFrom(
  { fetch, sleep, signal }: ReadTools,
  { docsDir, bookBaseUrl }: BookSource,
): Promise<Book> {
  const address = parseSiteUrl(docsDir);
  if (address !== null) return translateServerErrors(readLiveBook({ address, fetch, sleep, signal }));
  const site = await findBook({ dir: docsDir, baseUrl: bookBaseUrl, signal });
  if (site !== null) return translateServerErrors(readBook({ site, signal }));
  throw new Failure({
    kind: 'usage',
    code: 'book-missing',
    message: `No Docusaurus site and no Markdown was found in ${docsDir}.`,
    remedy: 'Name the folder with --docs DIR, or go on without indexing: --no-index.',
  });
}

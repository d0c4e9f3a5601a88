import type { Book } from '../../../indexer/book.ts';
import { defaultSelection, unknownChoices, type BookSelection } from '../../../indexer/book-selection.ts';
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
 * @throws Failure `book-edition-unknown` for a version or language that it does not have, `book-missing` when the folder has none, `book-empty` when it has no text, `site-no-sitemap` and
 *   `site-unreachable` for a live site.
 */
export function bookOf(context: BookContext): Promise<Book | null> {
  return context.state.book(async () => {
    const source = sourceOf(context);
    return source === null ? null : readNonEmpty(context, source);
  });
}

type ReadTools = Pick<BookContext, 'fetch' | 'sleep' | 'signal'>;

/** A folder or a site's address, the site's base URL where the user gave it, and what of it is wanted. */
type BookSource = { docsDir: string; bookBaseUrl: string | null; selection: BookSelection };

export type PrefetchedBook = { attachTo(context: BookContext): void };

/** Reads a book before the run's other inputs are known; `bookOf` then uses it in the contexts it is attached to. */
export function prefetchBook(tools: ReadTools, source: BookSource): PrefetchedBook {
  const reading = readNonEmpty(tools, source);
  // A failure is thrown to the first caller of bookOf.
  reading.catch(() => undefined);
  return {
    attachTo: (context) => {
      const wanted = sourceOf(context);
      if (JSON.stringify(wanted) === JSON.stringify(source))
        void context.state.book(() => reading).catch(() => undefined);
    },
  };
}

/** Null when nothing is to be indexed. */
function sourceOf({ settings }: BookContext): BookSource | null {
  const { docsDir, bookBaseUrl = null, bookSelection: selection = defaultSelection, skipIndex } = settings;
  return skipIndex || docsDir === null ? null : { docsDir, bookBaseUrl, selection };
}

async function readNonEmpty(tools: ReadTools, source: BookSource): Promise<Book> {
  const book = await readFrom(tools, source);
  expectChosen(book, source.selection);
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

/** Throws Failure `book-edition-unknown` (usage) for a version or language that the book does not have. */
export function expectChosen({ editions }: Pick<Book, 'editions'>, selection: BookSelection): void {
  const { versions, locales } = unknownChoices(editions, selection);
  const [unknown] = [...versions, ...locales];
  if (unknown === undefined) return;
  const isVersion = versions.length > 0;
  const names = new Set(editions.map(({ label, locale }) => (isVersion ? label : locale)));
  throw new Failure({
    kind: 'usage',
    code: 'book-edition-unknown',
    message: `The book has no ${isVersion ? 'version' : 'language'} ${unknown}.`,
    remedy:
      names.size === 0
        ? `Leave out --${isVersion ? 'versions' : 'locales'}: it has only one.`
        : `It has ${[...names].join(', ')}: name them with --${isVersion ? 'versions' : 'locales'}, or all.`,
  });
}

async function readFrom(
  { fetch, sleep, signal }: ReadTools,
  { docsDir, bookBaseUrl, selection }: BookSource,
): Promise<Book> {
  const address = parseSiteUrl(docsDir);
  if (address !== null)
    return translateServerErrors(readLiveBook({ address, selection, fetch, sleep, signal }));
  const site = await findBook({ dir: docsDir, baseUrl: bookBaseUrl, signal });
  if (site !== null) return translateServerErrors(readBook({ site, selection, signal }));
  throw new Failure({
    kind: 'usage',
    code: 'book-missing',
    message: `No Docusaurus site and no Markdown was found in ${docsDir}.`,
    remedy: 'Name the folder with --docs DIR, or go on without indexing: --no-index.',
  });
}

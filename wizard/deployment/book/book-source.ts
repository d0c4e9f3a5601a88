import type { Book } from '../../../indexer/book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { previewSync } from '../../../indexer/sync/sync-book.ts';
import { readLiveBook } from '../../../indexer/crawl/read-live-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { createQdrantStore } from '../../../server/adapters/qdrant/qdrant-store.ts';
import type { CollectionState, PassageStore } from '../../../server/collection/ports.ts';
import type { Credentials } from '../../model/credential.ts';
import { parseSiteUrl } from '../../model/formats/book-location.ts';
import { Failure } from '../../model/failure.ts';
import type { BookContext } from '../context.ts';
import { translateServerErrors } from '../server-errors.ts';
import type { BookCollection } from '../remote-state.ts';

/**
 * The book that is to be indexed; null when indexing is not wanted. A book that changes during a run is the next
 * run's matter.
 *
 * @throws Failure `book-missing` when the folder holds none, `book-empty` when it has no text, `site-no-sitemap` and
 *   `site-unreachable` for a live site.
 */
export function bookOf(context: BookContext): Promise<Book | null> {
  return context.state.book(() => readWanted(context));
}

type ReadTools = Pick<BookContext, 'fetch' | 'sleep' | 'signal'>;

/** A folder or a site's address, and what the book's addresses begin with where that was said. */
type BookLocation = { docsDir: string; bookBaseUrl: string | null };

export type PrefetchedBook = { attachTo(context: BookContext): void };

/** Reads a book before it is known what else the run needs; `bookOf` then has it from here. */
export function prefetchBook(tools: ReadTools, place: BookLocation): PrefetchedBook {
  const reading = readNonEmpty(tools, place);
  // Whoever asks for the book hears of a failure.
  reading.catch(() => undefined);
  return {
    attachTo: (context) => {
      const wanted = bookLocation(context);
      if (wanted?.docsDir === place.docsDir && wanted.bookBaseUrl === place.bookBaseUrl)
        void context.state.book(() => reading).catch(() => undefined);
    },
  };
}

async function readWanted(context: BookContext): Promise<Book | null> {
  const place = bookLocation(context);
  return place === null ? null : readNonEmpty(context, place);
}

/** Null when nothing is to be indexed. */
function bookLocation({ settings }: BookContext): BookLocation | null {
  const { docsDir, bookBaseUrl = null, skipIndex } = settings;
  return skipIndex || docsDir === null ? null : { docsDir, bookBaseUrl };
}

async function readNonEmpty(tools: ReadTools, place: BookLocation): Promise<Book> {
  const book = await readAt(tools, place);
  if (book.sections.length > 0) return book;
  const named = [...book.unreadable, ...book.skipped].map(({ source, reason }) => `${source}: ${reason}`);
  const [why] = [...named, ...book.site.configWarnings].map((reason) => ` (${reason})`);
  throw new Failure({
    kind: 'usage',
    code: 'book-empty',
    message: `The book in ${place.docsDir} has no page that can be indexed${why ?? ''}.`,
    remedy: 'Name another folder or address with --docs, or go on without indexing: --no-index.',
  });
}

async function readAt(
  { fetch, sleep, signal }: ReadTools,
  { docsDir, bookBaseUrl }: BookLocation,
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

/** The collection that the book goes to: the wanted one, or `<name>-2`, `-3` … when that is not ours to write. */
export function collectionOf(context: BookContext): Promise<BookCollection> {
  return context.state.collection(() => findCollection(context));
}

async function findCollection(context: BookContext): Promise<BookCollection> {
  const { collection, skipIndex } = context.settings;
  let wanted: BookCollection | null = null;
  for (let n = 1; n < 10; n++) {
    const store = storeOf(context, n === 1 ? collection : `${collection}-${n}`);
    const state = await withQdrantRetry(context, () => store.describe({ signal: context.signal }));
    const found = { store, state, isBeside: n > 1 };
    wanted ??= found;
    if (!state.exists) return skipIndex ? wanted : found;
    if (await isOurCollection(context, found)) return found;
  }
  throw new Failure({
    code: 'collection-foreign',
    service: 'qdrant',
    message: `The collection ${collection} and those numbered after it were not written by this tool.`,
    remedy: 'Name another collection in QDRANT_COLLECTION.',
  });
}

/** Written, or begun, by a run of ours for this book; with the vectors that are needed now. */
async function isOurCollection(context: BookContext, { store, state }: BookCollection): Promise<boolean> {
  if (!state.exists || state.vectorName !== 'dense' || !state.hasSparse) return false;
  const book = await bookOf(context);
  if (book === null) return state.stamp !== null;
  const { embeddingModel: model, dimensions } = context.credentials.gemini;
  if (state.dimensions !== dimensions) return false;
  if (state.points === 0) return true;
  const { signal } = context;
  const diff = await withQdrantRetry(context, () =>
    previewSync({ book, embedder: { model, dimensions }, store, state, signal }),
  );
  return diff.kind !== 'foreign';
}

/** Where a collection is, as the journal names it: the cluster’s host and port. */
export function qdrantHostOf({ credentials }: Pick<BookContext, 'credentials'>): string {
  return new URL(credentials.qdrant.url.reveal()).host;
}

type QdrantAccess = { credentials: Pick<Credentials, 'qdrant'> } & Pick<
  BookContext,
  'fetch' | 'sleep' | 'signal'
>;

export type CollectionFacts = CollectionState;

/** A collection as it stands. Throws Failure as every call of Qdrant. */
export function describeCollection(context: QdrantAccess, collection: string): Promise<CollectionState> {
  const { signal } = context;
  return withQdrantRetry(context, () => storeOf(context, collection).describe({ signal }));
}

function storeOf({ credentials }: Pick<QdrantAccess, 'credentials'>, collection: string): PassageStore {
  const { url, key } = credentials.qdrant;
  return createQdrantStore({ url: url.reveal(), apiKey: key?.reveal() ?? null, collection });
}

const maxTries = 3;
const firstWaitMs = 500;

/** Reads, so it may be tried again: a cluster that wakes or is busy answers a moment later. */
export async function withQdrantRetry<T>(
  context: Pick<BookContext, 'sleep' | 'signal'>,
  read: () => Promise<T>,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await translateServerErrors(read());
    } catch (error) {
      const isPassing = error instanceof Failure && error.kind === 'unreachable';
      if (!isPassing || n === maxTries) throw error;
      await context.sleep(firstWaitMs * 2 ** (n - 1), { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}

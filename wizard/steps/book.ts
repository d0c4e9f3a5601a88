import type { Book } from '../../server/book/book.ts';
import { readBook } from '../../server/book/read-book.ts';
import { diffBook } from '../../server/book/sync.ts';
import { readLiveBook } from '../../server/book/live-book.ts';
import { findBook } from '../../server/book/site.ts';
import { createQdrantStore } from '../../server/adapters/qdrant.ts';
import type { CollectionState, PassageStore } from '../../server/index/ports.ts';
import type { Credentials } from '../model/credential.ts';
import { siteAddress } from '../model/book-place.ts';
import { Failure } from '../model/failure.ts';
import type { BookContext } from './context.ts';
import { fromServer } from './from-server.ts';
import { once } from './once.ts';

/**
 * The book that is to be indexed; null when indexing is not wanted. A book that changes during a run is the next
 * run's matter.
 *
 * @throws Failure `book-missing` when the folder holds none, `book-empty` when it has no text, `site-no-sitemap` and
 *   `site-unreachable` for a live site.
 */
export function bookOf(context: BookContext): Promise<Book | null> {
  return once(context, 'book', () => read(context));
}

type Reading = Pick<BookContext, 'fetch' | 'sleep' | 'signal'>;

/** A folder or a site's address, and what the book's addresses begin with where that was said. */
type BookPlace = { docsDir: string; bookBaseUrl: string | null };

export type EarlyBook = { giveTo(context: BookContext): void };

/** Reads a book before it is known what else the run needs; `bookOf` then has it from here. */
export function readEarly(tools: Reading, place: BookPlace): EarlyBook {
  const reading = readWhole(tools, place);
  // Whoever asks for the book hears of a failure.
  reading.catch(() => undefined);
  return {
    giveTo: (context) => {
      const wanted = wantedPlace(context);
      if (wanted?.docsDir === place.docsDir && wanted.bookBaseUrl === place.bookBaseUrl)
        void once(context, 'book', () => reading).catch(() => undefined);
    },
  };
}

async function read(context: BookContext): Promise<Book | null> {
  const place = wantedPlace(context);
  return place === null ? null : readWhole(context, place);
}

/** Null when nothing is to be indexed. */
function wantedPlace({ settings }: BookContext): BookPlace | null {
  const { docsDir, bookBaseUrl = null, skipIndex } = settings;
  return skipIndex || docsDir === null ? null : { docsDir, bookBaseUrl };
}

async function readWhole(tools: Reading, place: BookPlace): Promise<Book> {
  const book = await readAt(tools, place);
  if (book.sections.length > 0) return book;
  const named = [...book.unread, ...book.skipped].map(({ source, reason }) => `${source}: ${reason}`);
  const [why] = [...named, ...book.site.unknowns].map((reason) => ` (${reason})`);
  throw new Failure({
    kind: 'usage',
    code: 'book-empty',
    message: `The book in ${place.docsDir} has no page that can be indexed${why ?? ''}.`,
    remedy: 'Name another folder or address with --docs, or go on without indexing: --no-index.',
  });
}

async function readAt({ fetch, sleep, signal }: Reading, { docsDir, bookBaseUrl }: BookPlace): Promise<Book> {
  const address = siteAddress(docsDir);
  if (address !== null) return fromServer(readLiveBook({ address, fetch, sleep, signal }));
  const site = await findBook({ dir: docsDir, baseUrl: bookBaseUrl, signal });
  if (site !== null) return fromServer(readBook({ site, signal }));
  throw new Failure({
    kind: 'usage',
    code: 'book-missing',
    message: `No Docusaurus site and no Markdown was found in ${docsDir}.`,
    remedy: 'Name the folder with --docs DIR, or go on without indexing: --no-index.',
  });
}

export type Collection = {
  store: PassageStore;
  state: CollectionState;
  /** True when the wanted name belongs to somebody else’s collection, which is left alone. */
  isBeside: boolean;
};

/** The collection that the book goes to: the wanted one, or `<name>-2`, `-3` … when that is not ours to write. */
export function collectionOf(context: BookContext): Promise<Collection> {
  return once(context, 'collection', () => findCollection(context));
}

async function findCollection(context: BookContext): Promise<Collection> {
  const { collection, skipIndex } = context.settings;
  let wanted: Collection | null = null;
  for (let n = 1; n < 10; n++) {
    const store = storeOf(context, n === 1 ? collection : `${collection}-${n}`);
    const state = await fromQdrant(context, () => store.describe({ signal: context.signal }));
    const found = { store, state, isBeside: n > 1 };
    wanted ??= found;
    if (!state.exists) return skipIndex ? wanted : found;
    if (await isOurs(context, found)) return found;
  }
  throw new Failure({
    code: 'collection-foreign',
    service: 'qdrant',
    message: `The collection ${collection} and those numbered after it were not written by this tool.`,
    remedy: 'Name another collection in QDRANT_COLLECTION.',
  });
}

/** Written, or begun, by a run of ours for this book; with the vectors that are needed now. */
async function isOurs(context: BookContext, { store, state }: Collection): Promise<boolean> {
  if (!state.exists || state.vectorName !== 'dense' || !state.hasSparse) return false;
  const book = await bookOf(context);
  if (book === null) return state.stamp !== null;
  const { embeddingModel: model, dimensions } = context.credentials.gemini;
  if (state.dimensions !== dimensions) return false;
  if (state.points === 0) return true;
  const { signal } = context;
  const diff = await fromQdrant(context, () =>
    diffBook({ book, embedder: { model, dimensions }, store, state, signal }),
  );
  return diff.kind !== 'foreign';
}

/** Where a collection is, as the journal names it: the cluster’s host and port. */
export function collectionPlace({ credentials }: Pick<BookContext, 'credentials'>): string {
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
  return fromQdrant(context, () => storeOf(context, collection).describe({ signal }));
}

function storeOf({ credentials }: Pick<QdrantAccess, 'credentials'>, collection: string): PassageStore {
  const { url, key } = credentials.qdrant;
  return createQdrantStore({ url: url.reveal(), apiKey: key?.reveal() ?? null, collection });
}

const tries = 3;
const firstWaitMs = 500;

/** Reads, so it may be tried again: a cluster that wakes or is busy answers a moment later. */
export async function fromQdrant<T>(
  context: Pick<BookContext, 'sleep' | 'signal'>,
  read: () => Promise<T>,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await fromServer(read());
    } catch (error) {
      const isPassing = error instanceof Failure && error.kind === 'unreachable';
      if (!isPassing || n === tries) throw error;
      await context.sleep(firstWaitMs * 2 ** (n - 1), { signal: context.signal });
      context.signal.throwIfAborted();
    }
  }
}

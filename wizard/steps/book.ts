import { readBook, type Book } from '../../server/book/read-book.ts';
import { diffBook } from '../../server/book/sync.ts';
import { findBook } from '../../server/book/site.ts';
import { createQdrantStore } from '../../server/adapters/qdrant.ts';
import { Failure as ServerFailure } from '../../server/failure.ts';
import type { CollectionState, PassageStore } from '../../server/index/ports.ts';
import type { Credentials } from '../model/credential.ts';
import { Failure, type FailureKind } from '../model/failure.ts';
import type { BookContext } from './context.ts';
import { once } from './once.ts';

/**
 * The book that is to be indexed; null when indexing is not wanted. A book that changes during a run is the next
 * run's matter.
 *
 * @throws Failure `book-missing` when the folder holds none.
 */
export function bookOf(context: BookContext): Promise<Book | null> {
  return once(context, 'book', () => read(context));
}

async function read({ settings, signal }: BookContext): Promise<Book | null> {
  if (settings.skipIndex || settings.docsDir === null) return null;
  const site = await findBook({ dir: settings.docsDir, signal });
  if (site === null) {
    throw new Failure({
      kind: 'usage',
      code: 'book-missing',
      message: `No Docusaurus site and no Markdown was found in ${settings.docsDir}.`,
      remedy: 'Name the folder with --docs DIR, or go on without indexing: --no-index.',
    });
  }
  return fromServer(readBook({ site, signal }));
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
    diffBook({ book, embedder: { model, dimensions }, store, signal }),
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

export function storeOf(
  { credentials }: Pick<QdrantAccess, 'credentials'>,
  collection: string,
): PassageStore {
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

/** The server's failures in the wizard's words: the same message and remedy, with the service and exit code. */
async function fromServer<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw asFailure(cause);
  }
}

/** What is no failure of the server's is given back as it is. */
export function asFailure(cause: unknown): unknown {
  if (!(cause instanceof ServerFailure)) return cause;
  const { code, message, remedy } = cause;
  const service = code.startsWith('gemini-') ? 'gemini' : 'qdrant';
  return new Failure({ kind: kindOf(code), code, message, remedy, service, cause });
}

function kindOf(code: string): FailureKind {
  if (/rejected|unauthorized/.test(code)) return 'rejected';
  return /unreachable|unavailable|busy|quota-minute|timeout|timed-out/.test(code) ? 'unreachable' : 'failed';
}

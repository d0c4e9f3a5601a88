import type { BookFile } from '../../collection/book-file.ts';
import type { CollectionState, Embedder, PassageReader } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { Stamp } from '../../collection/stamp.ts';
import { settleWithin } from '../resilience/deadline.ts';
import { chatSettings } from '../settings.ts';
import {
  initialState,
  next,
  sectionsInMemory,
  testResult,
  type BookObservation,
  type BookState,
} from './book-state.ts';
import { isWrittenByModel } from './legacy-vectors.ts';
import { memoryBook } from './memory-book.ts';
import { checkVectors } from './vector-compatibility.ts';

/** Embeds a few sections to test a collection without a stamp. */
export type BookEmbedder = Pick<Embedder, 'model' | 'dimensions' | 'embedDocuments'>;

/** The book at one moment. */
export type IndexSnapshot = Pick<BookState, 'book' | 'vectors' | 'calibration' | 'editions'>;

const readTimeoutMs = 60_000;
/** How long a question waits for Qdrant's first answer where the words can be searched already, in milliseconds. */
const firstLookMs = 300;

/**
 * Keeps the book searchable: `book.json` until Qdrant answers, then the collection, read again when its stamp (or,
 * without one, its size) changes. `next` in book-state.ts decides; this class does the reading.
 */
export class BookIndex {
  #state = initialState;
  #reading: Promise<void> | null = null;
  #switching: Promise<void> | null = null;
  #bundledBook: Promise<BookFile | null> | null = null;
  #markReady: () => void = () => undefined;
  readonly #ready: Promise<void>;
  #markLooked: () => void = () => undefined;
  readonly #looked: Promise<void>;
  readonly #readBundledBook: () => Promise<BookFile | null>;
  readonly #store: PassageReader;
  readonly #embedder: BookEmbedder;
  readonly #memorySections: number;
  readonly #bundledFallbackMs: number;

  constructor(options: {
    store: PassageReader;
    embedder: BookEmbedder;
    /** `book.json`; null when there is none. */
    readBundledBook: () => Promise<BookFile | null>;
    /** A stamped book of more sections stays in Qdrant. */
    memorySections?: number;
    /** How long to wait for Qdrant before reading `book.json`: reading it takes time that a start needs. */
    bundledFallbackMs?: number;
  }) {
    this.#bundledFallbackMs = options.bundledFallbackMs ?? 400;
    this.#memorySections = options.memorySections ?? chatSettings.memorySections;
    this.#store = options.store;
    this.#embedder = options.embedder;
    this.#readBundledBook = options.readBundledBook;
    this.#ready = new Promise((resolve) => (this.#markReady = resolve));
    this.#looked = new Promise((resolve) => (this.#markLooked = resolve));
  }

  get snapshot(): IndexSnapshot {
    return this.#state;
  }

  /**
   * Resolves when there is a book to search or none is known to exist yet; after `ms` milliseconds at the latest. A book of
   * which only the words can be searched waits a moment for its vectors.
   */
  async whenReady({ ms }: { ms: number }): Promise<void> {
    if (this.#state.book.type === 'empty') await settleWithin({ ms }, this.#ready);
    if (this.#state.book.type === 'bundled') await settleWithin({ ms: firstLookMs }, this.#looked);
  }

  /**
   * Asks Qdrant for the collection's state and starts reading a changed collection. Waits for the first reading as long
   * as the signal allows; later ones continue in the background. Throws the store's ServerFailure.
   */
  async refresh({ signal }: { signal: AbortSignal }): Promise<CollectionState> {
    const fallback = setTimeout(() => void this.#useBundledIfEmpty(), this.#bundledFallbackMs);
    try {
      const collection = await this.#store.describe({ signal }).catch((error) => this.#lose(error));
      await this.#follow(collection, signal);
      return collection;
    } finally {
      clearTimeout(fallback);
      await this.#useBundledIfEmpty();
      this.#markReady();
    }
  }

  /** Qdrant does not answer. One that does, but whose text cannot be read, is still searched by its vectors. */
  async #lose(error: unknown): Promise<never> {
    // A remote book cannot be searched without Qdrant.
    if (this.#state.book.type === 'remote') await this.#useBundledBook();
    this.#observe({ type: 'qdrant-failed', error });
    throw error;
  }

  #observe(observation: BookObservation): void {
    this.#state = next(this.#state, observation);
    if (observation.type === 'collection-described' || observation.type === 'qdrant-failed')
      this.#markLooked();
    if (this.#state.book.size > 0) this.#markReady();
  }

  async #follow(collection: CollectionState, signal: AbortSignal): Promise<void> {
    const version = versionOf(collection);
    const vectors = checkVectors(collection, this.#embedder);
    const remote = remoteBook(collection);
    const fitsMemory = remote === null || remote.size <= this.#memorySections;
    const { calibration = null, editions = [] } = stampOf(collection) ?? {};
    const described = { version, vectors, calibration, editions, remote, fitsMemory };
    this.#observe({ type: 'collection-described', ...described });
    if (version === null || !fitsMemory || (await this.#isBeingWritten(collection))) return;
    if (version !== this.#state.version && !(await this.#keepBundledBook(version)))
      await this.#startReading(version, collection, signal);
    const isUntested =
      !vectors.usable &&
      vectors.code === 'collection-without-stamp' &&
      testResult(this.#state, version) === null;
    if (isUntested && this.#state.version === version) await this.#testVectors(version, signal);
  }

  /**
   * A `book.json` with the collection's own stamp has its text: nothing is read again, also where it is being indexed now.
   * False for any other.
   */
  async #keepBundledBook(version: string): Promise<boolean> {
    const isInUse = this.#state.book.type === 'bundled' || this.#switching !== null;
    const file = isInUse ? await this.#loadBundledBook() : null;
    if (file === null || version !== `stamp:${file.stamp.digest}`) return false;
    await this.#switching;
    const { book } = this.#state;
    if (book.type !== 'bundled') return false;
    this.#observe({ type: 'collection-read', version, book });
    return true;
  }

  /** The first reading is waited for; while a book from the collection is already in use, it is not. */
  async #startReading(version: string, collection: CollectionState, signal: AbortSignal): Promise<void> {
    this.#reading ??= this.#read(version, collection).finally(() => (this.#reading = null));
    // A background reading may fail unobserved; the next refresh tries again.
    this.#reading.catch(() => undefined);
    const { type } = this.#state.book;
    if (type === 'empty' || type === 'bundled') await settledOrAborted(this.#reading, signal);
  }

  async #read(version: string, collection: CollectionState): Promise<void> {
    const signal = AbortSignal.timeout(readTimeoutMs);
    const sections: Section[] = [];
    for await (const section of this.#store.sections({ signal })) sections.push(section);
    const book = await memoryBook({ sections, writtenAt: stampOf(collection)?.written_at || null });
    this.#observe({ type: 'collection-read', version, book });
  }

  /** Without a stamp, only its vectors show which model wrote a collection. Never rejects: the result is optional. */
  async #testVectors(version: string, signal: AbortSignal): Promise<void> {
    const sections = [...sectionsInMemory(this.#state.book).values()];
    const [store, embedder] = [this.#store, this.#embedder];
    const fits = await isWrittenByModel({ sections, embedder, store, signal }).catch(() => null);
    this.#observe({ type: 'vectors-tested', version, fits });
  }

  /**
   * Our indexer, the only one that writes sparse vectors, writes the stamp last: until then, only the bundled book is
   * complete.
   */
  async #isBeingWritten(collection: CollectionState): Promise<boolean> {
    if (!collection.exists || collection.stamp !== null) return false;
    const file = await this.#loadBundledBook();
    return file !== null && (collection.hasSparse || collection.points < file.stamp.sections);
  }

  async #useBundledIfEmpty(): Promise<void> {
    if (this.#state.book.type === 'empty') await this.#useBundledBook();
  }

  /** Switches to `book.json`, unless the book changes while it is being read and indexed. Never rejects. */
  #useBundledBook(): Promise<void> {
    return (this.#switching ??= this.#switchToBundledBook().finally(() => (this.#switching = null)));
  }

  async #switchToBundledBook(): Promise<void> {
    const { type } = this.#state.book;
    const file = await this.#loadBundledBook();
    if (file === null) return this.#observe({ type: 'bundled-book-missing' });
    if (this.#state.book.type !== type) return;
    const { stamp, ...parts } = file;
    const book = await memoryBook({ ...parts, writtenAt: stamp.written_at || null });
    const { calibration = null, editions = [] } = stamp;
    if (this.#state.book.type === type)
      this.#observe({ type: 'bundled-book-read', book, calibration, editions });
  }

  #loadBundledBook(): Promise<BookFile | null> {
    return (this.#bundledBook ??= this.#readBundledBook().catch(() => null));
  }
}

/** Only our indexer writes sparse vectors, and its stamp shows that it finished. The stamp is one of the points. */
function remoteBook(collection: CollectionState): { size: number; writtenAt: string | null } | null {
  if (!collection.exists || !collection.hasSparse || collection.stamp === null) return null;
  return { size: collection.points - 1, writtenAt: collection.stamp.written_at || null };
}

function stampOf(collection: CollectionState): Stamp | null {
  return collection.exists ? collection.stamp : null;
}

/** Changes with the text; null for a collection that does not exist. */
function versionOf(collection: CollectionState): string | null {
  if (!collection.exists) return null;
  return collection.stamp === null ? `points:${collection.points}` : `stamp:${collection.stamp.digest}`;
}

async function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([work, aborted]);
}

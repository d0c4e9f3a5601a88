import { Failure } from '../../failure.ts';
import { buildBm25Index, type Bm25Index } from '../../collection/bm25-index.ts';
import type { CollectionState, Embedder, PassageReader } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import type { Stamp, Calibration } from '../../collection/stamp.ts';
import {
  checkVectors,
  otherModelVectors,
  unverifiedVectors,
  type VectorCompatibility,
} from './vector-compatibility.ts';
import { isWrittenByModel } from './legacy-vectors.ts';
import { chatSettings } from '../settings.ts';

type BookEmbedder = Pick<Embedder, 'model' | 'dimensions' | 'embedDocuments'>;

/** `book.json` as it stands beside the server. */
export type BookFile = { stamp: Stamp; sections: Section[] };

/** The book as the server holds it now. */
export type IndexSnapshot = {
  /** Where words are looked for: here, or in Qdrant's sparse vectors when the book is larger than memory should be. */
  lexicalBackend: 'memory' | 'qdrant';
  /** Sections of the book, wherever they are. */
  size: number;
  /** Empty, as `sections` is, when the words are in Qdrant. */
  bm25: Bm25Index;
  sections: ReadonlyMap<string, Section>;
  from: 'collection' | 'book.json' | 'nothing';
  /** ISO-8601, of the indexing; null for a collection without a stamp. */
  writtenAt: string | null;
  vectors: VectorCompatibility;
  /** What was calibrated for this collection; null where nothing was. */
  calibration: Calibration | null;
};

/** Before Qdrant answered for the first time; `error` is how it failed to. */
function notSeenYet(error: unknown): VectorCompatibility {
  const { code, message, remedy } =
    error instanceof Failure
      ? error
      : { code: 'qdrant-not-seen', message: 'Qdrant has not answered yet.', remedy: '' };
  return { usable: false, code, reason: message, remedy };
}

/**
 * Keeps the book's words in memory: out of `book.json` until Qdrant answers, then out of the collection, read
 * again when its stamp (or, without one, its size) changes.
 */
export class BookIndex {
  #holding: IndexSnapshot = {
    lexicalBackend: 'memory',
    size: 0,
    bm25: buildBm25Index([]),
    sections: new Map(),
    from: 'nothing',
    writtenAt: null,
    vectors: notSeenYet(null),
    calibration: null,
  };
  #version: string | null = null;
  #reading: Promise<void> | null = null;
  /** The version of a collection without a stamp that was tried with this model, and what came of it. */
  #tried: { version: string; fits: boolean } | null = null;
  #bundled: Promise<BookFile | null> | null = null;
  readonly #readBundled: () => Promise<BookFile | null>;
  #open: () => void = () => undefined;
  readonly #opened: Promise<void>;
  readonly #store: PassageReader;
  readonly #embedder: BookEmbedder;
  readonly #memorySections: number;

  constructor(options: {
    store: PassageReader;
    embedder: BookEmbedder;
    /** `book.json`; null when there is none. */
    readBundledBook: () => Promise<BookFile | null>;
    /** A stamped book of more sections is left in Qdrant. */
    memorySections?: number;
  }) {
    this.#memorySections = options.memorySections ?? chatSettings.memorySections;
    this.#store = options.store;
    this.#embedder = options.embedder;
    this.#readBundled = options.readBundledBook;
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  /** Resolves when there is a book to search, or it is known that there is none yet; after `ms` at the latest. */
  async opened({ ms }: { ms: number }): Promise<void> {
    if (this.#holding.from !== 'nothing') return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.#opened, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
    clearTimeout(timer);
  }

  get holding(): IndexSnapshot {
    return this.#holding;
  }

  /**
   * Looks at the collection and, when it is another than the one held, begins to read it. The first reading is
   * waited for as long as the signal allows, a later one goes on behind. Throws the store's Failure.
   */
  async refresh({ signal }: { signal: AbortSignal }): Promise<CollectionState> {
    const slow = setTimeout(() => void this.#fallBack(), bundledFallbackMs);
    try {
      const state = await this.#store.describe({ signal });
      await this.#take(state, signal);
      return state;
    } catch (error) {
      // What was left in Qdrant went away with it.
      if (this.#holding.lexicalBackend === 'qdrant') await this.#takeBundled();
      if (this.#holding.from === 'nothing') this.#holding = { ...this.#holding, vectors: notSeenYet(error) };
      throw error;
    } finally {
      clearTimeout(slow);
      await this.#fallBack();
      this.#open();
    }
  }

  /** Takes the book that was uploaded with the server, unless another is held. Never rejects. */
  async #fallBack(): Promise<void> {
    if (this.#holding.from === 'nothing') await this.#takeBundled();
  }

  async #takeBundled(): Promise<void> {
    const before = this.#holding.from;
    const book = await this.#bundledBook();
    if (book === null || this.#holding.from !== before) return;
    this.#version = null;
    this.#hold(book.sections, { from: 'book.json', writtenAt: book.stamp.written_at || null });
  }

  async #take(state: CollectionState, signal: AbortSignal): Promise<void> {
    const version = versionOf(state);
    const stamped = checkVectors(state, this.#embedder);
    const fits = this.#tried?.version === version ? this.#tried.fits : null;
    this.#holding = {
      ...this.#holding,
      vectors: fits === null ? stamped : fits ? { usable: true } : otherModelVectors,
      calibration: stampOf(state)?.tuning ?? null,
    };
    if (version === null || (await this.#isBeingWritten(state))) return;
    if (isLarge(state, this.#memorySections)) return this.#leave(state, version);
    if (version !== this.#version) {
      this.#reading ??= this.#read(version, state).finally(() => (this.#reading = null));
      // Nobody may be waiting when it fails; the next look tries again.
      this.#reading.catch(() => undefined);
      if (this.#holding.from !== 'collection') await settledOrAborted(this.#reading, signal);
    }
    const untried = !stamped.usable && stamped.code === 'collection-without-stamp' && fits === null;
    if (untried && this.#version === version) await this.#try(version, signal);
  }

  /** Our indexer stamps last: until then the whole book is the one that came with the server. */
  async #isBeingWritten(state: CollectionState): Promise<boolean> {
    if (!state.exists || state.stamp !== null) return false;
    const book = await this.#bundledBook();
    return book !== null && state.points < book.stamp.sections;
  }

  #bundledBook(): Promise<BookFile | null> {
    return (this.#bundled ??= this.#readBundled().catch(() => null));
  }

  /** The book stays where it is: both legs ask Qdrant. */
  #leave(state: CollectionState & { exists: true }, version: string): void {
    this.#hold([], { from: 'collection', writtenAt: stampOf(state)?.written_at || null });
    this.#holding = { ...this.#holding, lexicalBackend: 'qdrant', size: state.points - 1 };
    this.#version = version;
    this.#open();
  }

  /** A collection without a stamp says by its vectors which model wrote it. Never rejects: it stands where it is. */
  async #try(version: string, signal: AbortSignal): Promise<void> {
    const sections = [...this.#holding.sections.values()];
    const parts = { embedder: this.#embedder, store: this.#store };
    const fits = await isWrittenByModel({ sections, ...parts, signal }).catch(() => null);
    if (fits !== null) this.#tried = { version, fits };
    const unusable = fits === null ? unverifiedVectors : otherModelVectors;
    this.#holding = { ...this.#holding, vectors: fits === true ? { usable: true } : unusable };
  }

  async #read(version: string, state: CollectionState): Promise<void> {
    const signal = AbortSignal.timeout(readTimeoutMs);
    const sections: Section[] = [];
    for await (const section of this.#store.sections({ signal })) sections.push(section);
    // An empty collection is one that is not written yet: the bundled book is better than nothing.
    if (sections.length > 0 || this.#holding.from !== 'book.json')
      this.#hold(sections, { from: 'collection', writtenAt: stampOf(state)?.written_at || null });
    this.#version = version;
  }

  #hold(sections: readonly Section[], { from, writtenAt }: Pick<IndexSnapshot, 'from' | 'writtenAt'>): void {
    this.#holding = {
      ...this.#holding,
      lexicalBackend: 'memory',
      size: sections.length,
      bm25: buildBm25Index(sections),
      sections: new Map(sections.map((section) => [section.id, section])),
      from,
      writtenAt,
    };
    if (sections.length > 0) this.#open();
  }
}

/** The stamp is a point too; only our own indexing writes sparse vectors, and one that ended writes a stamp. */
function isLarge(state: CollectionState, most: number): state is CollectionState & { exists: true } {
  return state.exists && state.hasSparse && state.stamp !== null && state.points - 1 > most;
}

function stampOf(state: CollectionState): Stamp | null {
  return state.exists ? state.stamp : null;
}

/** Another one means another text; null for a collection that does not exist. */
function versionOf(state: CollectionState): string | null {
  if (!state.exists) return null;
  return state.stamp === null ? `points:${state.points}` : `stamp:${state.stamp.digest}`;
}

const readTimeoutMs = 60_000;
/** How long Qdrant may take before the bundled book is read: reading it costs time that a start needs. */
const bundledFallbackMs = 400;

async function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([work, aborted]);
}

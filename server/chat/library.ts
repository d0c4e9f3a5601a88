import { buildLexicon, type Lexicon } from '../index/bm25.ts';
import { bareModel, textFormat } from '../index/embedding.ts';
import { isWrittenBy } from './legacy-vectors.ts';
import type { CollectionState, Embedder, PassageStore } from '../index/ports.ts';
import type { Section } from '../index/section.ts';
import type { Stamp, Tuning } from '../index/stamp.ts';

type LibraryEmbedder = Pick<Embedder, 'model' | 'dimensions' | 'embedDocuments'>;

/** `book.json` as it stands beside the server. */
export type BookFile = { stamp: Stamp; sections: Section[] };

export type DenseLeg = { usable: true } | { usable: false; code: string; reason: string; remedy: string };

/** The book as the server holds it now. */
export type Holding = {
  lexicon: Lexicon;
  sections: ReadonlyMap<string, Section>;
  from: 'collection' | 'book.json' | 'nothing';
  /** ISO-8601, of the indexing; null for a collection without a stamp. */
  writtenAt: string | null;
  dense: DenseLeg;
  /** What was calibrated for this collection; null where nothing was. */
  tuning: Tuning | null;
};

const noDense = {
  usable: false,
  code: 'qdrant-not-seen',
  reason: 'Qdrant has not answered yet.',
  remedy: '',
} as const;

/**
 * Keeps the book's words in memory: out of `book.json` until Qdrant answers, then out of the collection, read
 * again when its stamp (or, without one, its size) changes.
 */
export class Library {
  #holding: Holding = {
    lexicon: buildLexicon([]),
    sections: new Map(),
    from: 'nothing',
    writtenAt: null,
    dense: noDense,
    tuning: null,
  };
  #version: string | null = null;
  #reading: Promise<void> | null = null;
  /** The version of a collection without a stamp that was tried with this model, and what came of it. */
  #tried: { version: string; fits: boolean } | null = null;
  #bundled: Promise<BookFile | null> | null = null;
  readonly #readBundled: () => Promise<BookFile | null>;
  #open: () => void = () => undefined;
  readonly #opened: Promise<void>;
  readonly #store: PassageStore;
  readonly #embedder: LibraryEmbedder;

  constructor(options: {
    store: PassageStore;
    embedder: LibraryEmbedder;
    /** `book.json`; null when there is none. */
    readBundledBook: () => Promise<BookFile | null>;
  }) {
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

  get holding(): Holding {
    return this.#holding;
  }

  /**
   * Looks at the collection and, when it is another than the one held, begins to read it. The first reading is
   * waited for as long as the signal allows, a later one goes on behind. Throws the store's Failure.
   */
  async look({ signal }: { signal: AbortSignal }): Promise<CollectionState> {
    const slow = setTimeout(() => void this.#fallBack(), patienceMs);
    try {
      const state = await this.#store.describe({ signal });
      await this.#take(state, signal);
      return state;
    } finally {
      clearTimeout(slow);
      await this.#fallBack();
      this.#open();
    }
  }

  /** Takes the book that was uploaded with the server, unless another is held. Never rejects. */
  async #fallBack(): Promise<void> {
    if (this.#holding.from !== 'nothing') return;
    const book = await this.#bundledBook();
    if (book === null || this.#holding.from !== 'nothing') return;
    this.#hold(book.sections, { from: 'book.json', writtenAt: book.stamp.written_at || null });
  }

  async #take(state: CollectionState, signal: AbortSignal): Promise<void> {
    const version = versionOf(state);
    const stamped = denseLeg(state, this.#embedder);
    const fits = this.#tried?.version === version ? this.#tried.fits : null;
    this.#holding = {
      ...this.#holding,
      dense: fits === null ? stamped : fits ? { usable: true } : foreignVectors,
      tuning: stampOf(state)?.tuning ?? null,
    };
    if (version === null || (await this.#isBeingWritten(state))) return;
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

  /** A collection without a stamp says by its vectors which model wrote it. */
  async #try(version: string, signal: AbortSignal): Promise<void> {
    const sections = [...this.#holding.sections.values()];
    const fits = await isWrittenBy({ sections, embedder: this.#embedder, store: this.#store, signal });
    this.#tried = { version, fits };
    this.#holding = { ...this.#holding, dense: fits ? { usable: true } : foreignVectors };
  }

  async #read(version: string, state: CollectionState): Promise<void> {
    const signal = AbortSignal.timeout(readTimeoutMs);
    const sections: Section[] = [];
    for await (const section of this.#store.sections({ signal })) sections.push(section);
    // An empty collection is one that is not written yet: the bundled book is better than nothing.
    if (sections.length > 0 || this.#holding.from !== 'book.json')
      this.#hold(sections, { from: 'collection', writtenAt: stampOf(state)?.written_at ?? null });
    this.#version = version;
  }

  #hold(sections: readonly Section[], { from, writtenAt }: Pick<Holding, 'from' | 'writtenAt'>): void {
    this.#holding = {
      ...this.#holding,
      lexicon: buildLexicon(sections),
      sections: new Map(sections.map((section) => [section.id, section])),
      from,
      writtenAt,
    };
    if (sections.length > 0) this.#open();
  }
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
const patienceMs = 400;

async function settledOrAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([work, aborted]);
}

const reindex = 'Index the book again: npx rag-space-setup index';

const foreignVectors: DenseLeg = {
  usable: false,
  code: 'collection-model-differs',
  reason: 'The vectors of the collection were written by another embedding model.',
  remedy: reindex,
};

/** Whether questions may be asked of the vectors: another model's would answer nonsense that looks like answers. */
export function denseLeg(
  state: CollectionState,
  { model, dimensions }: { model: string; dimensions: number },
): DenseLeg {
  if (!state.exists)
    return {
      usable: false,
      code: 'qdrant-collection-missing',
      reason: 'The collection does not exist.',
      remedy: reindex,
    };
  if (state.dimensions !== dimensions)
    return {
      usable: false,
      code: 'collection-dimensions-differ',
      reason: `The collection holds vectors of ${state.dimensions ?? 0} dimensions, the server asks with ${dimensions}.`,
      remedy: reindex,
    };
  const { stamp } = state;
  if (stamp === null)
    return {
      usable: false,
      code: 'collection-without-stamp',
      reason: 'The collection does not say which model wrote it.',
      remedy: reindex,
    };
  if (bareModel(stamp.embedding_model) !== bareModel(model) || stamp.text_format !== textFormat(model))
    return {
      usable: false,
      code: 'collection-model-differs',
      reason: `The collection was written with ${stamp.embedding_model}, the server asks with ${model}.`,
      remedy: `Set GEMINI_EMBEDDING_MODEL to ${stamp.embedding_model}, or index the book again.`,
    };
  return { usable: true };
}

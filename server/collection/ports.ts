import type { Lease } from './lease.ts';
import type { Section } from './section.ts';
import type { Stamp } from './stamp.ts';

export type SparseVector = { indices: number[]; values: number[] };

/** Turns text into unit-length vectors. Implemented by `adapters/gemini/gemini-embedder.ts`. */
export interface Embedder {
  readonly model: string;
  readonly dimensions: number;
  embedQuery(request: { text: string; signal: AbortSignal }): Promise<number[]>;
  /** As `embedQuery`, for at most 100 questions in one call. */
  embedQueries?(request: { texts: readonly string[]; signal: AbortSignal }): Promise<number[][]>;
  /** One vector per document, in order. At most 100 documents per call (the vendor's limit). */
  embedDocuments(request: {
    documents: readonly { title: string; text: string }[];
    signal: AbortSignal;
  }): Promise<number[][]>;
}

export type CollectionState =
  | { exists: false }
  | {
      exists: true;
      points: number;
      /** Null when the collection has no dense vector. */
      dimensions: number | null;
      /** `dense` in ours; `''` for the unnamed vector of a legacy collection. */
      vectorName: string | null;
      hasSparse: boolean;
      /** Whether vectors are also kept as bytes, for a collection too large for memory. */
      isQuantised?: boolean;
      /** Whether it is indexed by version and language, without which strict mode refuses a filter. */
      isFilterable?: boolean;
      stamp: Stamp | null;
    };

/** Only sections of these versions and languages; null for any. */
export type EditionFilter = { versions: readonly string[] | null; locales: readonly string[] | null };

export type ScoredSection = { section: Section; score: number };

export type PointToWrite = { section: Section; dense: number[] | null; sparse: SparseVector };

export type StoredHash = {
  id: string;
  /** Empty for a point that another tool wrote. */
  hash: string;
  hasDense: boolean;
  /** False when a field of the payload is missing: an earlier version lost fields of sections that moved. */
  isWhole: boolean;
};

export type StoredVector = { id: string; vector: number[] };

/** The collection that holds the book. Implemented by `adapters/qdrant/qdrant-store.ts`; throws a ServerFailure. */
export interface PassageStore {
  readonly collection: string;
  /** The port in use; null until one has answered. */
  activeEndpoint?(): string | null;
  describe(request: { signal: AbortSignal }): Promise<CollectionState>;
  /**
   * Creates the collection with named dense (Cosine) and sparse (IDF) vectors and its payload indexes. Adds missing
   * indexes to an existing collection with the same vectors. With `isFilterable` also those that an `EditionFilter` needs.
   */
  create(request: { dimensions: number; isFilterable?: boolean; signal: AbortSignal }): Promise<void>;
  /** Keeps the vectors also as bytes, which need a quarter of the memory. */
  quantise?(request: { signal: AbortSignal }): Promise<void>;
  /** Every section, in any order, without the stamp. Legacy payloads are mapped to ours. */
  sections(request: { signal: AbortSignal }): AsyncIterable<Section>;
  /** The existing sections among these ids, in any order. */
  sectionsById(request: { ids: readonly string[]; signal: AbortSignal }): Promise<Section[]>;
  /** The dense vectors of those of these sections that have one, in any order. */
  vectorsById?(request: { ids: readonly string[]; signal: AbortSignal }): Promise<StoredVector[]>;
  /** What a diff needs of every section. */
  hashes(request: { signal: AbortSignal }): AsyncIterable<StoredHash>;
  upsert(request: { points: readonly PointToWrite[]; signal: AbortSignal }): Promise<void>;
  /** Replaces payloads of at most 100 sections and keeps their vectors, so that one that moved is not embedded again. */
  updatePayloads?(request: { sections: readonly Section[]; signal: AbortSignal }): Promise<void>;
  remove(request: { ids: readonly string[]; signal: AbortSignal }): Promise<void>;
  writeStamp(request: { stamp: Stamp; signal: AbortSignal }): Promise<void>;
  /** Null when no process is writing or the collection does not exist. Removed like any point, by its id. */
  readLease(request: { signal: AbortSignal }): Promise<Lease | null>;
  writeLease(request: { lease: Lease; signal: AbortSignal }): Promise<void>;
  /** With `lookup`, texts come from the caller and only ids are transferred, unless an id is missing there. */
  searchDense(request: {
    vector: number[];
    limit: number;
    lookup?: SectionLookup | undefined;
    within?: EditionFilter | undefined;
    signal: AbortSignal;
  }): Promise<ScoredSection[]>;
  searchSparse(request: {
    vector: SparseVector;
    limit: number;
    within?: EditionFilter | undefined;
    signal: AbortSignal;
  }): Promise<ScoredSection[]>;
}

/** Sections that the caller already holds, by id. */
export type SectionLookup = (id: string) => Section | undefined;

/** The part of `PassageStore` that answering needs; the rest is for indexing. */
export type PassageReader = Pick<
  PassageStore,
  'collection' | 'activeEndpoint' | 'describe' | 'sections' | 'sectionsById' | 'searchDense' | 'searchSparse'
>;

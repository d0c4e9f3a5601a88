import type { Lease } from './lease.ts';
import type { Section } from './section.ts';
import type { Stamp } from './stamp.ts';

export type SparseVector = { indices: number[]; values: number[] };

/** Turns text into unit-length vectors. Implemented by `adapters/gemini-embedder.ts`. */
export interface Embedder {
  readonly model: string;
  readonly dimensions: number;
  embedQuery(request: { text: string; signal: AbortSignal }): Promise<number[]>;
  /** One vector per document, in order. At most 100 documents a call (the vendor's limit). */
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
      /** Null when the collection has no dense vector we know of. */
      dimensions: number | null;
      /** `dense` in ours; `''` for the unnamed vector of a legacy collection. */
      vectorName: string | null;
      hasSparse: boolean;
      stamp: Stamp | null;
    };

export type ScoredSection = { section: Section; score: number };

export type PointToWrite = { section: Section; dense: number[] | null; sparse: SparseVector };

/** The collection that holds the book. Implemented by `adapters/qdrant.ts`; throws `Failure`. */
export interface PassageStore {
  readonly collection: string;
  /** The port by which it is reached; null while none is known to be open. */
  road?(): string | null;
  describe(request: { signal: AbortSignal }): Promise<CollectionState>;
  /**
   * Creates the collection with named dense (Cosine) and sparse (IDF) vectors and its payload indexes; completes
   * the indexes of one that stands already with the same vectors.
   */
  create(request: { dimensions: number; signal: AbortSignal }): Promise<void>;
  /** Every section, in any order; the stamp is not among them. Legacy payloads are mapped to ours. */
  sections(request: { signal: AbortSignal }): AsyncIterable<Section>;
  /** The sections with these ids, those that are there, in any order. */
  sectionsById(request: { ids: readonly string[]; signal: AbortSignal }): Promise<Section[]>;
  /** Id, hash and whether a dense vector stands, of every section: what a diff needs, and no more. */
  hashes(request: { signal: AbortSignal }): AsyncIterable<{ id: string; hash: string; hasDense: boolean }>;
  upsert(request: { points: readonly PointToWrite[]; signal: AbortSignal }): Promise<void>;
  /** Replaces what stands beside the vectors, which stay: a text that moved is not embedded again. */
  updatePayloads?(request: { sections: readonly Section[]; signal: AbortSignal }): Promise<void>;
  remove(request: { ids: readonly string[]; signal: AbortSignal }): Promise<void>;
  writeStamp(request: { stamp: Stamp; signal: AbortSignal }): Promise<void>;
  /** Null when nobody writes, or the collection does not exist. It is removed like any point, by its id. */
  readLease(request: { signal: AbortSignal }): Promise<Lease | null>;
  writeLease(request: { lease: Lease; signal: AbortSignal }): Promise<void>;
  /** With `known` the texts are the caller's, and only ids travel, unless one of them is not known. */
  searchDense(request: {
    vector: number[];
    limit: number;
    known?: ((id: string) => Section | undefined) | undefined;
    signal: AbortSignal;
  }): Promise<ScoredSection[]>;
  searchSparse(request: {
    vector: SparseVector;
    limit: number;
    signal: AbortSignal;
  }): Promise<ScoredSection[]>;
}

/** What answering takes of the collection; the rest is for indexing. */
export type PassageReader = Pick<
  PassageStore,
  'collection' | 'road' | 'describe' | 'sections' | 'sectionsById' | 'searchDense' | 'searchSparse'
>;

import { Failure } from '../../server/failure.ts';
import type { CollectionState, PassageStore } from '../../server/collection/ports.ts';
import type { Stamp } from '../../server/collection/stamp.ts';
import type { Book } from '../book.ts';
import {
  payloadDigest,
  sectionFingerprints,
  stampFor,
  type EmbeddingModel,
  type SectionFingerprint,
} from './section-fingerprints.ts';

/** Sections by their places in the book, in reading order. */
export type BookDiff = {
  kind: 'new' | 'changes' | 'unchanged' | 'foreign';
  state: CollectionState;
  add: number[];
  /** Text changed, or the vector is still missing. */
  change: number[];
  /** Same text in another place: its lines, neighbours or link changed. */
  move: number[];
  /** Ids. */
  remove: string[];
  keep: number;
  /** The stamp that should stand; `written_at` is empty and `without_vector` zero until it is written. */
  stamp: Stamp;
  stampAgrees: boolean;
};

/** What has to change for a collection to hold the book. Reads only. */
export async function diffBook(request: {
  book: Book;
  embedder: EmbeddingModel;
  store: PassageStore;
  /** The collection as it was just described; unsaid, it is described now. */
  state?: CollectionState;
  signal: AbortSignal;
}): Promise<BookDiff> {
  const { book, embedder, store, signal } = request;
  const wanted = sectionFingerprints({ book, embedder });
  const stamp = stampFor({ prints: wanted, embedder, site: book.site });
  const state = request.state ?? (await store.describe({ signal }));
  const base = {
    state,
    stamp,
    add: wanted.map((_, place) => place),
    change: [],
    move: [],
    remove: [],
    keep: 0,
    stampAgrees: false,
  };
  if (!state.exists) return { ...base, kind: 'new' };
  const standing = await readHashes(store, signal);
  const isTheirs = !isOurCollection(state, standing) || isAnotherBook({ state, standing, wanted, stamp });
  if (isTheirs || state.dimensions !== embedder.dimensions) return { ...base, kind: 'foreign', add: [] };

  const stampAgrees = state.stamp !== null && stampsMatch(state.stamp, stamp);
  const { add, change, same } = classifySections(wanted, standing);
  const ids = new Set(wanted.map(({ id }) => id));
  // A point that another tool put into our collection is not ours to delete.
  const remove = [...standing].flatMap(([id, { hash }]) => (ids.has(id) || !isOurHash(hash) ? [] : [id]));
  const isSame = stampAgrees && add.length + change.length + remove.length === 0;
  const move = isSame || same.length === 0 ? [] : await findMoved({ same, wanted, store, signal });
  const kind = isSame ? 'unchanged' : state.points === 0 ? 'new' : 'changes';
  return { ...base, kind, add, change, move, remove, keep: same.length - move.length, stampAgrees };
}

type StoredHashes = Map<string, { hash: string; hasDense: boolean }>;

async function readHashes(store: PassageStore, signal: AbortSignal): Promise<StoredHashes> {
  const standing: StoredHashes = new Map();
  for await (const { id, hash, hasDense } of store.hashes({ signal })) standing.set(id, { hash, hasDense });
  return standing;
}

/** Stamped, or half-written by us: our vectors, and not one point that another tool wrote. */
function isOurCollection(state: CollectionState, standing: StoredHashes): boolean {
  if (!state.exists || state.vectorName !== 'dense' || !state.hasSparse) return false;
  return state.stamp !== null || [...standing.values()].every(({ hash }) => isOurHash(hash));
}

/**
 * Two books in one collection would delete each other. Another name or address alone is no other book, nor are
 * pages that moved: only both together are.
 */
function isAnotherBook(of: {
  state: CollectionState;
  standing: StoredHashes;
  wanted: readonly SectionFingerprint[];
  stamp: Stamp;
}): boolean {
  const { state, standing, wanted, stamp } = of;
  const before = state.exists ? (state.stamp?.book ?? '') : '';
  if (standing.size === 0 || before === stamp.book) return false;
  const shared = wanted.filter(({ id }) => standing.has(id)).length;
  return shared < standing.size * (before === '' ? minSharedFraction.unnamed : minSharedFraction.named);
}

/** Share of the standing sections that must be the book's own for it to be the same book. */
const minSharedFraction = { named: 0.5, unnamed: 0.2 } as const;

function isOurHash(hash: string): boolean {
  return /^[0-9a-f]{32}$/.test(hash);
}

function classifySections(
  wanted: readonly SectionFingerprint[],
  standing: StoredHashes,
): { add: number[]; change: number[]; same: number[] } {
  const add: number[] = [];
  const change: number[] = [];
  const same: number[] = [];
  for (const [place, { id, hash }] of wanted.entries()) {
    const before = standing.get(id);
    if (before === undefined) add.push(place);
    else if (before.hash === hash && before.hasDense) same.push(place);
    else change.push(place);
  }
  return { add, change, same };
}

async function findMoved(of: {
  same: readonly number[];
  wanted: readonly SectionFingerprint[];
  store: PassageStore;
  signal: AbortSignal;
}): Promise<number[]> {
  const { same, wanted, store, signal } = of;
  const digests = new Map<string, string>();
  for await (const section of store.sections({ signal })) digests.set(section.id, payloadDigest(section));
  return same.filter((place) => {
    const print = wanted[place];
    return print !== undefined && digests.get(print.id) !== print.digest;
  });
}

function stampsMatch(standing: Stamp, wanted: Stamp): boolean {
  const isSameBook = standing.book === wanted.book && standing.digest === wanted.digest;
  const isWhole = standing.written_at !== '' && standing.without_vector === wanted.without_vector;
  return recipesMatch(standing, wanted) && isSameBook && isWhole;
}

/** False when the standing vectors were made in another way, so that old and new ones must not be mixed. */
export function recipesMatch(one: Stamp, other: Stamp): boolean {
  return (
    one.embedding_model === other.embedding_model &&
    one.dimensions === other.dimensions &&
    one.text_format === other.text_format &&
    one.chunker === other.chunker
  );
}

export function foreignCollectionFailure(collection: string): Failure {
  return new Failure({
    code: 'collection-foreign',
    message: `The collection ${collection} holds another book, points that this tool did not write, or vectors of another size.`,
    remedy: `Set QDRANT_COLLECTION to another name, for example ${collection}-2; the old collection stays as it is.`,
  });
}

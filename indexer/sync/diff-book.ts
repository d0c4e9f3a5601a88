import type { CollectionState, PassageStore, StoredHash } from '../../server/collection/ports.ts';
import type { Stamp } from '../../server/collection/stamp.ts';
import { ServerFailure } from '../../server/failure.ts';
import { textSample } from './calibration/text-sample.ts';
import {
  payloadDigest,
  sectionFingerprints,
  stampFor,
  type HashedBook,
  type SectionFingerprint,
} from './section-fingerprints.ts';

/** Sections are numbers: their indexes in the book, in reading order. */
export type BookDiff = {
  /** `foreign`: the collection is not ours, or holds another book, and must not be written. */
  kind: 'new' | 'changes' | 'unchanged' | 'foreign';
  state: CollectionState;
  add: number[];
  /** The text changed, or the vector is still missing. */
  change: number[];
  /** The same text with another payload: its lines, neighbours or link changed, or a field is missing. */
  move: number[];
  /** Ids of points. */
  remove: string[];
  keep: number;
  /** Which texts these are (`textSample`). */
  sample: string[];
  /** The stamp to write; `written_at` is empty and `without_vector` zero until then. */
  stamp: Stamp;
};

/** Compares a book with its collection. Reads only. */
export async function diffBook(
  request: HashedBook & {
    store: PassageStore;
    /** The collection as just described; described again when missing. */
    state?: CollectionState;
    signal: AbortSignal;
  },
): Promise<BookDiff> {
  const { book, embedder, recipe, store, signal } = request;
  const fingerprints = sectionFingerprints(request);
  const stamp = stampFor({ fingerprints, embedder, book, recipe });
  const state = request.state ?? (await store.describe({ signal }));
  const base = {
    state,
    sample: textSample(fingerprints.map(({ hash }) => hash)),
    stamp,
    add: fingerprints.map((_, index) => index),
    change: [],
    move: [],
    remove: [],
    keep: 0,
  };
  if (!state.exists) return { ...base, kind: 'new' };
  const stored = await readHashes(store, signal);
  const isForeign = !isOurCollection(state, stored) || isAnotherBook({ state, stored, fingerprints, stamp });
  if (isForeign || state.dimensions !== embedder.dimensions) return { ...base, kind: 'foreign', add: [] };

  const stampMatches = state.stamp !== null && isUpToDate(state.stamp, stamp);
  const { add, change, same, damaged } = classifySections(fingerprints, stored);
  const ids = new Set(fingerprints.map(({ id }) => id));
  // Points that another tool added to the collection are not ours to delete.
  const remove = [...stored].flatMap(([id, { hash }]) => (ids.has(id) || !isOurHash(hash) ? [] : [id]));
  const isUnchanged = stampMatches && add.length + change.length + remove.length + damaged.size === 0;
  const moved =
    isUnchanged || same.length === 0
      ? new Set<number>()
      : await findMoved({ same, fingerprints, store, signal });
  const move = same.filter((index) => moved.has(index) || damaged.has(index));
  const kind = isUnchanged ? 'unchanged' : state.points === 0 ? 'new' : 'changes';
  return { ...base, kind, add, change, move, remove, keep: same.length - move.length };
}

type StoredHashes = Map<string, Omit<StoredHash, 'id'>>;

async function readHashes(store: PassageStore, signal: AbortSignal): Promise<StoredHashes> {
  const stored: StoredHashes = new Map();
  for await (const { id, ...point } of store.hashes({ signal })) stored.set(id, point);
  return stored;
}

/** Stamped by us, or half-written by us: our vectors, and no point of another tool. */
function isOurCollection(state: CollectionState, stored: StoredHashes): boolean {
  if (!state.exists || state.vectorName !== 'dense' || !state.hasSparse) return false;
  return state.stamp !== null || [...stored.values()].every(({ hash }) => isOurHash(hash));
}

/**
 * Two books in one collection would delete each other's sections. A new title or address alone is not another book,
 * nor are moved pages: only both together are.
 */
function isAnotherBook({
  state,
  stored,
  fingerprints,
  stamp,
}: {
  state: CollectionState;
  stored: StoredHashes;
  fingerprints: readonly SectionFingerprint[];
  stamp: Stamp;
}): boolean {
  const storedBook = state.exists ? (state.stamp?.book ?? '') : '';
  if (stored.size === 0 || storedBook === stamp.book) return false;
  const shared = fingerprints.filter(({ id }) => stored.has(id)).length;
  return shared < stored.size * (storedBook === '' ? minSharedFraction.unnamed : minSharedFraction.named);
}

/** Fraction of the stored sections that the book must contain to be the same one; `unnamed`: no stamp names the book. */
const minSharedFraction = { named: 0.5, unnamed: 0.2 } as const;

function isOurHash(hash: string): boolean {
  return /^[0-9a-f]{32}$/.test(hash);
}

function classifySections(
  fingerprints: readonly SectionFingerprint[],
  stored: StoredHashes,
): { add: number[]; change: number[]; same: number[]; damaged: Set<number> } {
  const add: number[] = [];
  const change: number[] = [];
  const same: number[] = [];
  const damaged = new Set<number>();
  for (const [index, { id, hash }] of fingerprints.entries()) {
    const before = stored.get(id);
    if (before === undefined) add.push(index);
    else if (before.hash !== hash || !before.hasDense) change.push(index);
    else {
      same.push(index);
      if (!before.isWhole) damaged.add(index);
    }
  }
  return { add, change, same, damaged };
}

async function findMoved(request: {
  same: readonly number[];
  fingerprints: readonly SectionFingerprint[];
  store: PassageStore;
  signal: AbortSignal;
}): Promise<Set<number>> {
  const { same, fingerprints, store, signal } = request;
  const digests = new Map<string, string>();
  for await (const section of store.sections({ signal })) digests.set(section.id, payloadDigest(section));
  const moved = same.filter((index) => {
    const fingerprint = fingerprints[index];
    return fingerprint !== undefined && digests.get(fingerprint.id) !== fingerprint.digest;
  });
  return new Set(moved);
}

/** Whether the stored stamp is the expected one, and its run was completed. */
function isUpToDate(stored: Stamp, expected: Stamp): boolean {
  const isSameBook = stored.book === expected.book && stored.digest === expected.digest;
  const isEnrichedSame = stored.enrichment === expected.enrichment;
  const hasSameEditions = JSON.stringify(stored.editions) === JSON.stringify(expected.editions);
  const isComplete = stored.written_at !== '' && stored.without_vector === expected.without_vector;
  return recipesMatch(stored, expected) && isSameBook && isEnrichedSame && hasSameEditions && isComplete;
}

/** Whether both stamps' vectors were made in the same way, so that they may be searched together. */
export function recipesMatch(a: Stamp, b: Stamp): boolean {
  return (
    a.embedding_model === b.embedding_model &&
    a.dimensions === b.dimensions &&
    a.text_format === b.text_format &&
    a.chunker === b.chunker
  );
}

export function foreignCollectionFailure(collection: string): ServerFailure {
  return new ServerFailure({
    code: 'collection-foreign',
    message: `The collection ${collection} holds another book, points that this tool did not write, or vectors of another size.`,
    remedy: `Set QDRANT_COLLECTION to another name, for example ${collection}-2; the old collection stays as it is.`,
  });
}

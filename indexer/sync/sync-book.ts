import type { CollectionState, Embedder, PassageStore } from '../../server/collection/ports.ts';
import type { Section } from '../../server/collection/section.ts';
import { stampPointId, type Stamp } from '../../server/collection/stamp.ts';
import { sparseVector } from '../../server/collection/tokenise.ts';
import { diffBook, foreignCollectionFailure, recipesMatch, type BookDiff } from './diff-book.ts';
import { embedWithRetry, type Sleep } from './embed-with-retry.ts';
import { collectionBusyFailure, acquireWriteLock, type WriteLock } from './write-lock.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { withHash, type EmbeddingModel } from './section-fingerprints.ts';
import { createProgressNotes } from './progress-notes.ts';
import { estimateTokens } from './embedding-cost.ts';
import { withRetry } from './with-retry.ts';
import type { Book } from '../book.ts';

/** What indexing would do; the counts are sections. */
export type SyncPreview = {
  kind: BookDiff['kind'];
  state: CollectionState;
  add: number;
  /** New text, a missing vector, or another place in the book. */
  change: number;
  keep: number;
  remove: number;
  /** Estimate of the tokens that would be embedded, at four characters each. */
  tokens: number;
  stampAgrees: boolean;
};

type SyncPosition = { done: number; total: number };
/** Sections that are written so far, of those that have to be; `note` is a sentence, or empty. */
export type SyncProgress = SyncPosition & { note: string };

export type SyncReport = {
  outcome: 'changed' | 'unchanged';
  added: number;
  changed: number;
  kept: number;
  removed: number;
  /** Texts that were embedded in this run. */
  embedded: number;
  /** Sections that are found by their words only, until the next run: a day's quota was used up. */
  withoutVector: number;
  stamp: Stamp;
};

/** Texts a call: a refused batch is cheap to repeat, and progress shows. The vendor's limit is 100. */
const batchSize = 32;

/** What indexing the book would change in the collection. Reads only; `foreign` means that it would be refused. */
export async function previewSync(request: {
  book: Book;
  embedder: EmbeddingModel;
  store: PassageStore;
  /** The collection as it was just described; unsaid, it is described now. */
  state?: CollectionState;
  signal: AbortSignal;
}): Promise<SyncPreview> {
  const { kind, state, add, change, move, remove, keep, stampAgrees } = await diffBook(request);
  return {
    kind,
    state,
    add: add.length,
    change: change.length + move.length,
    keep,
    remove: remove.length,
    tokens: kind === 'foreign' ? 0 : estimateTokens(storedSections([...add, ...change], request)),
    stampAgrees,
  };
}

type SyncRequest = {
  book: Book;
  embedder: Embedder;
  store: PassageStore;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: Sleep;
  signal: AbortSignal;
};

/**
 * Brings the collection up to the book: embeds what changed, writes it, then removes what is gone, and stamps last.
 * Stopped at any point, the next run goes on from there. Throws Failure `collection-foreign` before any write
 * when the points are not ours, and `collection-busy` while another run writes.
 */
export async function* syncBook(request: SyncRequest): AsyncGenerator<SyncProgress, SyncReport> {
  const { store, signal } = request;
  const diff = await diffBook(request);
  const { state } = diff;
  if (diff.kind === 'foreign') throw foreignCollectionFailure(store.collection);
  if (diff.kind === 'unchanged') return unchangedReport(diff);
  // Also when it stands and has no stamp: a run that was cut off may not have made its indexes.
  if (!state.exists || state.stamp === null)
    yield* withProgress(
      withRetry(request, () => store.create({ dimensions: request.embedder.dimensions, signal })),
      noProgress,
    );
  const lease = yield* withProgress(acquireWriteLock(request), noProgress);
  try {
    const isStale = lease.hasWaited || digestOf(await store.describe({ signal })) !== digestOf(state);
    const sleep = sleepWithRenewal(request.sleep, lease);
    return yield* writeBook({ ...request, sleep, lease }, isStale ? await diffBook(request) : diff);
  } finally {
    await lease.release();
  }
}

/** Whoever waits for a quota says for how long. */
function sleepWithRenewal(sleep: Sleep, lease: WriteLock): Sleep {
  return async (ms, options) => {
    await lease.renew({ waitMs: ms });
    return sleep(ms, options);
  };
}

const noProgress: SyncPosition = { done: 0, total: 0 };

function digestOf(state: CollectionState): string | null {
  return state.exists && state.stamp !== null ? state.stamp.digest : null;
}

function unchangedReport({ keep, stamp, state }: BookDiff): SyncReport {
  const counts = { added: 0, changed: 0, kept: keep, removed: 0, embedded: 0, withoutVector: 0 };
  return { outcome: 'unchanged', ...counts, stamp: (state.exists ? state.stamp : null) ?? stamp };
}

type LockedSync = SyncRequest & { lease: WriteLock };

async function* writeBook(request: LockedSync, diff: BookDiff): AsyncGenerator<SyncProgress, SyncReport> {
  const { store, signal } = request;
  const { state, add, change, move, remove, keep } = diff;
  if (diff.kind === 'foreign') throw foreignCollectionFailure(store.collection);
  if (diff.kind === 'unchanged') return unchangedReport(diff);
  const before = state.exists ? state.stamp : null;
  // Vectors of two models must never be searched together: without a stamp the server refuses the collection.
  if (before !== null && !recipesMatch(before, diff.stamp))
    yield* write(request, () => store.remove({ ids: [stampPointId], signal }));

  const moving = store.updatePayloads === undefined ? [] : move;
  const writing = store.updatePayloads === undefined ? [...add, ...change, ...move] : [...add, ...change];
  const { embedded, withoutVector } = yield* writeSections(request, writing);
  const at = { done: writing.length, total: writing.length };
  // A run that is cut off here and taken back would find every text in its place, and the stamp of the old places.
  if (moving.length > 0 && before !== null && recipesMatch(before, diff.stamp))
    yield* write(request, () => store.writeStamp({ stamp: { ...before, written_at: '' }, signal }), at);
  for (const places of batches(moving, 100)) {
    const sections = sectionsAt(places, request);
    yield* write(request, async () => store.updatePayloads?.({ sections, signal }), at);
  }
  await refuseSecondRun(request, diff);
  for (const ids of batches(remove, 500)) yield* write(request, () => store.remove({ ids, signal }), at);
  const stamp = {
    ...diff.stamp,
    // Calibrated for these vectors; a change of the text does not make it worthless.
    ...(before?.tuning && recipesMatch(before, diff.stamp) ? { tuning: before.tuning } : {}),
    without_vector: withoutVector,
    written_at: new Date(request.now()).toISOString(),
  };
  yield* write(request, () => store.writeStamp({ stamp, signal }), at);
  const counts = {
    added: add.length,
    changed: change.length + move.length,
    kept: keep,
    removed: remove.length,
  };
  return { outcome: 'changed', ...counts, embedded, withoutVector, stamp };
}

/** Two runs with different books would remove each other's sections: the one that ends later leaves. */
async function refuseSecondRun({ store, signal }: SyncRequest, { state, stamp }: BookDiff): Promise<void> {
  const now = digestOf(await store.describe({ signal }));
  if (now !== null && now !== digestOf(state) && now !== stamp.digest)
    throw collectionBusyFailure(store.collection);
}

const quotaExhaustedNote = "the day's quota is used up: indexed by words only";

/** A batch is in the collection before the next one is embedded, so that nothing is paid for twice. */
async function* writeSections(
  request: LockedSync,
  places: readonly number[],
): AsyncGenerator<SyncProgress, { embedded: number; withoutVector: number }> {
  const { store, signal } = request;
  const pace = createRateLimiter({ now: request.now });
  const total = places.length;
  const notes = createProgressNotes({ sections: storedSections(places, request), now: request.now });
  let done = 0;
  let withoutVector = 0;
  for (const batch of batches(places, batchSize)) {
    signal.throwIfAborted();
    const sections = sectionsAt(batch, request);
    const at = { done, total };
    const vectors =
      withoutVector > 0
        ? null
        : yield* withProgress(embedWithRetry({ ...request, sections, left: total - done, pace }), at);
    if (vectors === null) withoutVector += batch.length;
    const points = sections.map((section, index) => ({
      section,
      dense: vectors?.[index] ?? null,
      sparse: sparseVector(section),
    }));
    yield* write(request, () => store.upsert({ points, signal }), at);
    done += batch.length;
    const note = notes.after(sections);
    yield { done, total, note: vectors === null ? quotaExhaustedNote : note };
  }
  return { embedded: total - withoutVector, withoutVector };
}

async function* withProgress<T>(
  work: AsyncGenerator<string, T>,
  at: SyncPosition,
): AsyncGenerator<SyncProgress, T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
    yield { ...at, note: step.value };
  }
}

async function* write(
  request: LockedSync,
  call: () => Promise<void>,
  at: SyncPosition = noProgress,
): AsyncGenerator<SyncProgress, void> {
  await request.lease.renew();
  yield* withProgress(withRetry(request, call), at);
}

function* batches<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

type SectionSource = { book: Book; embedder: EmbeddingModel };

function sectionsAt(places: readonly number[], of: SectionSource): Section[] {
  return [...storedSections(places, of)];
}

/** As they are stored, one after the other: never all of a book's text at once. */
function storedSections(places: readonly number[], { book, embedder }: SectionSource): Iterable<Section> {
  return {
    *[Symbol.iterator]() {
      for (const place of places) {
        const section = book.sections.at(place);
        if (section !== undefined) yield withHash(section, embedder);
      }
    },
  };
}

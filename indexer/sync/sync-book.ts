import type { CollectionState, Embedder, PassageStore } from '../../server/collection/ports.ts';
import { stampPointId, type Stamp } from '../../server/collection/stamp.ts';
import { sparseVector } from '../../server/collection/sparse-vector.ts';
import { createTokeniser } from '../../server/collection/tokenise.ts';
import type { Book } from '../book.ts';
import { chooseCalibration } from './calibration/choose-calibration.ts';
import { quantisedAbove } from './cluster-need.ts';
import { diffBook, foreignCollectionFailure, recipesMatch, type BookDiff } from './diff-book.ts';
import { createProgressNotes } from './progress-notes.ts';
import { embedAhead, maxBatchesAtOnce } from './embed-ahead.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { embedWithRetry, withRetry, type Sleep } from './retry.ts';
import { storedSections } from './section-fingerprints.ts';
import { acquireWriteLock, collectionBusyFailure, type WriteLock } from './write-lock.ts';

type SyncPosition = { done: number; total: number };
/** Sections written so far, of those that have to be written; `note` is a sentence, or empty. */
export type SyncProgress = SyncPosition & { note: string };

export type SyncReport = {
  outcome: 'changed' | 'unchanged';
  added: number;
  changed: number;
  kept: number;
  removed: number;
  /** Texts that were embedded in this run. */
  embedded: number;
  /** Sections without a vector until the next run, found by lexical search only: the quota of the day was used up. */
  withoutVector: number;
  stamp: Stamp;
};

/** Texts per embedding call: small, so that a refused batch is cheap to repeat. The vendor's limit is 100. */
const batchSize = 32;

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
 * Updates the collection to the book: embeds and writes what changed, deletes what is gone, and writes the stamp last.
 * After an interruption at any point the next run resumes. Throws ServerFailure `collection-foreign` before any write when
 * the points are not ours, and `collection-busy` while another run writes.
 */
export async function* syncBook(request: SyncRequest): AsyncGenerator<SyncProgress, SyncReport> {
  const { store, signal } = request;
  const diff = await diffBook(request);
  const { state } = diff;
  if (diff.kind === 'foreign') throw foreignCollectionFailure(store.collection);
  if (diff.kind === 'unchanged') return unchangedReport(diff);
  // Also when it exists without a stamp: an interrupted run may not have created its indexes.
  if (!state.exists || state.stamp === null)
    yield* withProgress(
      withRetry(request, () => store.create({ dimensions: request.embedder.dimensions, signal })),
      noProgress,
    );
  const lock = yield* withProgress(acquireWriteLock(request), noProgress);
  try {
    const isStale = lock.hasWaited || digestOf(await store.describe({ signal })) !== digestOf(state);
    const sleep = sleepWithRenewal(request.sleep, lock);
    return yield* writeBook({ ...request, sleep, lock }, isStale ? await diffBook(request) : diff);
  } finally {
    await lock.release();
  }
}

/** Extends the lease before a wait, by as long as the wait takes. */
function sleepWithRenewal(sleep: Sleep, lock: WriteLock): Sleep {
  return async (ms, options) => {
    await lock.renew({ waitMs: ms });
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

type LockedSync = SyncRequest & { lock: WriteLock };

async function* writeBook(request: LockedSync, diff: BookDiff): AsyncGenerator<SyncProgress, SyncReport> {
  const { store, signal } = request;
  const { state, add, change, move, remove, keep } = diff;
  if (diff.kind === 'foreign') throw foreignCollectionFailure(store.collection);
  if (diff.kind === 'unchanged') return unchangedReport(diff);
  const before = state.exists ? state.stamp : null;
  // Vectors of two models must never be searched together: the server refuses a collection without a stamp.
  if (before !== null && !recipesMatch(before, diff.stamp))
    yield* write(request, () => store.remove({ ids: [stampPointId], signal }));

  const payloadOnly = store.updatePayloads === undefined ? [] : move;
  const written = store.updatePayloads === undefined ? [...add, ...change, ...move] : [...add, ...change];
  const { embedded, withoutVector } = yield* writeSections(request, written);
  const position = { done: written.length, total: written.length };
  // If this run is interrupted here and the book then reverted, hashes and stamp would match although payloads do not.
  if (payloadOnly.length > 0 && before !== null && recipesMatch(before, diff.stamp))
    yield* write(request, () => store.writeStamp({ stamp: { ...before, written_at: '' }, signal }), position);
  yield* writePayloads(request, { indexes: payloadOnly, position });
  await assertNoOtherRun(request, diff);
  for (const ids of batches(remove, 500))
    yield* write(request, () => store.remove({ ids, signal }), position);
  const isLarge = request.book.sections.length > quantisedAbove;
  if (isLarge && !(state.exists && state.isQuantised === true))
    yield* write(request, async () => store.quantise?.({ signal }), position);
  const stamp = {
    ...diff.stamp,
    ...(yield* withProgress(
      chooseCalibration(request, { before, after: diff.stamp, withoutVector }),
      position,
    )),
    without_vector: withoutVector,
    written_at: new Date(request.now()).toISOString(),
  };
  yield* write(request, () => store.writeStamp({ stamp, signal }), position);
  const counts = {
    added: add.length,
    changed: change.length + move.length,
    kept: keep,
    removed: remove.length,
  };
  return { outcome: 'changed', ...counts, embedded, withoutVector, stamp };
}

/** Sections in one batch of payloads. */
const payloadsPerBatch = 100;

/** A cluster that allows fewer writes a minute than a batch has gets smaller ones, down to one at a time. */
async function* writePayloads(
  request: LockedSync,
  { indexes, position }: { indexes: readonly number[]; position: SyncPosition },
): AsyncGenerator<SyncProgress, void> {
  const { store, signal } = request;
  let size = payloadsPerBatch;
  for (let at = 0; at < indexes.length; at += size) {
    const from = at;
    const most = size;
    yield* write(
      request,
      async (repetition) => {
        size = Math.max(1, Math.ceil(most / 5 ** repetition));
        const sections = [...storedSections(indexes.slice(from, from + size), request)];
        await store.updatePayloads?.({ sections, signal });
      },
      position,
    );
  }
}

/** Two runs with different books would delete each other's sections, so the one that finishes later gives up. */
async function assertNoOtherRun({ store, signal }: SyncRequest, { state, stamp }: BookDiff): Promise<void> {
  const digest = digestOf(await store.describe({ signal }));
  if (digest !== null && digest !== digestOf(state) && digest !== stamp.digest)
    throw collectionBusyFailure(store.collection);
}

const quotaExhaustedNote = "the day's quota is used up: indexed by words only";

/**
 * Embeds one batch, then two at a time, four and eight while the quota lasts, and writes them before the next ones are
 * embedded, so that an interrupted run pays for little twice.
 */
async function* writeSections(
  request: LockedSync,
  indexes: readonly number[],
): AsyncGenerator<SyncProgress, { embedded: number; withoutVector: number }> {
  const { store, signal } = request;
  const rateLimiter = createRateLimiter({ now: request.now });
  const tokenise = createTokeniser();
  const total = indexes.length;
  const notes = createProgressNotes({ sections: storedSections(indexes, request), now: request.now });
  let done = 0;
  let withoutVector = 0;
  for (let atOnce = 1; done < total;) {
    signal.throwIfAborted();
    const group = [...batches(indexes.slice(done, done + atOnce * batchSize), batchSize)].map((batch) => [
      ...storedSections(batch, request),
    ]);
    const early = group.length === 1 ? [] : await embedAhead(group, { ...request, rateLimiter });
    for (const [at, sections] of group.entries()) {
      signal.throwIfAborted();
      const position = { done, total };
      const remaining = total - done;
      const vectors =
        withoutVector > 0
          ? null
          : (early[at] ??
            (yield* withProgress(
              embedWithRetry({ ...request, sections, remaining, rateLimiter }),
              position,
            )));
      if (vectors === null) withoutVector += sections.length;
      const points = sections.map((section, index) => ({
        section,
        dense: vectors?.[index] ?? null,
        sparse: sparseVector(section, tokenise),
      }));
      yield* write(request, () => store.upsert({ points, signal }), position);
      done += sections.length;
      const note = notes.after(sections);
      yield { done, total, note: vectors === null ? quotaExhaustedNote : note };
    }
    const isRefused = rateLimiter.isLimited || withoutVector > 0 || early.includes(null);
    atOnce = isRefused ? 1 : Math.min(maxBatchesAtOnce, atOnce * 2);
  }
  return { embedded: total - withoutVector, withoutVector };
}

/** Turns the sentences of `work` into progress at this position. */
async function* withProgress<T>(
  work: AsyncGenerator<string, T>,
  position: SyncPosition,
): AsyncGenerator<SyncProgress, T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
    yield { ...position, note: step.value };
  }
}

async function* write(
  request: LockedSync,
  call: (repetition: number) => Promise<void>,
  position: SyncPosition = noProgress,
): AsyncGenerator<SyncProgress, void> {
  await request.lock.renew();
  yield* withProgress(withRetry(request, call), position);
}

function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

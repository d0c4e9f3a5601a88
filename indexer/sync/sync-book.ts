import { createHash } from 'node:crypto';
import type { CollectionState } from '../../server/collection/ports.ts';
import { stampPointId, type Stamp } from '../../server/collection/stamp.ts';
import { chooseCalibration } from './calibration/choose-calibration.ts';
import { quantisedAbove } from './cluster-need.ts';
import { diffBook, foreignCollectionFailure, recipesMatch, type BookDiff } from './diff-book.ts';
import { recipeOf, withStoredEnrichments } from './enrichment/enrich-sections.ts';
import { withRetry, type Sleep } from './retry.ts';
import { storedSections } from './section-fingerprints.ts';
import {
  batches,
  noProgress,
  withProgress,
  write,
  type LockedSync,
  type SyncPosition,
  type SyncProgress,
  type SyncRequest,
} from './sync-steps.ts';
import { acquireWriteLock, collectionBusyFailure, type WriteLock } from './write-lock.ts';
import { writeSections } from './write-sections.ts';

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
  /** Sections that were to be enriched, and are not until the next run, for the same reason. */
  withoutEnrichment: number;
  stamp: Stamp;
};

/**
 * Updates the collection to the book: embeds and writes what changed, deletes what is gone, and writes the stamp last.
 * After an interruption at any point the next run resumes. Throws ServerFailure `collection-foreign` before any write when
 * the points are not ours, and `collection-busy` while another run writes.
 */
export async function* syncBook(options: SyncRequest): AsyncGenerator<SyncProgress, SyncReport> {
  const request = { ...options, ...recipeOf(options.enricher) };
  const { store, signal } = request;
  const { dimensions } = request.embedder;
  const diff = await diffBook(request);
  const { state } = diff;
  if (diff.kind === 'foreign') throw foreignCollectionFailure(store.collection);
  if (diff.kind === 'unchanged') return unchangedReport(diff);
  // Also when it exists without a stamp: an interrupted run may not have created its indexes.
  const isFilterable = diff.stamp.editions !== undefined;
  if (!state.exists || state.stamp === null || (isFilterable && state.isFilterable !== true))
    yield* withProgress(
      withRetry(request, () => store.create({ dimensions, ...(isFilterable && { isFilterable }), signal })),
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

function digestOf(state: CollectionState): string | null {
  return state.exists && state.stamp !== null ? state.stamp.digest : null;
}

function unchangedReport({ keep, stamp, state }: BookDiff): SyncReport {
  const counts = {
    added: 0,
    changed: 0,
    kept: keep,
    removed: 0,
    embedded: 0,
    withoutVector: 0,
    withoutEnrichment: 0,
  };
  return { outcome: 'unchanged', ...counts, stamp: (state.exists ? state.stamp : null) ?? stamp };
}

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
  const { embedded, withoutVector, withoutEnrichment } = yield* writeSections(request, written);
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
      chooseCalibration(request, { before, after: diff.stamp, sample: diff.sample, withoutVector }),
      position,
    )),
    ...(withoutEnrichment > 0 && { digest: partialDigest(diff.stamp.digest, withoutEnrichment) }),
    without_vector: withoutVector,
    written_at: new Date(request.now()).toISOString(),
  };
  yield* write(request, () => store.writeStamp({ stamp, signal }), position);
  await request.enricher?.cache.clear();
  const counts = {
    added: add.length,
    changed: change.length + move.length,
    kept: keep,
    removed: remove.length,
  };
  return { outcome: 'changed', ...counts, embedded, withoutVector, withoutEnrichment, stamp };
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
        const plain = [...storedSections(indexes.slice(from, from + size), request)];
        const isEnriched = request.enricher !== undefined;
        const sections = isEnriched ? await withStoredEnrichments(plain, request) : plain;
        await store.updatePayloads?.({ sections, signal });
      },
      position,
    );
  }
}

/** Servers read a collection again when its digest changes: the next run, which enriches the rest, has another. */
function partialDigest(digest: string, missing: number): string {
  return createHash('sha256').update(`${digest} ${missing}`).digest('hex').slice(0, digest.length);
}

/** Two runs with different books would delete each other's sections, so the one that finishes later gives up. */
async function assertNoOtherRun({ store, signal }: SyncRequest, { state, stamp }: BookDiff): Promise<void> {
  const digest = digestOf(await store.describe({ signal }));
  if (digest !== null && digest !== digestOf(state) && digest !== stamp.digest)
    throw collectionBusyFailure(store.collection);
}

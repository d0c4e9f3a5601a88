import type { Embedder, PassageStore } from '../../server/collection/ports.ts';
import type { Book } from '../book.ts';
import type { Enricher } from './enrichment/enricher.ts';
import { withRetry, type Sleep } from './retry.ts';
import type { WriteLock } from './write-lock.ts';

export type SyncPosition = { done: number; total: number };
/** Sections written so far, of those that have to be written; `note` is a sentence, or empty. */
export type SyncProgress = SyncPosition & { note: string };

/** A book, its collection, and what a run needs besides. */
export type SyncRequest = {
  book: Book;
  embedder: Embedder;
  store: PassageStore;
  /** Has a model write about each section; without it none is asked. */
  enricher?: Enricher;
  /** Milliseconds since 1970. */
  now: () => number;
  sleep: Sleep;
  signal: AbortSignal;
};

/** A run that holds the collection. */
export type LockedSync = SyncRequest & { recipe?: string; lock: WriteLock };

export const noProgress: SyncPosition = { done: 0, total: 0 };

/** Turns the sentences of `work` into progress at this position. */
export async function* withProgress<T>(
  work: AsyncGenerator<string, T>,
  position: SyncPosition,
): AsyncGenerator<SyncProgress, T> {
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
    yield { ...position, note: step.value };
  }
}

/** Writes while this run holds the collection, as `withRetry` does. */
export async function* write(
  request: { lock: WriteLock; sleep: Sleep; signal: AbortSignal },
  call: (repetition: number) => Promise<void>,
  position: SyncPosition = noProgress,
): AsyncGenerator<SyncProgress, void> {
  await request.lock.renew();
  yield* withProgress(withRetry(request, call), position);
}

/** Slices of at most `size`. */
export function* batches<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

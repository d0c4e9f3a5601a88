import { randomUUID } from 'node:crypto';
import { leasePointId, type Lease } from '../../server/collection/lease.ts';
import type { PassageStore } from '../../server/collection/ports.ts';
import { ServerFailure } from '../../server/failure.ts';
import { withRetry, type Sleep } from './retry.ts';

/** Milliseconds that a lease is valid: a batch is embedded and written in much less. */
const leaseMs = 20_000;
/** Milliseconds after which a write renews the lease. */
const renewalMs = 5000;
/** Milliseconds after which two runs that started together see which of them wrote last. */
const settleMs = 500;
/** Milliseconds between two reads of another run's lease. */
const pollMs = 2000;
/** Milliseconds to wait for another run. */
const maxWaitMs = 60_000;
/** How often a run writes its lease where it is not kept. */
const maxTries = 10;

export type WriteLock = {
  /** True when another run held the lock before: what was read of the collection is out of date. */
  hasWaited: boolean;
  /** To be called before each write and each wait. Throws ServerFailure `collection-busy` when another run took the lock. */
  renew(request?: { waitMs?: number }): Promise<void>;
  /** Never rejects. */
  release(): Promise<void>;
};

type LockRequest = { store: PassageStore; now: () => number; sleep: Sleep; signal: AbortSignal };

/**
 * Acquires the right to write into a collection, so that two runs do not delete each other's sections. While another
 * run writes, it waits up to a minute, yielding a sentence, then throws ServerFailure `collection-busy`, also where other
 * runs take the lock again and again. The lease of a run that died expires after 20 seconds.
 */
export async function* acquireWriteLock(request: LockRequest): AsyncGenerator<string, WriteLock> {
  const { store, sleep, signal } = request;
  const holder = randomUUID();
  let hasWaited = false;
  for (let tries = 0; tries < maxTries; tries++) {
    const current = yield* withRetry(request, () => store.readLease({ signal }));
    if (current !== null && current.holder !== holder) {
      hasWaited = true;
      yield `Another run is writing into ${store.collection}: waiting for it to finish`;
      yield* waitForExpiry(current, request);
    }
    const lease: Lease = { kind: 'lease', holder, beat: 0, for_ms: leaseMs };
    yield* withRetry(request, () => store.writeLease({ lease, signal }));
    // Another run that read the lease at the same moment may have overwritten it.
    await sleep(settleMs, { signal });
    const settled = yield* withRetry(request, () => store.readLease({ signal }));
    if (settled?.holder === holder) return createWriteLock(request, { holder, hasWaited });
  }
  throw collectionBusyFailure(store.collection);
}

/** Returns when the lease is released or has expired. */
async function* waitForExpiry(first: Lease, request: LockRequest): AsyncGenerator<string, void> {
  const { store, sleep, signal } = request;
  let last = first;
  let unchangedMs = 0;
  for (let waitedMs = 0; unchangedMs < last.for_ms; waitedMs += pollMs) {
    // A lease that has not changed for a while is about to expire, so the wait goes on to its end.
    if (waitedMs >= maxWaitMs && unchangedMs <= renewalMs + pollMs)
      throw collectionBusyFailure(store.collection);
    await sleep(pollMs, { signal });
    signal.throwIfAborted();
    const current = yield* withRetry(request, () => store.readLease({ signal }));
    if (current === null) return;
    const isUnchanged = current.holder === last.holder && current.beat === last.beat;
    unchangedMs = isUnchanged ? unchangedMs + pollMs : 0;
    last = current;
  }
}

function createWriteLock(
  { store, now, signal }: LockRequest,
  { holder, hasWaited }: { holder: string; hasWaited: boolean },
): WriteLock {
  let beat = 0;
  let renewedAt = now();
  const isHeld = async (reading: AbortSignal): Promise<boolean> =>
    (await store.readLease({ signal: reading }))?.holder === holder;
  return {
    hasWaited,
    async renew({ waitMs = 0 } = {}) {
      if (waitMs === 0 && now() - renewedAt < renewalMs) return;
      try {
        if (!(await isHeld(signal))) throw collectionBusyFailure(store.collection);
        beat += 1;
        const lease: Lease = { kind: 'lease', holder, beat, for_ms: waitMs + leaseMs };
        await store.writeLease({ lease, signal });
        renewedAt = now();
      } catch (error) {
        signal.throwIfAborted();
        // The write that follows waits for a cluster that restarts.
        if (!(error instanceof ServerFailure) || error.code === 'collection-busy') throw error;
      }
    },
    async release() {
      // Also after a cancellation, with a signal of its own: the next run should not have to wait.
      const timeout = AbortSignal.timeout(5000);
      try {
        if (await isHeld(timeout)) await store.remove({ ids: [leasePointId], signal: timeout });
      } catch {
        // The lease expires by itself.
      }
    },
  };
}

export function collectionBusyFailure(collection: string): ServerFailure {
  return new ServerFailure({
    code: 'collection-busy',
    message: `Another run is writing into ${collection}.`,
    remedy: 'Wait until it is done, then run this again; what was embedded is kept.',
  });
}

import { randomUUID } from 'node:crypto';
import { Failure } from '../../server/failure.ts';
import { leasePointId, type Lease } from '../../server/collection/lease.ts';
import type { PassageStore } from '../../server/collection/ports.ts';
import type { Sleep } from './embed-with-retry.ts';
import { withRetry } from './with-retry.ts';

/** Milliseconds. A batch is embedded and written well within `life`; two runs that begin together see it after `settle`. */
const times = { life: 20_000, renew: 5000, settle: 500, look: 2000, patience: 60_000 } as const;

export type WriteLock = {
  /** True when another run held it before, so that what was read of the collection is out of date. */
  hasWaited: boolean;
  /** To be called before each write and each wait. Throws Failure `collection-busy`: another run took it over. */
  renew(request?: { waitMs?: number }): Promise<void>;
  /** Never rejects. */
  release(): Promise<void>;
};

type LockRequest = { store: PassageStore; now: () => number; sleep: Sleep; signal: AbortSignal };

/**
 * Takes the right to write into a collection, so that two runs do not remove each other's sections. While another run
 * writes it waits, for a minute, with a sentence; then it throws Failure `collection-busy`. The lease of a run that
 * died is taken over after 20 seconds.
 */
export async function* acquireWriteLock(of: LockRequest): AsyncGenerator<string, WriteLock> {
  const { store, sleep, signal } = of;
  const holder = randomUUID();
  let hasWaited = false;
  for (;;) {
    const standing = yield* withRetry(of, () => store.readLease({ signal }));
    if (standing !== null && standing.holder !== holder) {
      hasWaited = true;
      yield `Another run writes into ${store.collection}: waiting for it`;
      yield* waitForExpiry(standing, of);
    }
    const lease: Lease = { kind: 'lease', holder, beat: 0, for_ms: times.life };
    yield* withRetry(of, () => store.writeLease({ lease, signal }));
    // Another run that looked at the same moment may have written over it.
    await sleep(times.settle, { signal });
    const now = yield* withRetry(of, () => store.readLease({ signal }));
    if (now?.holder === holder) return createWriteLock(of, { holder, hasWaited });
  }
}

/** Ends when the lease is free, or its holder is dead. */
async function* waitForExpiry(first: Lease, of: LockRequest): AsyncGenerator<string, void> {
  const { store, sleep, signal } = of;
  let seen = first;
  let quietMs = 0;
  for (let waitedMs = 0; quietMs < seen.for_ms; waitedMs += times.look) {
    // One that has been quiet for long may be dead: that is waited for to its end.
    if (waitedMs >= times.patience && quietMs <= times.renew + times.look)
      throw collectionBusyFailure(store.collection);
    await sleep(times.look, { signal });
    signal.throwIfAborted();
    const now = yield* withRetry(of, () => store.readLease({ signal }));
    if (now === null) return;
    quietMs = now.holder === seen.holder && now.beat === seen.beat ? quietMs + times.look : 0;
    seen = now;
  }
}

function createWriteLock(
  of: LockRequest,
  { holder, hasWaited }: { holder: string; hasWaited: boolean },
): WriteLock {
  const { store, now, signal } = of;
  let beat = 0;
  let renewedAt = now();
  const isOurs = async (looking: AbortSignal): Promise<boolean> =>
    (await store.readLease({ signal: looking }))?.holder === holder;
  return {
    hasWaited,
    async renew({ waitMs = 0 } = {}) {
      if (waitMs === 0 && now() - renewedAt < times.renew) return;
      try {
        if (!(await isOurs(signal))) throw collectionBusyFailure(store.collection);
        beat += 1;
        const lease: Lease = { kind: 'lease', holder, beat, for_ms: waitMs + times.life };
        await store.writeLease({ lease, signal });
        renewedAt = now();
      } catch (error) {
        signal.throwIfAborted();
        // A cluster that restarts is waited for by the write that follows.
        if (!(error instanceof Failure) || error.code === 'collection-busy') throw error;
      }
    },
    async release() {
      // Also after a cancellation: the next run should not have to wait.
      const releasing = AbortSignal.timeout(5000);
      try {
        if (await isOurs(releasing)) await store.remove({ ids: [leasePointId], signal: releasing });
      } catch {
        // It ends by itself.
      }
    },
  };
}

export function collectionBusyFailure(collection: string): Failure {
  return new Failure({
    code: 'collection-busy',
    message: `Another run is writing into ${collection}.`,
    remedy: 'Wait until it is done, then run this again; what was embedded is kept.',
  });
}

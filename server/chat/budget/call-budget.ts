import { ServerFailure } from '../../failure.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { rejectOnAbort, settleWithin, withDeadline } from '../resilience/deadline.ts';
import type { UsageStore } from '../ports.ts';
import { utcDay } from './utc-day.ts';

export type CallBudgetOptions = {
  /** Calls of the generating model per UTC day, by all servers on one database; 0 means no limit. */
  budget: number;
  store: Pick<UsageStore, 'lease' | 'settle'>;
  breaker: CircuitBreaker;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls reserved at a time: what a killed process takes with it. With 1, none is reserved before a question needs it. */
  blockSize?: number;
  /** Calls per day that a process may make while the database is away. */
  memoryCalls?: number;
  /** How long a call waits for its reservation, in milliseconds. */
  waitMs?: number;
  log: (failure: unknown) => void;
};

/** A used-up budget is asked for again after this time: another server may have given calls back. */
const retryMs = 30_000;

/** Thrown instead of a call. One object, so that it is logged once. */
export const budgetUsed = new ServerFailure({
  code: 'budget-used',
  message: 'The daily budget of model answers (CHAT_DAILY_BUDGET) is used up.',
  remedy: 'Wait until 00:00 UTC, or set a higher CHAT_DAILY_BUDGET.',
});

type CallSource = 'reserved' | 'memory';

/** The state of one UTC day. */
type Day = { day: string; reserved: number; memoryCalls: number; unsettled: number; usedUpAt: number | null };

/**
 * The daily budget of model calls. It is kept in PostgreSQL; a process reserves calls in blocks and gives the rest back
 * when it ends, so that neither a restart nor a second server exceeds it. While the database is away, a few calls a day
 * are made from memory, and settled later.
 */
export class CallBudget {
  readonly #options: Required<CallBudgetOptions>;
  #day: Day;
  #lease: Promise<boolean> | null = null;

  constructor(options: CallBudgetOptions) {
    this.#options = { blockSize: 20, memoryCalls: 60, waitMs: 3_000, ...options };
    this.#day = this.#startDay();
  }

  /** Reserves the first block before it is needed. Never rejects. */
  async preload(): Promise<void> {
    if (this.#options.budget > 0 && this.#options.blockSize > 1) await this.#reserve();
  }

  /**
   * Whether a call could be made now, as far as that is known: a single call is reserved while the question is searched
   * for, and `take` waits for the outcome. Never rejects.
   */
  async hasCalls(): Promise<boolean> {
    if (this.#options.blockSize > 1 || this.#options.budget === 0) return this.#find(() => true);
    this.#turnDay();
    if (this.#day.reserved === 0 && this.#isUsedUp()) return false;
    if (this.#day.reserved === 0) void this.#reserve();
    return true;
  }

  /** Takes one call; false when there is none. Never rejects. */
  take(): Promise<boolean> {
    return this.#find((source) => this.#spend(source));
  }

  /** Gives back what is reserved and settles what was not, within `ms` milliseconds. */
  async close({ ms }: { ms: number }): Promise<void> {
    if (this.#options.budget === 0) return;
    await settleWithin({ ms }, this.#lease ?? Promise.resolve(true));
    const { day, reserved, unsettled } = this.#day;
    this.#day = { ...this.#day, reserved: 0, memoryCalls: 0, unsettled: 0, usedUpAt: this.#options.now() };
    if (reserved !== unsettled) await settleWithin({ ms }, this.#settle(day, unsettled - reserved));
  }

  /** Finds where the next call comes from, and uses it before another caller can: there is no await in between. */
  async #find(use: (source: CallSource) => true): Promise<boolean> {
    if (this.#options.budget === 0) return true;
    for (;;) {
      this.#turnDay();
      if (this.#day.reserved > 0) return use('reserved');
      if (this.#isUsedUp()) return false;
      if (await this.#reserve()) continue;
      return this.#day.memoryCalls > 0 && use('memory');
    }
  }

  #spend(source: CallSource): true {
    if (source === 'memory') {
      this.#day.memoryCalls -= 1;
      this.#day.unsettled += 1;
      return true;
    }
    this.#day.reserved -= 1;
    const { blockSize } = this.#options;
    // Only refilled up to a block, so that never more than one is lost.
    if (blockSize > 1 && this.#day.reserved <= blockSize / 4 && !this.#isUsedUp()) void this.#reserve();
    return true;
  }

  #isUsedUp(): boolean {
    const { usedUpAt } = this.#day;
    return usedUpAt !== null && this.#options.now() - usedUpAt < retryMs;
  }

  /** Fills the block up, once for all who wait; false when the database did not answer. Never rejects. */
  #reserve(): Promise<boolean> {
    const log = (error: unknown): boolean => {
      this.#options.log(error);
      return false;
    };
    return (this.#lease ??= this.#leaseCalls()
      .then(() => true, log)
      .finally(() => (this.#lease = null)));
  }

  async #leaseCalls(): Promise<void> {
    const { budget, store, breaker, blockSize, waitMs, now } = this.#options;
    const current = this.#day;
    const { day, unsettled } = current;
    const calls = blockSize - current.reserved;
    const granted = await breaker.run(() =>
      withDeadline({ ms: waitMs, service: 'postgres' }, (signal) =>
        rejectOnAbort(store.lease({ day, calls, budget, unsettled, signal }), signal),
      ),
    );
    current.unsettled -= unsettled;
    current.reserved += granted;
    current.usedUpAt = granted < calls ? now() : null;
    // What the database is known to refuse is not taken from memory when it is away later.
    if (granted < calls) current.memoryCalls = 0;
  }

  /** What is reserved is of one day only; what was made from memory is settled for its own day. */
  #turnDay(): void {
    const { day, unsettled, reserved } = this.#day;
    if (day === utcDay(this.#options.now())) return;
    this.#day = this.#startDay();
    if (unsettled !== reserved) void this.#settle(day, unsettled - reserved);
  }

  #startDay(): Day {
    const { budget, memoryCalls, now } = this.#options;
    return {
      day: utcDay(now()),
      reserved: 0,
      memoryCalls: Math.min(memoryCalls, budget),
      unsettled: 0,
      usedUpAt: null,
    };
  }

  async #settle(day: string, calls: number): Promise<void> {
    const { store, waitMs, log } = this.#options;
    await withDeadline({ ms: waitMs, service: 'postgres' }, (signal) =>
      rejectOnAbort(store.settle({ day, calls, signal }), signal),
    ).catch(log);
  }
}

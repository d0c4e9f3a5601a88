import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { rejectOnAbort, settleWithin, withDeadline } from '../resilience/deadline.ts';
import type { TokenUsage, UsageStore } from '../ports.ts';
import { utcDay } from './utc-day.ts';

const storeTimeoutMs = 5_000;

type DailyUsage = TokenUsage & { calls: number };

const noUsage: DailyUsage = { calls: 0, inputTokens: 0, outputTokens: 0 };

function sum(first: DailyUsage, second: DailyUsage): DailyUsage {
  return {
    calls: first.calls + second.calls,
    inputTokens: first.inputTokens + second.inputTokens,
    outputTokens: first.outputTokens + second.outputTokens,
  };
}

/**
 * Sums the model's calls and tokens by UTC day and adds them to the database in the background: one statement for what
 * came meanwhile. What cannot be stored waits for the next call, and does not count as a failure of the database.
 */
export class UsageLog {
  readonly #store: Pick<UsageStore, 'addUsage'>;
  readonly #breaker: Pick<CircuitBreaker, 'openFailure'>;
  readonly #now: () => number;
  readonly #log: (failure: unknown) => void;
  #total: DailyUsage = noUsage;
  readonly #days = new Map<string, DailyUsage>();
  #flushing: Promise<void> | null = null;

  constructor(options: {
    store: Pick<UsageStore, 'addUsage'>;
    breaker: CircuitBreaker;
    /** Milliseconds since 1970. */
    now: () => number;
    log: (failure: unknown) => void;
  }) {
    this.#store = options.store;
    this.#breaker = options.breaker;
    this.#now = options.now;
    this.#log = options.log;
  }

  /** Counts one finished call; tokens are 0 where the model names none. */
  add({ inputTokens, outputTokens }: TokenUsage): void {
    this.#total = sum(this.#total, { calls: 1, inputTokens, outputTokens });
    this.#merge(utcDay(this.#now()), { calls: 1, inputTokens, outputTokens });
    void this.#flush();
  }

  /** Since the process started. */
  get total(): DailyUsage {
    return this.#total;
  }

  /** Resolves when what waits is stored, or cannot be stored now. */
  async flushed(): Promise<void> {
    await this.#flush();
  }

  /** Stores what waits, within `ms` milliseconds. */
  async close({ ms }: { ms: number }): Promise<void> {
    await settleWithin(
      { ms },
      (this.#flushing ?? Promise.resolve()).then(() => this.#flush()),
    );
  }

  #merge(day: string, usage: DailyUsage): void {
    this.#days.set(day, sum(this.#days.get(day) ?? noUsage, usage));
  }

  /** Never rejects. */
  #flush(): Promise<void> {
    return (this.#flushing ??= this.#storeAll().finally(() => (this.#flushing = null)));
  }

  async #storeAll(): Promise<void> {
    await nextTurn();
    while (this.#days.size > 0 && this.#breaker.openFailure === null) {
      const [[day, usage] = ['', null]] = this.#days;
      if (usage === null) return;
      this.#days.delete(day);
      try {
        await withDeadline({ ms: storeTimeoutMs, service: 'postgres' }, (signal) =>
          rejectOnAbort(this.#store.addUsage({ day, ...usage, signal }), signal),
        );
      } catch (error) {
        this.#log(error);
        return this.#merge(day, usage);
      }
    }
  }
}

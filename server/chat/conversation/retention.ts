import type { DeletedRows, RetentionStore } from '../ports.ts';
import { rejectOnAbort, withDeadline } from '../resilience/deadline.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';

const day = 86_400_000;
/** After a run that failed, in milliseconds. */
const retryMs = 3_600_000;
const timeoutMs = 300_000;

export type RetentionOptions = {
  /** Days for which conversations are kept. */
  days: number;
  /** Whether conversations that no deployment is recorded for count as this one's. */
  includesUnnamed: boolean;
};

/** Deletes old conversations once a day, at the first request after the day's beginning in UTC. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #store: RetentionStore;
  readonly #breaker: Pick<CircuitBreaker, 'openFailure'>;
  readonly #now: () => number;
  readonly #onDeleted: (rows: DeletedRows) => void;
  readonly #log: (failure: unknown) => void;
  #dueAt = Number.NEGATIVE_INFINITY;
  #lastDay = Number.NaN;
  #running: Promise<void> | null = null;

  constructor(
    options: RetentionOptions & {
      store: RetentionStore;
      breaker: Pick<CircuitBreaker, 'openFailure'>;
      /** Milliseconds since 1970. */
      now?: () => number;
      onDeleted: (rows: DeletedRows) => void;
      log: (failure: unknown) => void;
    },
  ) {
    this.#options = options;
    this.#store = options.store;
    this.#breaker = options.breaker;
    this.#now = options.now ?? Date.now;
    this.#onDeleted = options.onDeleted;
    this.#log = options.log;
  }

  /** Starts the day's run in the background, unless it was done. The database decides whether it is due. */
  runIfDue(): void {
    const today = Math.floor(this.#now() / day);
    // A clock that was set back or forward is a reason to ask the database, no more.
    if (this.#running !== null || today === this.#lastDay || performance.now() < this.#dueAt) return;
    if (this.#breaker.openFailure !== null) return;
    this.#running = this.#run(today).finally(() => (this.#running = null));
  }

  /** Resolves when no run is in progress. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(today: number): Promise<void> {
    try {
      const deleted = await withDeadline({ ms: timeoutMs, service: 'postgres' }, (signal) =>
        rejectOnAbort(this.#store.deleteExpired({ ...this.#options, signal }), signal),
      );
      this.#lastDay = today;
      if (deleted !== null) this.#onDeleted(deleted);
    } catch (error) {
      this.#dueAt = performance.now() + retryMs;
      this.#log(error);
    }
  }
}

import { Failure } from '../../failure.ts';
import { timeoutFailure } from './deadline.ts';
import { isRequestError } from './request-errors.ts';

/** Milliseconds that a breaker stays open after the first failure; doubled by each further one. */
const firstPauseMs = 5_000;
const maxPauseMs = 60_000;

/**
 * Remembers that a service just failed, so that a dead one costs its time-out once and not once per reader.
 * After the pause (the vendor's own, when it named one) a single call is let through to see.
 */
export class CircuitBreaker {
  readonly service: string;
  #failures = 0;
  #openUntil = 0;
  #trying = false;
  #last: Failure | null = null;
  #succeededAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  /** `now` counts milliseconds, from any start; by the time of day a clock set back would keep it open. */
  constructor({ service, now = () => performance.now() }: { service: string; now?: () => number }) {
    this.service = service;
    this.#now = now;
  }

  /** The failure that keeps it open; null when calls may pass. */
  get openFailure(): Failure | null {
    return this.#last !== null && (this.#now() < this.#openUntil || this.#trying) ? this.#last : null;
  }

  /**
   * Throws what failed last while calls may not pass, else returns when this one began. Follow with `succeed`,
   * `fail` or `leave`.
   */
  enter(): number {
    const open = this.openFailure;
    if (open !== null) throw open;
    this.#trying = this.#last !== null;
    return this.#now();
  }

  /** The caller went away before anything was known. */
  cancel(): void {
    this.#trying = false;
  }

  /** Runs `work`, or throws what failed last without running it. A caller's own leaving is no failure. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const began = this.enter();
    try {
      const result = await work();
      this.succeed();
      return result;
    } catch (error) {
      if (signal?.aborted === true) this.cancel();
      else this.fail(error, { began });
      throw error;
    }
  }

  succeed(): void {
    this.#succeededAt = this.#now();
    this.#trying = false;
    this.#failures = 0;
    this.#openUntil = 0;
    this.#last = null;
  }

  /**
   * Another call that succeeded meanwhile speaks for the service: then it was only slow, with many at once. What is
   * wrong with one question says nothing of it either: else whoever asks that would shut the service for all.
   */
  fail(error: unknown, { began }: { began: number }): void {
    this.#trying = false;
    if (this.#succeededAt > began || isRequestError(error)) return;
    const failure = error instanceof Failure ? error : timeoutFailure(this.service, error);
    const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#last = failure;
    this.#openUntil = this.#now() + (failure.retryAfterMs ?? pause);
  }
}

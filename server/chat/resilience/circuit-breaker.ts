import { ServerFailure } from '../../failure.ts';
import { timeoutFailure } from './deadline.ts';
import { isRequestError } from './request-errors.ts';

/** How long the breaker stays open after the first failure; doubles with each further one. */
const firstPauseMs = 5_000;
const maxPauseMs = 60_000;

/**
 * Remembers that a service has just failed, so that a dead one costs its timeout once and not once per request. After
 * the pause (the vendor's own, when it names one) a single trial call is allowed.
 */
export class CircuitBreaker {
  readonly service: string;
  /** Called after each success, with the service's name. */
  onSuccess: (service: string) => void = () => undefined;
  #failures = 0;
  #openUntil = 0;
  #isTrial = false;
  #lastFailure: ServerFailure | null = null;
  #succeededAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  /** `now` is a monotonic clock in milliseconds; with wall-clock time, a clock set back would keep the breaker open. */
  constructor({ service, now = () => performance.now() }: { service: string; now?: () => number }) {
    this.service = service;
    this.#now = now;
  }

  /** The failure that keeps the breaker open; null when calls are allowed. */
  get openFailure(): ServerFailure | null {
    const isOpen = this.#now() < this.#openUntil || this.#isTrial;
    return this.#lastFailure !== null && isOpen ? this.#lastFailure : null;
  }

  /**
   * Starts a call and returns when it began; throws the last failure while the breaker is open. End the call with
   * `succeed`, `fail` or `cancel`.
   */
  enter(): number {
    const failure = this.openFailure;
    if (failure !== null) throw failure;
    this.#isTrial = this.#lastFailure !== null;
    return this.#now();
  }

  /** The caller cancelled before the outcome was known. */
  cancel(): void {
    this.#isTrial = false;
  }

  /** Runs `work`; throws the last failure without running it while open. An aborted signal does not count as a failure. */
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
    this.#isTrial = false;
    this.#failures = 0;
    this.#openUntil = 0;
    this.#lastFailure = null;
    this.onSuccess(this.service);
  }

  /**
   * Opens the breaker, with two exceptions. A call that succeeded after this one began wins over an earlier slow
   * failure. An error caused by the request itself says nothing about the service, and must not block other users.
   */
  fail(error: unknown, { began }: { began: number }): void {
    this.#isTrial = false;
    if (this.#succeededAt > began || isRequestError(error)) return;
    const failure = error instanceof ServerFailure ? error : timeoutFailure(this.service, error);
    const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#lastFailure = failure;
    this.#openUntil = this.#now() + (failure.retryAfterMs ?? pause);
  }
}

import { withDeadline } from '../chat/resilience/deadline.ts';
import {
  failedCheck,
  type CheckResult,
  type ExternalService,
  type ServiceCheck,
} from '../chat/service-check.ts';

/** Milliseconds: the limit of one check, the pause after a success, and the pause after a first failure. */
export type HealthTimings = { limit: number; pause: number; firstRetry: number };

export const healthTimings: HealthTimings = { limit: 2_000, pause: 30_000, firstRetry: 3_000 };

/** A transient state is checked three times as often as a first failure, at most this many times in a row. */
const maxEagerChecks = 300;

/**
 * Checks each service in the background and keeps the results, so that reporting health costs nothing. A failing service
 * is checked again soon, then less and less often. Where the process does not run between requests, it is `refresh` that
 * checks what is due.
 */
export class HealthMonitor {
  readonly #checks: readonly ServiceCheck[];
  readonly #times: HealthTimings;
  readonly #results = new Map<ExternalService, CheckResult>();
  /** Each service's next check; absent while it is being checked. */
  readonly #timers = new Map<ExternalService, NodeJS.Timeout>();
  /** Where no timer runs: when each service is due, in milliseconds of a monotonic clock. */
  readonly #due = new Map<ExternalService, { at: number; failures: number }>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #hasTimers: boolean;
  #isStarted = false;

  constructor(options: {
    checks: readonly ServiceCheck[];
    times?: HealthTimings;
    /** False on a platform that stops the process between requests. */
    hasTimers?: boolean;
  }) {
    this.#checks = options.checks;
    this.#times = options.times ?? healthTimings;
    this.#hasTimers = options.hasTimers ?? true;
  }

  /** Null until every service has been checked once. */
  get results(): ReadonlyMap<ExternalService, CheckResult> | null {
    return this.#results.size === this.#checks.length ? this.#results : null;
  }

  start(): void {
    this.#isStarted = true;
    for (const check of this.#checks) this.#begin(check, 0);
  }

  /** Checks the services that are due, where no timer does. */
  refresh(): void {
    if (!this.#isStarted) return this.start();
    const now = performance.now();
    for (const check of this.#checks) {
      const due = this.#due.get(check.service);
      if (due !== undefined && due.at <= now) this.#begin(check, due.failures);
    }
  }

  /** Resolves when no check is running. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #begin(check: ServiceCheck, previousFailures: number): void {
    this.#due.delete(check.service);
    const run = this.#run(check, previousFailures).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Traffic shows that a service works: one that counts as failed is checked at once. */
  noteSuccess(service: string): void {
    const check = this.#checks.find((candidate) => candidate.service === service);
    if (check === undefined || this.#results.get(check.service)?.ok !== false) return;
    const timer = this.#timers.get(check.service);
    const isWaiting = timer !== undefined || this.#due.has(check.service);
    if (!isWaiting || this.#stopping.signal.aborted) return;
    clearTimeout(timer);
    this.#timers.delete(check.service);
    this.#begin(check, 0);
  }

  async #run(check: ServiceCheck, previousFailures: number): Promise<void> {
    const { signal: stopping } = this.#stopping;
    const result = await withDeadline(
      { signal: stopping, ms: this.#times.limit, service: check.service },
      (signal) => check.check({ signal }),
    ).catch((error: unknown) => failedCheck(error));
    if (stopping.aborted) return;
    this.#results.set(check.service, result);
    const failures = result.ok ? 0 : previousFailures + 1;
    const pauseMs = this.#pauseAfter(result, failures);
    if (!this.#hasTimers) {
      this.#due.set(check.service, { at: performance.now() + pauseMs, failures });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(check.service);
      this.#begin(check, failures);
    }, pauseMs);
    timer.unref();
    this.#timers.set(check.service, timer);
  }

  #pauseAfter(result: CheckResult, failures: number): number {
    const { pause, firstRetry } = this.#times;
    if (result.ok && result.isTransient !== true) return pause;
    if (result.isTransient === true && failures <= maxEagerChecks) return firstRetry / 3;
    return Math.min(pause, firstRetry * 2 ** (failures - 1));
  }
}

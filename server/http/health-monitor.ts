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
 * is checked again soon, then less and less often.
 */
export class HealthMonitor {
  readonly #checks: readonly ServiceCheck[];
  readonly #times: HealthTimings;
  readonly #results = new Map<ExternalService, CheckResult>();
  /** Each service's next check; absent while it is being checked. */
  readonly #timers = new Map<ExternalService, NodeJS.Timeout>();
  readonly #stopping = new AbortController();

  constructor({ checks, times = healthTimings }: { checks: readonly ServiceCheck[]; times?: HealthTimings }) {
    this.#checks = checks;
    this.#times = times;
  }

  /** Null until every service has been checked once. */
  get results(): ReadonlyMap<ExternalService, CheckResult> | null {
    return this.#results.size === this.#checks.length ? this.#results : null;
  }

  start(): void {
    for (const check of this.#checks) void this.#run(check, 0);
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
    if (timer === undefined || this.#stopping.signal.aborted) return;
    clearTimeout(timer);
    this.#timers.delete(check.service);
    void this.#run(check, 0);
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
    const timer = setTimeout(
      () => {
        this.#timers.delete(check.service);
        void this.#run(check, failures);
      },
      this.#pauseAfter(result, failures),
    );
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

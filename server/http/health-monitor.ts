import { failedCheck } from '../chat/retrieval/collection-check.ts';
import { withDeadline } from '../chat/resilience/deadline.ts';
import type { CheckResult, ExternalService, ServiceCheck } from '../chat/ports.ts';

/** Milliseconds: one check's limit, the pause between checks of a healthy service, the first after a failure. */
export type HealthTimings = { limit: number; pause: number; firstRetry: number };

export const healthTimings: HealthTimings = { limit: 2_000, pause: 30_000, firstRetry: 3_000 };

/** What is about to pass is looked at three times as often as a failure at first, so many times in a row. */
const maxEagerChecks = 300;

/**
 * Looks at each service in the background and remembers what it found, so that health costs nothing to ask.
 * A failing service is looked at again sooner, then less and less often.
 */
export class HealthMonitor {
  readonly #checks: readonly ServiceCheck[];
  readonly #times: HealthTimings;
  readonly #results = new Map<ExternalService, CheckResult>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopping = new AbortController();

  constructor({ checks, times = healthTimings }: { checks: readonly ServiceCheck[]; times?: HealthTimings }) {
    this.#checks = checks;
    this.#times = times;
  }

  /** Null until every service was looked at once. */
  get results(): ReadonlyMap<ExternalService, CheckResult> | null {
    return this.#results.size === this.#checks.length ? this.#results : null;
  }

  start(): void {
    for (const check of this.#checks) void this.#look(check, 0);
  }

  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #look(check: ServiceCheck, failures: number): Promise<void> {
    const { limit: ms } = this.#times;
    const { signal: stopping } = this.#stopping;
    const result = await withDeadline({ signal: stopping, ms, service: check.service }, (signal) =>
      check.check({ signal }),
    ).catch((error: unknown) => failedCheck(error));
    if (this.#stopping.signal.aborted) return;
    this.#results.set(check.service, result);
    const failed = result.ok ? 0 : failures + 1;
    const { pause, firstRetry } = this.#times;
    const isEager = !result.ok && result.isPassing === true && failed <= maxEagerChecks;
    const later = failed === 0 ? pause : Math.min(pause, firstRetry * 2 ** (failed - 1));
    const wait = isEager ? firstRetry / 3 : later;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#look(check, failed);
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }
}

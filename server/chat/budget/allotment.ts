import { settleWithin, withDeadline } from '../resilience/deadline.ts';
import { utcDay } from './utc-day.ts';
import { ServerFailure } from '../../failure.ts';

/** Requests, and processor time in milliseconds. */
export type Usage = { requests: number; cpuMs: number };

/** What a plan allows in 30 days; 0 means no limit. */
export type AllotmentLimits = { requests: number; cpuMinutes: number };

export type AllotmentOptions = {
  limits: AllotmentLimits;
  store: FunctionUsageStore;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Processor time of this process, in milliseconds. */
  cpuMs: () => number;
  log: (failure: unknown) => void;
};

export interface FunctionUsageStore {
  /** Adds to a UTC day what was used, and returns the sum of the last 30 days. */
  addFunctionUsage(request: Usage & { day: string; signal: AbortSignal }): Promise<Usage>;
}

/** Beyond this share the server answers no more: at the end of the allotment the platform stops the whole account. */
const stopShare = 0.7;
/** What may be uncounted when a process is killed. */
const mostUnstored: Usage = { requests: 20, cpuMs: 250 };
const storeTimeoutMs = 5_000;
/** How long a new process waits for the first look, in milliseconds: a database that sleeps takes longer. */
const firstLookMs = 1_000;
/** How long a server that has stopped waits before it looks again, in milliseconds: days fall out of the sum. */
const lookAgainMs = 10 * 60_000;

/** Thrown instead of an answer. */
export const allotmentUsed = new ServerFailure({
  code: 'allotment-used',
  message: `The server has used ${stopShare * 100} % of what its plan allows in 30 days, and answers nothing until less of it is used.`,
  remedy: 'Wait: each day the oldest one falls out of the sum. Or move the server to a paid plan.',
});

/**
 * What the processes of a function have used in the last 30 days, summed up in PostgreSQL. A platform that pauses the
 * whole account at the end of its allotment would take the book's own site down with it, so this server stops before.
 */
export class Allotment {
  readonly #options: AllotmentOptions;
  #unstored: Usage = { requests: 0, cpuMs: 0 };
  /** Processor time that is counted. */
  #countedMs = 0;
  #sum: Usage = { requests: 0, cpuMs: 0 };
  #lookedAt: number | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: AllotmentOptions) {
    this.#options = options;
  }

  /** The greater of the used shares of requests and processor time; 0 where nothing limits them. */
  get share(): number {
    const { requests, cpuMinutes } = this.#options.limits;
    const shares = [
      requests === 0 ? 0 : this.#sum.requests / requests,
      cpuMinutes === 0 ? 0 : this.#sum.cpuMs / (cpuMinutes * 60_000),
    ];
    return Math.max(...shares);
  }

  isUsedUp(): boolean {
    return this.share >= stopShare;
  }

  /** For health. */
  facts(): Record<string, unknown> {
    const { requests, cpuMs } = this.#sum;
    return { used_percent: Math.floor(this.share * 100), requests, cpu_minutes: Math.round(cpuMs / 60_000) };
  }

  /** Reads the sum before the first answer, for a moment at most. Never rejects. */
  async preload(): Promise<void> {
    if (this.#options.limits.requests + this.#options.limits.cpuMinutes > 0)
      await settleWithin({ ms: firstLookMs }, this.#look());
  }

  noteRequest(): void {
    this.#unstored.requests += 1;
  }

  /** Stores what waits, where it is worth a statement. Never rejects. */
  async flushed(): Promise<void> {
    const { now } = this.#options;
    const isStale = this.#lookedAt === null || (this.isUsedUp() && now() - this.#lookedAt >= lookAgainMs);
    const { requests, cpuMs } = this.#measured();
    if (isStale || requests >= mostUnstored.requests || cpuMs >= mostUnstored.cpuMs) await this.#look();
  }

  /** Stores what waits, within `ms` milliseconds. */
  async close({ ms }: { ms: number }): Promise<void> {
    await settleWithin({ ms }, this.#look());
  }

  #measured(): Usage {
    return { requests: this.#unstored.requests, cpuMs: this.#options.cpuMs() - this.#countedMs };
  }

  #look(): Promise<void> {
    return (this.#looking ??= this.#store().finally(() => (this.#looking = null)));
  }

  async #store(): Promise<void> {
    const { store, now, log } = this.#options;
    const added = this.#measured();
    try {
      this.#sum = await withDeadline({ ms: storeTimeoutMs, service: 'postgres' }, (signal) =>
        store.addFunctionUsage({ ...added, day: utcDay(now()), signal }),
      );
    } catch (error) {
      log(error);
      return;
    }
    this.#unstored.requests -= added.requests;
    this.#countedMs += added.cpuMs;
    this.#lookedAt = now();
  }
}

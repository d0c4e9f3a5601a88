import type { IncomingHttpHeaders } from 'node:http';
import { HubApiError } from './hub-api-error.ts';
import type { HubState } from './state.ts';

/** Five minutes. */
export const rateLimitWindowMs = 300_000;
const FREE_QUOTA = 1_000;
const PRO_QUOTA = 2_500;

/**
 * Counts the calls of each token in fixed windows and returns the rate-limit headers; throws 429
 * beyond the quota. Quotas are those of the Hub's documentation (free user 1,000, PRO 2,500).
 */
export class HubRateLimit {
  readonly #counts = new Map<string, { count: number; until: number }>();
  readonly #state: Pick<HubState, 'accounts' | 'tokens'>;
  readonly #windowMs: number;

  constructor(state: Pick<HubState, 'accounts' | 'tokens'>, windowMs: number) {
    this.#state = state;
    this.#windowMs = windowMs;
  }

  take(headers: IncomingHttpHeaders): Record<string, string> {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    const user = this.#state.tokens.find(({ value }) => value === token)?.user;
    const quota =
      this.#state.accounts.find(({ name }) => name === user)?.isPro === true ? PRO_QUOTA : FREE_QUOTA;
    const now = Date.now();
    const previous = this.#counts.get(token);
    const window =
      previous === undefined || previous.until <= now ? { count: 0, until: now + this.#windowMs } : previous;
    window.count += 1;
    this.#counts.set(token, window);
    const left = Math.max(0, quota - window.count);
    const rateHeaders = {
      ratelimit: `"api";r=${left};t=${Math.ceil((window.until - now) / 1_000)}`,
      'ratelimit-policy': `"fixed window";"api";q=${quota};w=${rateLimitWindowMs / 1_000}`,
    };
    if (window.count > quota)
      throw new HubApiError(429, 'We had to rate limit you. Try again later.', { more: rateHeaders });
    return rateHeaders;
  }
}

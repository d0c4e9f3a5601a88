const maxBuckets = 10_000;

/** Token buckets by key, refilled evenly with `rate` tokens per `windowMs`; a full bucket allows a burst of `rate`. */
export class TokenBuckets {
  readonly #rate: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** A `rate` of 0 means no limit. */
  constructor({ rate, windowMs, now = Date.now }: { rate: number; windowMs: number; now?: () => number }) {
    this.#rate = rate;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  /** Takes a token and returns 0, or returns the milliseconds to wait for one. */
  take(key: string): number {
    if (this.#rate === 0) return 0;
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#rate, at: now };
    // A clock that was set back takes no tokens away.
    const elapsed = Math.max(0, now - bucket.at);
    const tokens = Math.min(this.#rate, bucket.tokens + (elapsed * this.#rate) / this.#windowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxBuckets && oldest !== undefined) this.#buckets.delete(oldest);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * this.#windowMs) / this.#rate);
  }
}

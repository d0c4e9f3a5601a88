/** How many texts a minute the free tier embeds; each text of a batch counts (ai.google.dev, rate limits). */
const freeTierPerMinute = 100;

export type RateLimiter = {
  readonly perMinute: number;
  /** Milliseconds to wait before so many texts may be sent; they count as sent then. */
  reserve(texts: number): number;
  /** Called when the quota was hit: from now on no more than the free tier's rate. */
  slowDown(): void;
};

/** A token bucket that is open until the first refusal: a paid key never waits. `now` is in milliseconds. */
export function createRateLimiter({
  now,
  perMinute = freeTierPerMinute,
}: {
  now: () => number;
  perMinute?: number;
}): RateLimiter {
  let isSlow = false;
  let level = 0;
  let at = 0;
  return {
    perMinute,
    reserve(texts) {
      if (!isSlow) return 0;
      const time = now();
      level = Math.min(perMinute, level + ((time - at) * perMinute) / 60_000);
      at = time;
      level -= texts;
      return level >= 0 ? 0 : Math.ceil((-level * 60_000) / perMinute);
    },
    slowDown() {
      isSlow = true;
      level = 0;
      at = now();
    },
  };
}

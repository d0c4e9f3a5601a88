/** Texts a minute that the free tier embeds; each text of a batch counts (ai.google.dev, rate limits). */
const freeTierPerMinute = 100;

export type RateLimiter = {
  readonly perMinute: number;
  /** Whether the quota was hit. */
  readonly isLimited: boolean;
  /** Counts the texts as sent and returns the milliseconds to wait before sending them. */
  reserve(texts: number): number;
  /** To be called when the quota was hit: from then on the free tier's rate applies. */
  slowDown(): void;
};

/** A token bucket without a limit until the first refusal, so that a paid key never waits. `now` is in milliseconds. */
export function createRateLimiter({
  now,
  perMinute = freeTierPerMinute,
}: {
  now: () => number;
  perMinute?: number;
}): RateLimiter {
  let isLimited = false;
  let available = 0;
  let updatedAt = 0;
  return {
    perMinute,
    get isLimited() {
      return isLimited;
    },
    reserve(texts) {
      if (!isLimited) return 0;
      const time = now();
      available = Math.min(perMinute, available + ((time - updatedAt) * perMinute) / 60_000);
      updatedAt = time;
      available -= texts;
      return available >= 0 ? 0 : Math.ceil((-available * 60_000) / perMinute);
    },
    slowDown() {
      isLimited = true;
      available = 0;
      updatedAt = now();
    },
  };
}

/** Milliseconds until the vendor accepts another call; null when it does not say. */
export function retryAfter(headers: Headers, now: number = Date.now()): number | null {
  const value = headers.get('retry-after');
  if (value !== null) {
    const seconds = Number(value);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
    const date = Date.parse(value);
    if (!Number.isNaN(date)) return Math.max(0, date - now);
  }
  // The Hub's format: RateLimit: "api";r=0;t=55
  const reset = /(?:^|;)\s*r=0\s*;.*?\bt=(\d+)/.exec(headers.get('ratelimit') ?? '');
  return reset?.[1] === undefined ? null : Number(reset[1]) * 1000;
}

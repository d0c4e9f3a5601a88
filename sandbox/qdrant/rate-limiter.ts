/** Strict mode's limits per minute (qdrant 1.19.0, lib/common/common/src/rate_limiting.rs). */
import type { StrictMode } from './collection-requests.ts';
import { QdrantApiError } from './errors.ts';

/** A bucket of tokens, refilled evenly over a minute; what is refused costs nothing. */
type TokenBucket = { perMinute: number; tokens: number; checkedAt: number };

export type RateLimiters = { read: TokenBucket | null; write: TokenBucket | null };

/** New buckets: a change of strict mode fills them again. */
export function createRateLimiters(strict: StrictMode): RateLimiters {
  const limiter = (perMinute: number | null | undefined): TokenBucket | null =>
    perMinute == null ? null : { perMinute, tokens: perMinute, checkedAt: performance.now() };
  return { read: limiter(strict.read_rate_limit), write: limiter(strict.write_rate_limit) };
}

/** Takes tokens; throws 429, with the seconds to wait where waiting helps. */
export function spend(rates: RateLimiters, kind: 'read' | 'write', cost: number): void {
  const limiter = rates[kind];
  if (limiter === null) return;
  const name = kind === 'read' ? 'Read' : 'Write';
  const now = performance.now();
  const refill = ((now - limiter.checkedAt) / 60_000) * limiter.perMinute;
  limiter.checkedAt = now;
  limiter.tokens = Math.min(limiter.perMinute, limiter.tokens + refill);
  if (cost > limiter.perMinute) {
    const why = 'request larger than rate limiter capacity, please try to split your request';
    throw new QdrantApiError(429, `Rate limiting exceeded: ${name} rate limit exceeded, ${why}`);
  }
  if (limiter.tokens >= cost) {
    limiter.tokens -= cost;
    return;
  }
  const seconds = Math.ceil(((cost - limiter.tokens) * 60) / limiter.perMinute);
  const left = limiter.tokens.toFixed(1);
  throw new QdrantApiError(
    429,
    `Rate limiting exceeded: ${name} rate limit exceeded: Operation requires ${cost} tokens but only ${left} were available. Retry after ${seconds}s`,
    seconds,
  );
}

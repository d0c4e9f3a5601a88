import { isIPv6 } from 'node:net';
import { HttpError } from './http-error.ts';

/** 0 means no limit. */
export type RateLimitSettings = {
  /** Questions per minute from one address. */
  perAddress: number;
  /** Questions per minute in one conversation. */
  perConversation: number;
  /** Reads of conversations per minute from one address. */
  readsPerAddress: number;
  /** Questions per day from all users together. */
  perDay: number;
};

export const defaultRateLimits: RateLimitSettings = {
  perAddress: 30,
  perConversation: 15,
  readsPerAddress: 60,
  perDay: 0,
};

const minute = 60_000;
const day = 86_400_000;
const maxBuckets = 10_000;

/** Token buckets by key, refilled evenly with `rate` tokens per `windowMs`; a full bucket allows a burst of `rate`. */
export class TokenBuckets {
  readonly #rate: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

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

/** A limit per calendar day (UTC). A token bucket would allow twice as many on its first day. */
class DailyBudget {
  readonly #budget: number;
  readonly #now: () => number;
  #today = 0;
  #spent = 0;

  constructor({ budget, now }: { budget: number; now: () => number }) {
    this.#budget = budget;
    this.#now = now;
  }

  /** Counts a question and returns 0, or returns the milliseconds to wait until the next day. */
  take(): number {
    const now = this.#now();
    const today = Math.floor(now / day);
    if (today !== this.#today) this.#spent = 0;
    this.#today = today;
    if (this.#budget > 0 && this.#spent >= this.#budget) return (today + 1) * day - now;
    this.#spent += 1;
    return 0;
  }
}

/** Each check counts the request, or throws an HttpError with status 429. */
export type RateLimits = {
  checkQuestion(client: { address: string; conversationId: string | null }): void;
  checkRead(client: { address: string }): void;
};

/** All limits together. Loopback addresses are not limited: a Space's users come through a proxy. */
export function createRateLimits(limits: RateLimitSettings, now: () => number = Date.now): RateLimits {
  const addresses = new TokenBuckets({ rate: limits.perAddress, windowMs: minute, now });
  const conversations = new TokenBuckets({ rate: limits.perConversation, windowMs: minute, now });
  const reads = new TokenBuckets({ rate: limits.readsPerAddress, windowMs: minute, now });
  const days = new DailyBudget({ budget: limits.perDay, now });
  return {
    checkQuestion({ address, conversationId }) {
      if (isLoopback(address)) return;
      throwIfLimited(
        addresses.take(networkOf(address)),
        'You ask faster than I can answer. Please wait a moment.',
      );
      if (conversationId !== null)
        throwIfLimited(
          conversations.take(conversationId),
          'You ask faster than I can answer. Please wait a moment.',
        );
      throwIfLimited(
        days.take(),
        'The assistant has used up its questions for today. Please come back tomorrow.',
      );
    },
    checkRead({ address }) {
      if (!isLoopback(address))
        throwIfLimited(reads.take(networkOf(address)), 'Too many requests. Please wait a moment.');
    },
  };
}

function throwIfLimited(waitMs: number, message: string): void {
  if (waitMs > 0)
    throw new HttpError({ status: 429, code: 'rate-limited', message, retryAfter: waitMs / 1000 });
}

/** One IPv6 client may use any address of its /64, so only the first four groups count. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [front = '', back] = address.split('::');
  const groups = front === '' ? [] : front.split(':');
  if (back === undefined) return groups.slice(0, 4).join(':');
  const behind = back === '' ? [] : back.split(':');
  const zeros = Array.from({ length: 8 - groups.length - behind.length }, () => '0');
  return [...groups, ...zeros, ...behind].slice(0, 4).join(':');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
}

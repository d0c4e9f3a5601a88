import { isIPv6 } from 'node:net';
import { HttpProblem } from './http-problem.ts';

export type RateLimitSettings = {
  /** Questions a minute from one address; 0 for no limit. */
  perAddress: number;
  /** Questions a minute in one conversation. */
  perConversation: number;
  /** Reads of conversations a minute from one address. */
  readsPerAddress: number;
  /** Questions a day altogether. */
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

/** Buckets that fill evenly: `rate` tokens every `windowMs`, as many at once as fit in one window. */
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

  /** Milliseconds to wait; 0 when it may pass, which is counted. */
  take(key: string): number {
    if (this.#rate === 0) return 0;
    const now = this.#now();
    const known = this.#buckets.get(key) ?? { tokens: this.#rate, at: now };
    // A clock that was set back takes nothing away.
    const passed = Math.max(0, now - known.at);
    const tokens = Math.min(this.#rate, known.tokens + (passed * this.#rate) / this.#windowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxBuckets && oldest !== undefined) this.#buckets.delete(oldest);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * this.#windowMs) / this.#rate);
  }
}

/** So many a day of the calendar (UTC). A bucket that fills again would let twice as many through on its first day. */
class DailyBudget {
  readonly #budget: number;
  readonly #now: () => number;
  #today = 0;
  #spent = 0;

  constructor({ budget, now }: { budget: number; now: () => number }) {
    this.#budget = budget;
    this.#now = now;
  }

  /** Milliseconds to wait; 0 when it may pass, which is counted. */
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

export type RateLimits = {
  /** Throws a Problem with status 429 when this question is one too many. */
  question(asker: { address: string; conversationId: string | null }): void;
  reading(reader: { address: string }): void;
};

/** The limits together. This machine itself is not limited: a Space's readers come through a proxy. */
export function createRateLimits(limits: RateLimitSettings, now: () => number = Date.now): RateLimits {
  const addresses = new TokenBuckets({ rate: limits.perAddress, windowMs: minute, now });
  const conversations = new TokenBuckets({ rate: limits.perConversation, windowMs: minute, now });
  const reads = new TokenBuckets({ rate: limits.readsPerAddress, windowMs: minute, now });
  const days = new DailyBudget({ budget: limits.perDay, now });
  return {
    question({ address, conversationId }) {
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
    reading({ address }) {
      if (!isLoopback(address))
        throwIfLimited(reads.take(networkOf(address)), 'Too many requests. Please wait a moment.');
    },
  };
}

function throwIfLimited(waitMs: number, message: string): void {
  if (waitMs > 0)
    throw new HttpProblem({ status: 429, code: 'rate-limited', message, retryAfter: waitMs / 1000 });
}

/** An IPv6 reader has a whole /64 to ask from: its first four groups stand for it. */
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

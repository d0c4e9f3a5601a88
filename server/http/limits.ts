import { Problem } from './problem.ts';

export type Limits = {
  /** Questions a minute from one address; 0 for no limit. */
  perAddress: number;
  /** Questions a minute in one conversation. */
  perConversation: number;
  /** Reads of conversations a minute from one address. */
  readsPerAddress: number;
  /** Questions a day altogether. */
  perDay: number;
};

export const defaultLimits: Limits = { perAddress: 30, perConversation: 15, readsPerAddress: 60, perDay: 0 };

const minute = 60_000;
const day = 86_400_000;
const mostBuckets = 10_000;

/** Buckets that fill evenly: `rate` tokens every `windowMs`, as many at once as fit in one window. */
export class RateLimit {
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
    const tokens = Math.min(this.#rate, known.tokens + ((now - known.at) * this.#rate) / this.#windowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > mostBuckets && oldest !== undefined) this.#buckets.delete(oldest);
    return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * this.#windowMs) / this.#rate);
  }
}

export type Gates = {
  /** Throws a Problem with status 429 when this question is one too many. */
  question(asker: { address: string; conversationId: string | null }): void;
  reading(reader: { address: string }): void;
};

/** The limits together. This machine itself is not limited: a Space's readers come through a proxy. */
export function createGates(limits: Limits, now: () => number = Date.now): Gates {
  const addresses = new RateLimit({ rate: limits.perAddress, windowMs: minute, now });
  const conversations = new RateLimit({ rate: limits.perConversation, windowMs: minute, now });
  const reads = new RateLimit({ rate: limits.readsPerAddress, windowMs: minute, now });
  const days = new RateLimit({ rate: limits.perDay, windowMs: day, now });
  return {
    question({ address, conversationId }) {
      if (isLoopback(address)) return;
      refuse(addresses.take(address), 'You ask faster than I can answer. Please wait a moment.');
      if (conversationId !== null)
        refuse(conversations.take(conversationId), 'You ask faster than I can answer. Please wait a moment.');
      refuse(days.take(''), 'The assistant has used up its questions for today. Please come back tomorrow.');
    },
    reading({ address }) {
      if (!isLoopback(address)) refuse(reads.take(address), 'Too many requests. Please wait a moment.');
    },
  };
}

function refuse(waitMs: number, message: string): void {
  if (waitMs > 0)
    throw new Problem({ status: 429, code: 'rate-limited', message, retryAfter: waitMs / 1000 });
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
}

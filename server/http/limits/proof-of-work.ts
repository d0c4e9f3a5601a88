import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bits of a hash that are zero: some 16,000 hashes, under a second in a browser. */
const defaultBits = 14;
const lifetimeMs = 120_000;
const maxUsed = 50_000;

/** Request and response header. */
export const proofHeaders = { challenge: 'x-proof-challenge', solution: 'x-proof-solution' } as const;

/**
 * Challenges that cost a client a little processor time to solve, and a check of the solutions that costs next to
 * none. A challenge `bits.expiry.nonce.mac` is solved by a number, if SHA-256 of `challenge:number` begins with that many
 * zero bits. Each is accepted once, by the process that gave it.
 */
export class ProofOfWork {
  readonly #key = randomBytes(32);
  readonly #bits: number;
  readonly #now: () => number;
  /** Solved challenges and when they expire, oldest first. */
  readonly #used = new Map<string, number>();

  constructor({ bits = defaultBits, now = Date.now }: { bits?: number; now?: () => number } = {}) {
    this.#bits = bits;
    this.#now = now;
  }

  challenge(): string {
    const expiry = (this.#now() + lifetimeMs).toString(36);
    const text = `${this.#bits}.${expiry}.${randomBytes(9).toString('base64url')}`;
    return `${text}.${this.#mac(text)}`;
  }

  /** Whether a header holds the solution of a challenge that is still open; the challenge is then used up. */
  accept(solution: unknown): boolean {
    if (typeof solution !== 'string' || solution.length > 200) return false;
    const [challenge = ''] = solution.split(':', 1);
    const [bits = '', expiry = '', nonce = '', mac = ''] = challenge.split('.');
    const expected = Buffer.from(this.#mac(`${bits}.${expiry}.${nonce}`));
    const received = Buffer.from(mac);
    const isOurs = received.length === expected.length && timingSafeEqual(received, expected);
    const expiresAt = Number.parseInt(expiry, 36);
    if (!isOurs || expiresAt < this.#now() || this.#used.has(challenge)) return false;
    if (createHash('sha256').update(solution).digest().readUInt32BE() >>> (32 - this.#bits) !== 0)
      return false;
    this.#remember(challenge, expiresAt);
    return true;
  }

  #mac(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url').slice(0, 22);
  }

  #remember(challenge: string, expiresAt: number): void {
    this.#used.set(challenge, expiresAt);
    for (const [oldest, oldestExpiry] of this.#used) {
      if (oldestExpiry >= this.#now() && this.#used.size <= maxUsed) break;
      this.#used.delete(oldest);
    }
  }
}

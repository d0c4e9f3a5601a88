import { createHmac, randomBytes } from 'node:crypto';
import type { CircuitBreaker } from '../../chat/resilience/circuit-breaker.ts';
import type { SessionKeyStore } from '../../chat/ports.ts';
import { canonicalUuid } from './chat-request.ts';

const maxLocalSessions = 1_000;

/**
 * The conversations behind the names that clients give their sessions. The key that makes their ids stands in the
 * database itself: it can be guessed by nobody, and outlives every change of a password. While the database is away
 * a session gets an id of this process, and keeps it here.
 */
export class SessionIds {
  readonly #store: SessionKeyStore;
  readonly #waitMs: number;
  readonly #log: (failure: unknown) => void;
  readonly #breaker: CircuitBreaker;
  /** Becomes the database's own when that has none yet. */
  readonly #proposal = randomBytes(32);
  readonly #kept = new Map<string, string>();
  #key: Buffer | null = null;
  #looking: Promise<Buffer | null> | null = null;
  #waitUntil = 0;

  constructor(options: {
    store: SessionKeyStore;
    breaker: CircuitBreaker;
    /** Milliseconds that questions wait for the database, counted from the first of them. */
    waitMs?: number;
    log: (failure: unknown) => void;
  }) {
    this.#store = options.store;
    this.#breaker = options.breaker;
    this.#waitMs = options.waitMs ?? 1_500;
    this.#log = options.log;
  }

  /** Never rejects. */
  async idOf(session: string): Promise<string> {
    const kept = this.#kept.get(session);
    if (kept !== undefined) return kept;
    const key = this.#key ?? (await this.#inTime(this.preloadKey()));
    if (key !== null) return sessionUuid(session, key);
    const id = sessionUuid(session, this.#proposal);
    this.#kept.set(session, id);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxLocalSessions && oldest !== undefined) this.#kept.delete(oldest);
    return id;
  }

  /** Reads the key before anybody needs it; null when the database does not give it. Never rejects. */
  preloadKey(): Promise<Buffer | null> {
    if (this.#looking === null) {
      this.#waitUntil = performance.now() + this.#waitMs;
      this.#looking = this.#look().finally(() => (this.#looking = null));
    }
    return this.#looking;
  }

  async #look(): Promise<Buffer | null> {
    const { signal } = new AbortController();
    const isKnownDown = this.#breaker.openFailure !== null;
    try {
      const read = () => this.#store.sessionKey({ proposal: this.#proposal, signal });
      return (this.#key = await this.#breaker.run(read));
    } catch (error) {
      if (!isKnownDown) this.#log(error);
      return null;
    }
  }

  /** A silent database is waited for once, by those who ask first. */
  async #inTime(key: Promise<Buffer | null>): Promise<Buffer | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.#waitUntil - performance.now());
    });
    return Promise.race([key, late]).finally(() => clearTimeout(timer));
  }
}

/**
 * The UUID (version 8) of a session's name. Names such as `user-1` can be guessed, and whoever sends one is told its
 * id: so a conversation under such an id is continued, and never handed out.
 */
function sessionUuid(session: string, key: Buffer): string {
  const hex = createHmac('sha256', key).update(session).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return canonicalUuid(`${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
}

/** True for an id that stands for a session's name. */
export function isSessionId(id: string): boolean {
  return id.charAt(14) === '8';
}

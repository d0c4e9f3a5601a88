import { createHmac, randomBytes } from 'node:crypto';
import type { SessionKeyStore } from '../../chat/ports.ts';
import type { CircuitBreaker } from '../../chat/resilience/circuit-breaker.ts';
import { settleWithin } from '../../chat/resilience/deadline.ts';
import { canonicalUuid } from './uuid.ts';

const maxLocalSessions = 1_000;

/**
 * Maps the scopes of session names to conversation ids. The key behind the ids is stored in the database:
 * it cannot be guessed, and survives a change of the password. While the database is unreachable, a session gets an id
 * made with this process's own key, and keeps it.
 */
export class SessionIds {
  readonly #store: SessionKeyStore;
  readonly #waitMs: number;
  readonly #log: (failure: unknown) => void;
  readonly #breaker: CircuitBreaker;
  /** Stored as the database's key if it has none yet. */
  readonly #proposal = randomBytes(32);
  readonly #localIds = new Map<string, string>();
  #key: Buffer | null = null;
  #loading: Promise<Buffer | null> | null = null;
  #waitUntil = 0;

  constructor(options: {
    store: SessionKeyStore;
    breaker: CircuitBreaker;
    /** How long questions wait for the database, in milliseconds from the first question on. */
    waitMs?: number;
    log: (failure: unknown) => void;
  }) {
    this.#store = options.store;
    this.#breaker = options.breaker;
    this.#waitMs = options.waitMs ?? 1_500;
    this.#log = options.log;
  }

  /** The conversation id of a session, by its scope (`session-names.ts`). Never rejects. */
  async idOf(session: string): Promise<string> {
    const local = this.#localIds.get(session);
    if (local !== undefined) return local;
    const key = this.#key ?? (await this.#keyInTime());
    if (key !== null) return sessionUuid(session, key);
    const id = sessionUuid(session, this.#proposal);
    this.#localIds.set(session, id);
    const [oldest] = this.#localIds.keys();
    if (this.#localIds.size > maxLocalSessions && oldest !== undefined) this.#localIds.delete(oldest);
    return id;
  }

  /** Loads the key before it is needed; null when the database does not return it. Never rejects. */
  preloadKey(): Promise<Buffer | null> {
    if (this.#loading === null) {
      this.#waitUntil = performance.now() + this.#waitMs;
      this.#loading = this.#loadKey().finally(() => (this.#loading = null));
    }
    return this.#loading;
  }

  async #loadKey(): Promise<Buffer | null> {
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

  /** Only the first questions wait for a database that does not answer: the deadline is shared. */
  #keyInTime(): Promise<Buffer | null> {
    const key = this.preloadKey();
    return settleWithin({ ms: this.#waitUntil - performance.now() }, key);
  }
}

/**
 * The UUID (version 8) of a session's scope. A client learns the id of any name that it sends: so a conversation under
 * such an id can be continued but not read.
 */
function sessionUuid(session: string, key: Buffer): string {
  const hex = createHmac('sha256', key).update(session).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return canonicalUuid(`${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`);
}

/** True for an id that was derived from a session's name. */
export function isSessionId(id: string): boolean {
  return id.charAt(14) === '8';
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServerFailure } from '../../failure.ts';
import type { ConversationStore, MessageToStore } from '../ports.ts';
import { rejectOnAbort, withDeadline } from '../resilience/deadline.ts';

/** Messages in one statement: one round trip for what a crowd of readers asked meanwhile. */
const batchSize = 100;
/** Statements at a time. */
const maxWriters = 2;
const storeTimeoutMs = 15_000;
/** Pauses before a batch is tried again, in milliseconds: the first, the longest, and the longest while closing. */
const pauses = { first: 250, longest: 30_000, closing: 250 };

/** Messages not stored yet, messages given up since the start, and when the last of these was given up. */
export type Backlog = { pending: number; lost: number; lostAt: Date | null };

export type MessageQueueOptions = {
  store: Pick<ConversationStore, 'storeAll'>;
  /** How long a writer waits for more before its first statement, in milliseconds. */
  collectMs?: number;
  /** Messages that wait at most; more drop the oldest, which are logged and counted. */
  maxPending: number;
  now: () => Date;
  sleep: (ms: number) => Promise<void>;
  log: (failure: unknown) => void;
};

/**
 * Stores messages in batches, in the background. A batch that the database cannot take now waits and is tried again; only
 * what the database rejects for its content is given up, alone, without the rest of its batch.
 */
export class MessageQueue {
  readonly #options: MessageQueueOptions;
  #queue: MessageToStore[] = [];
  readonly #storing = new Set<MessageToStore>();
  #lost = 0;
  #lostAt: Date | null = null;
  #failures = 0;
  #failure: ServerFailure | null = null;
  #writers = 0;
  #isClosing = false;
  readonly #closed = new AbortController();
  #wake: (() => void)[] = [];

  constructor(options: MessageQueueOptions) {
    this.#options = options;
  }

  get backlog(): Backlog {
    return { pending: this.#queue.length + this.#storing.size, lost: this.#lost, lostAt: this.#lostAt };
  }

  /** Why messages wait; null while the last attempt to store some succeeded. */
  get failure(): ServerFailure | null {
    return this.#failure;
  }

  /** Every message that is not stored yet. */
  pending(): MessageToStore[] {
    return [...this.#storing, ...this.#queue];
  }

  /** A message that comes after the end is lost. */
  add(message: MessageToStore): void {
    if (this.#closed.signal.aborted) return this.#giveUp([message]);
    this.#queue.push(message);
    if (this.#queue.length > this.#options.maxPending) this.#giveUp(this.#queue.splice(0, batchSize));
    this.#startWriter();
  }

  /** Resolves when nothing is pending, or when the database cannot store now: for hosts that sleep between requests. */
  async flushed(): Promise<void> {
    while (this.#writers > 0 && this.#failure === null) await this.#options.sleep(5);
  }

  /** Tries for up to `ms` milliseconds to store everything, then gives up the rest. */
  async close({ ms }: { ms: number }): Promise<void> {
    const deadline = performance.now() + ms;
    this.#isClosing = true;
    for (const wake of this.#wake.splice(0)) wake();
    while (this.backlog.pending > 0 && performance.now() < deadline) await this.#options.sleep(10);
    this.#closed.abort(new Error('the server has stopped'));
    const rest = this.pending();
    this.#queue = [];
    this.#storing.clear();
    while (rest.length > 0) this.#giveUp(rest.splice(0, batchSize));
  }

  #giveUp(messages: readonly MessageToStore[]): void {
    this.#lost += messages.length;
    this.#lostAt = this.#options.now();
    const ids = messages.map(({ id }) => id).join(', ');
    this.#options.log(
      new ServerFailure({
        code: 'messages-lost',
        message: `Messages that could not be stored: ${messages.length} (${ids}).`,
        remedy: 'Check that the database of DATABASE_URL is running and can be written to.',
      }),
    );
  }

  #startWriter(): void {
    if (this.#writers >= (this.#failures > 0 ? 1 : maxWriters)) return;
    this.#writers += 1;
    void this.#collect()
      .then(() => this.#write())
      .finally(() => {
        this.#writers -= 1;
        // A message may have been queued after this writer saw an empty queue.
        if (this.#queue.length > 0 && !this.#closed.signal.aborted) this.#startWriter();
      });
  }

  /** After the current turn at least, so that the client's data goes out first. */
  #collect(): Promise<void> {
    const { collectMs = 0, sleep } = this.#options;
    return collectMs === 0 || this.#isClosing ? nextTurn() : sleep(collectMs);
  }

  async #write(): Promise<void> {
    while (this.#queue.length > 0 && !this.#closed.signal.aborted) {
      const batch = this.#queue.splice(0, batchSize);
      for (const message of batch) this.#storing.add(message);
      const waiting = await this.#storeBatch(batch);
      for (const message of batch) this.#storing.delete(message);
      if (waiting.length === 0 || this.#closed.signal.aborted) continue;
      this.#queue.unshift(...waiting);
      await this.#pause();
    }
  }

  /** Stores what the database accepts; returns what it cannot store now. */
  async #storeBatch(batch: readonly MessageToStore[]): Promise<readonly MessageToStore[]> {
    const outcome = await this.#attempt(batch);
    if (outcome === 'stored') return [];
    if (outcome === 'unavailable') return batch;
    if (batch.length === 1) {
      if (!this.#closed.signal.aborted) this.#giveUp(batch);
      return [];
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await this.#storeBatch(batch.slice(0, middle));
    return [...first, ...(await this.#storeBatch(batch.slice(middle)))];
  }

  async #attempt(messages: readonly MessageToStore[]): Promise<'stored' | 'rejected' | 'unavailable'> {
    const { store, log } = this.#options;
    try {
      await withDeadline(
        { signal: this.#closed.signal, ms: storeTimeoutMs, service: 'postgres' },
        // After the deadline the driver continues; a message that it stores then is stored once all the same.
        (signal) => rejectOnAbort(store.storeAll({ messages, signal }), signal),
      );
      this.#failures = 0;
      this.#failure = null;
      return 'stored';
    } catch (error) {
      if (this.#closed.signal.aborted) return 'unavailable';
      log(error);
      if (error instanceof ServerFailure && error.code === 'postgres-failed') return 'rejected';
      this.#failures += 1;
      this.#failure = unavailable(error);
      return 'unavailable';
    }
  }

  /** Ends early when the queue is closed. */
  async #pause(): Promise<void> {
    const longest = this.#isClosing ? pauses.closing : pauses.longest;
    const ms = Math.min(longest, pauses.first * 2 ** (this.#failures - 1));
    const woken = new Promise<void>((resolve) => this.#wake.push(resolve));
    await Promise.race([this.#options.sleep(ms), woken]);
  }
}

function unavailable(cause: unknown): ServerFailure {
  if (cause instanceof ServerFailure) return cause;
  return new ServerFailure({
    code: 'postgres-unreachable',
    message: 'PostgreSQL does not answer.',
    remedy: 'Look at the database in its console.',
    cause,
  });
}

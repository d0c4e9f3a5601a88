import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServerFailure } from '../failure.ts';
import type { AnswerStatus, ConversationStore, MessageToStore, StoredMessage } from './ports.ts';
import type { HistoryEntry, Source } from './protocol.ts';
import { withDeadline } from './resilience/deadline.ts';

const maxQueueLength = 1_000;
const maxWorkers = 3;
const storeTimeoutMs = 15_000;
const maxCachedConversations = 500;
const maxCachedMessages = 8;

export type NewMessage = {
  id: string;
  conversationId: string;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Source[] | null;
  status: AnswerStatus;
};

/**
 * Stores messages in the background: a slow or dead database delays no token and fails no answer. The queue is bounded;
 * dropped messages are counted. Recent conversations are cached, so that a follow-up need not wait for the database.
 */
export class MessageStore {
  readonly #store: ConversationStore;
  readonly #now: () => Date;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #log: (failure: unknown) => void;
  #queue: MessageToStore[] = [];
  readonly #storing = new Set<MessageToStore>();
  readonly #cache = new Map<string, HistoryEntry[]>();
  #lost = 0;
  #failures = 0;
  #running = 0;
  readonly #closing = new AbortController();

  constructor(options: {
    store: ConversationStore;
    now: () => Date;
    sleep: (ms: number) => Promise<void>;
    log: (failure: unknown) => void;
  }) {
    this.#store = options.store;
    this.#now = options.now;
    this.#sleep = options.sleep;
    this.#log = options.log;
  }

  /** Number of messages not stored yet, and of messages dropped since the start. */
  get backlog(): { pending: number; lost: number } {
    return { pending: this.#queue.length + this.#storing.size, lost: this.#lost };
  }

  /** Queues a message for storing; drops the oldest one when the queue is full. */
  add(message: NewMessage): void {
    this.#append(message);
    this.#queue.push({ ...message, at: this.#now() });
    if (this.#queue.length > maxQueueLength) {
      this.#queue.shift();
      this.#lost += 1;
    }
    this.#startWorker();
  }

  /** The conversation's recent messages; undefined when only the database has them. */
  cached(conversationId: string): readonly HistoryEntry[] | undefined {
    return this.#cache.get(conversationId);
  }

  /** Starts caching a conversation: without entries when it is new, else with the stored ones. */
  cache(conversationId: string, entries: readonly HistoryEntry[]): void {
    this.#cache.set(conversationId, entries.slice(-maxCachedMessages));
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > maxCachedConversations && oldest !== undefined) this.#cache.delete(oldest);
  }

  /** The conversation's messages that are not stored yet, oldest first. */
  pending(conversationId: string): StoredMessage[] {
    const messages = [...this.#storing, ...this.#queue];
    return messages
      .filter((message) => message.conversationId === conversationId)
      .map(toStoredMessage)
      .sort(compareByTime);
  }

  /** The stored and the pending messages, oldest first. Throws the store's ServerFailure. */
  async messages({
    conversationId,
    last,
    signal,
  }: {
    conversationId: string;
    last?: number;
    signal: AbortSignal;
  }): Promise<StoredMessage[]> {
    const pending = this.pending(conversationId);
    const stored = await this.#store.messages({
      conversationId,
      ...(last === undefined ? {} : { last }),
      signal,
    });
    const storedIds = new Set(stored.map(({ id }) => id));
    const all = [...stored, ...pending.filter(({ id }) => !storedIds.has(id))].sort(compareByTime);
    return last === undefined ? all : all.slice(-last);
  }

  /** Waits up to `ms` milliseconds for pending messages to be stored, then drops the rest. */
  async close({ ms }: { ms: number }): Promise<void> {
    const deadline = Date.now() + ms;
    while (this.#running > 0 && this.#failures === 0 && Date.now() < deadline) await this.#sleep(10);
    this.#closing.abort();
    this.#lost += this.#queue.length;
  }

  #append({ conversationId, role, content, status }: NewMessage): void {
    const entries = this.#cache.get(conversationId);
    if (entries === undefined || status === 'failed') return;
    this.#cache.delete(conversationId);
    this.cache(conversationId, [...entries, { role, text: content }]);
  }

  #startWorker(): void {
    if (this.#running >= (this.#failures > 0 ? 1 : maxWorkers)) return;
    this.#running += 1;
    // After the current turn, so that the client's data goes out first.
    void nextTurn()
      .then(() => this.#work())
      .finally(() => {
        this.#running -= 1;
        // A message may have been queued after this worker saw an empty queue.
        if (this.#queue.length > 0 && !this.#closing.signal.aborted) this.#startWorker();
      });
  }

  #next(): MessageToStore | undefined {
    return this.#closing.signal.aborted ? undefined : this.#queue.shift();
  }

  async #work(): Promise<void> {
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      this.#storing.add(message);
      const shouldRetry = await this.#attempt(message);
      this.#storing.delete(message);
      if (!shouldRetry) continue;
      this.#queue.unshift(message);
      await this.#sleep(Math.min(30_000, 500 * 2 ** this.#failures));
    }
  }

  /** True when the message should be tried again later. */
  async #attempt(message: MessageToStore): Promise<boolean> {
    try {
      await withDeadline(
        { signal: this.#closing.signal, ms: storeTimeoutMs, service: 'postgres' },
        (signal) => this.#store.store({ message, signal }),
      );
      this.#failures = 0;
      return false;
    } catch (error) {
      this.#log(error);
      // The database would refuse the same statement again; other failures may pass.
      const isPermanent = error instanceof ServerFailure && error.code === 'postgres-failed';
      if (isPermanent) this.#lost += 1;
      else this.#failures += 1;
      return !isPermanent;
    }
  }
}

/** A question and its answer may have the same millisecond. */
function compareByTime(a: StoredMessage, b: StoredMessage): number {
  if (a.createdAt === b.createdAt) return a.role === 'user' ? -1 : 1;
  return a.createdAt < b.createdAt ? -1 : 1;
}

function toStoredMessage({ at, ...message }: MessageToStore): StoredMessage {
  return {
    id: message.id,
    role: message.role,
    content: message.content,
    sources: message.sources,
    createdAt: at.toISOString().replace('Z', '000'),
  };
}

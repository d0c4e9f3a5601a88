import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { withDeadline } from './resilience/deadline.ts';
import type { AnswerStatus, MessageToStore, StoredMessage, ConversationStore } from './ports.ts';
import type { HistoryEntry, Source } from './protocol.ts';

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
 * Stores turns behind the reader's back: adding one costs nothing, a slow or dead database delays no token and
 * fails no answer. Bounded; what falls out is counted. Recent turns are remembered, so that a follow-up need
 * not wait for the database.
 */
export class MessageStore {
  readonly #store: ConversationStore;
  readonly #now: () => Date;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #log: (failure: unknown) => void;
  #queue: MessageToStore[] = [];
  readonly #storing = new Set<MessageToStore>();
  readonly #recent = new Map<string, HistoryEntry[]>();
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

  /** Messages that wait, and messages that were given up since the start. */
  get backlog(): { waiting: number; lost: number } {
    return { waiting: this.#queue.length + this.#storing.size, lost: this.#lost };
  }

  add(message: NewMessage): void {
    this.#append(message);
    this.#queue.push({ ...message, at: this.#now() });
    if (this.#queue.length > maxQueueLength) {
      this.#queue.shift();
      this.#lost += 1;
    }
    this.#wake();
  }

  /** What was said lately, when this process knows it; undefined when only the database can. */
  cached(conversationId: string): readonly HistoryEntry[] | undefined {
    return this.#recent.get(conversationId);
  }

  /** Begins to remember a conversation: a new one without entries, else with what the database had. */
  cache(conversationId: string, entries: readonly HistoryEntry[]): void {
    this.#recent.set(conversationId, entries.slice(-maxCachedMessages));
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > maxCachedConversations && oldest !== undefined) this.#recent.delete(oldest);
  }

  /** What is still on its way to the database, oldest first. */
  waiting(conversationId: string): StoredMessage[] {
    const all = [...this.#storing, ...this.#queue].filter((one) => one.conversationId === conversationId);
    return all.map(toStoredMessage).sort(compareByTime);
  }

  /** The stored messages and those still on their way, oldest first. Throws the store's Failure. */
  async messages({
    conversationId,
    last,
    signal,
  }: {
    conversationId: string;
    last?: number;
    signal: AbortSignal;
  }): Promise<StoredMessage[]> {
    const waiting = this.waiting(conversationId);
    const stored = await this.#store.messages({
      conversationId,
      ...(last === undefined ? {} : { last }),
      signal,
    });
    const known = new Set(stored.map(({ id }) => id));
    const all = [...stored, ...waiting.filter(({ id }) => !known.has(id))].sort(compareByTime);
    return last === undefined ? all : all.slice(-last);
  }

  /** Gives what waits up to `ms` to be stored, then gives up. */
  async close({ ms }: { ms: number }): Promise<void> {
    const deadline = Date.now() + ms;
    while (this.#running > 0 && this.#failures === 0 && Date.now() < deadline) await this.#sleep(10);
    this.#closing.abort();
    this.#lost += this.#queue.length;
  }

  #append({ conversationId, role, content, status }: NewMessage): void {
    const entries = this.#recent.get(conversationId);
    if (entries === undefined || status === 'failed') return;
    this.#recent.delete(conversationId);
    this.cache(conversationId, [...entries, { role, text: content }]);
  }

  #wake(): void {
    if (this.#running >= (this.#failures > 0 ? 1 : maxWorkers)) return;
    this.#running += 1;
    // Not before what the reader waits for has gone out.
    void turn()
      .then(() => this.#work())
      .finally(() => {
        this.#running -= 1;
        // What came while this one was stopping found nobody free.
        if (this.#queue.length > 0 && !this.#closing.signal.aborted) this.#wake();
      });
  }

  #next(): MessageToStore | undefined {
    return this.#closing.signal.aborted ? undefined : this.#queue.shift();
  }

  async #work(): Promise<void> {
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      this.#storing.add(message);
      const retry = await this.#attempt(message);
      this.#storing.delete(message);
      if (!retry) continue;
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
      // A statement that the database refuses will be refused again; anything else may pass.
      const hopeless = error instanceof Failure && error.code === 'postgres-failed';
      if (hopeless) this.#lost += 1;
      else this.#failures += 1;
      return !hopeless;
    }
  }
}

/** A question and its answer may bear the same millisecond. */
function compareByTime(one: StoredMessage, other: StoredMessage): number {
  if (one.createdAt === other.createdAt) return one.role === 'user' ? -1 : 1;
  return one.createdAt < other.createdAt ? -1 : 1;
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

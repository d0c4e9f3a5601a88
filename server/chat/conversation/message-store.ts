import type { AnswerStatus, ConversationStore, MessageToStore, TurnRecord } from '../ports.ts';
import type { HistoryEntry, Source, StoredMessage } from '../protocol.ts';
import type { ServerFailure } from '../../failure.ts';
import { MessageQueue, type Backlog, type MessageQueueOptions } from './message-queue.ts';
import { sortByTurn } from './turn-order.ts';

const maxCachedConversations = 500;
const maxCachedMessages = 8;

export type NewMessage = {
  id: string;
  conversationId: string;
  /** The question's id: for the question and for its answer. */
  turnId: string;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Source[] | null;
  status: AnswerStatus;
  /** With an answer; one without text is stored as this alone. */
  turn?: TurnRecord;
};

/** An entry of a cached conversation; the turn is null for messages of the FastAPI server this replaces. */
export type CachedEntry = HistoryEntry & { turnId: string | null };

/**
 * A conversation's messages, those that are still being stored included: a slow or dead database delays no token and
 * fails no answer. Recent conversations are cached, so that a follow-up need not wait for the database.
 */
export class MessageStore {
  readonly #store: ConversationStore;
  readonly #now: () => Date;
  readonly #cachesConversations: boolean;
  readonly #queue: MessageQueue;
  readonly #cache = new Map<string, CachedEntry[]>();

  constructor(
    options: MessageQueueOptions & {
      store: ConversationStore;
      /** False where another process may answer a conversation's next question. */
      cachesConversations?: boolean;
    },
  ) {
    this.#store = options.store;
    this.#now = options.now;
    this.#cachesConversations = options.cachesConversations ?? true;
    this.#queue = new MessageQueue(options);
  }

  get backlog(): Backlog {
    return this.#queue.backlog;
  }

  /** Why messages wait to be stored; null while the last attempt succeeded. */
  get failure(): ServerFailure | null {
    return this.#queue.failure;
  }

  /** Queues a message for storing. */
  add(message: NewMessage): void {
    this.#append(message);
    this.#queue.add({ ...message, at: this.#now() });
  }

  /** The conversation's recent messages; undefined when only the database has them. */
  cached(conversationId: string): readonly CachedEntry[] | undefined {
    return this.#cache.get(conversationId);
  }

  /** Starts caching a conversation: without entries when it is new, else with the stored ones. */
  cache(conversationId: string, entries: readonly CachedEntry[]): void {
    if (!this.#cachesConversations) return;
    this.#cache.set(conversationId, entries.slice(-maxCachedMessages));
    const [oldest] = this.#cache.keys();
    if (this.#cache.size > maxCachedConversations && oldest !== undefined) this.#cache.delete(oldest);
  }

  /** Whether the conversation was seen by this process, as far as it remembers. */
  isKnown(conversationId: string): boolean {
    return (
      this.#cache.has(conversationId) ||
      this.#queue.pending().some((message) => message.conversationId === conversationId)
    );
  }

  /** The conversation's messages that are not stored yet, in the order of their turns. */
  pending(conversationId: string): StoredMessage[] {
    const messages = this.#queue
      .pending()
      .filter((message) => message.conversationId === conversationId && message.content !== '');
    return sortByTurn(messages.map(toStoredMessage));
  }

  /** The stored messages of those of the conversations that exist. Throws the store's ServerFailure. */
  stored(request: {
    conversationIds: readonly string[];
    last?: number;
    signal: AbortSignal;
  }): Promise<Map<string, StoredMessage[]>> {
    return this.#store.messages(request);
  }

  /** The stored and the pending messages, in the order of their turns. Throws the store's ServerFailure. */
  async messages({
    conversationId,
    last,
    signal,
  }: {
    conversationId: string;
    last?: number;
    signal: AbortSignal;
  }): Promise<StoredMessage[]> {
    const conversations = await this.stored({
      conversationIds: [conversationId],
      ...(last === undefined ? {} : { last }),
      signal,
    });
    const all = this.withPending(conversationId, conversations.get(conversationId) ?? []);
    return last === undefined ? all : all.slice(-last);
  }

  /** A conversation's stored messages and those that are not stored yet, in the order of their turns. */
  withPending(conversationId: string, stored: readonly StoredMessage[]): StoredMessage[] {
    const storedIds = new Set(stored.map(({ id }) => id));
    return sortByTurn([...stored, ...this.pending(conversationId).filter(({ id }) => !storedIds.has(id))]);
  }

  /** Whether a message of this id waits to be stored. */
  isPending(id: string): boolean {
    return this.#queue.pending().some((message) => message.id === id);
  }

  /** Resolves when nothing waits to be stored, or nothing can be stored now. */
  flushed(): Promise<void> {
    return this.#queue.flushed();
  }

  /** Waits up to `ms` milliseconds for pending messages to be stored, then gives up the rest. */
  close({ ms }: { ms: number }): Promise<void> {
    return this.#queue.close({ ms });
  }

  /** An answer is put behind its question, which another question may have followed. */
  #append({ conversationId, role, content, status, turnId }: NewMessage): void {
    const entries = this.#cache.get(conversationId);
    if (entries === undefined || status === 'failed' || content === '') return;
    const question = entries.findLastIndex((entry) => entry.turnId === turnId);
    const place = question === -1 ? entries.length : question + 1;
    this.#cache.delete(conversationId);
    this.cache(conversationId, entries.toSpliced(place, 0, { role, text: content, turnId }));
  }
}

function toStoredMessage({ at, ...message }: MessageToStore): StoredMessage {
  return {
    id: message.id,
    turnId: message.turnId,
    role: message.role,
    content: message.content,
    sources: message.sources,
    createdAt: at.toISOString().replace('Z', '000'),
  };
}

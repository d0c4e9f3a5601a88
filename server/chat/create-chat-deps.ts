import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { BookFile } from '../collection/book-file.ts';
import type { Embedder, PassageReader } from '../collection/ports.ts';
import { BookIndex } from './book-index/book-index.ts';
import { CallBudget } from './budget/call-budget.ts';
import { UsageLog } from './budget/usage-log.ts';
import { createCitedTexts } from './citations/cited-texts.ts';
import { Retention, type RetentionOptions } from './conversation/retention.ts';
import { MessageStore } from './conversation/message-store.ts';
import { AnswerCache } from './model/answer-cache.ts';
import type {
  AnswerModel,
  ConversationStore,
  DeletedRows,
  FeedbackStore,
  RetentionStore,
  SessionKeyStore,
  UsageStore,
} from './ports.ts';
import { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { QueryVectors } from './retrieval/query-vectors.ts';
import type { ChatSettings } from './settings.ts';

/** The outside world as answering needs it. */
export type ChatPorts = {
  embedder: Embedder;
  passageStore: PassageReader;
  answerModel: AnswerModel;
  /** Asked when the quota of `answerModel` has ended; null for none. */
  smallerModel?: AnswerModel | null;
  conversationStore: ConversationStore & SessionKeyStore & UsageStore & FeedbackStore & RetentionStore;
  /** The book that was uploaded with the server; null when there is none. */
  readBundledBook: () => Promise<BookFile | null>;
};

export type ChatDepsOptions = {
  settings: ChatSettings;
  /** Answers of the model per UTC day; 0 means no limit. */
  dailyBudget: number;
  /** Answers in progress at most. */
  maxStreams: number;
  /** The origins of the book's published site. */
  bookOrigins: string[];
  /** Whether several processes answer the same readers, each of which may end after any answer. */
  isOneOfMany: boolean;
  /** Null keeps conversations for ever. */
  retention: RetentionOptions | null;
  onDeleted: (rows: DeletedRows) => void;
  log: (failure: unknown) => void;
};

/** Long enough for a short answer to be stored with its question, in milliseconds; a killed process loses that much. */
const collectMs = 20;
/** Messages that wait for the database at most, for each answer in progress: its question and answer, twice. */
const messagesPerStream = 4;

/** Wires what answering a question needs. */
export function createChatDeps(ports: ChatPorts, options: ChatDepsOptions) {
  const { settings, log, isOneOfMany } = options;
  const breakers = {
    gemini: new CircuitBreaker({ service: 'gemini' }),
    answers: new CircuitBreaker({ service: 'gemini' }),
    smallerAnswers: new CircuitBreaker({ service: 'gemini' }),
    qdrant: new CircuitBreaker({ service: 'qdrant' }),
    // Of a large book's search by words: while it fails, the vectors still answer.
    sparse: new CircuitBreaker({ service: 'qdrant' }),
    postgres: new CircuitBreaker({ service: 'postgres' }),
  };
  const stored = { store: ports.conversationStore, breaker: breakers.postgres, now: Date.now, log };
  const budget = new CallBudget({
    ...stored,
    budget: options.dailyBudget,
    // A process that ends early takes its block with it, and each could make the calls from memory.
    ...(isOneOfMany && { blockSize: 1, memoryCalls: 0 }),
  });
  const usage = new UsageLog(stored);
  const { onDeleted } = options;
  const retention = options.retention && new Retention({ ...stored, ...options.retention, onDeleted });
  const models = [{ model: ports.answerModel, breaker: breakers.answers }];
  if (ports.smallerModel) models.push({ model: ports.smallerModel, breaker: breakers.smallerAnswers });
  return {
    answerModel: ports.answerModel,
    answerSources: { ladder: { models, budget, usage, settings }, cache: new AnswerCache() },
    budget,
    usage,
    retention,
    storesBeforeDone: isOneOfMany,
    bookOrigins: options.bookOrigins,
    passageStore: ports.passageStore,
    settings,
    breakers,
    log,
    citedTexts: createCitedTexts(),
    searchLimit: pLimit(settings.concurrentSearches),
    bookIndex: new BookIndex({
      store: ports.passageStore,
      embedder: ports.embedder,
      readBundledBook: ports.readBundledBook,
      memorySections: settings.memorySections,
      // A process that begins with a question has no time to wait for Qdrant first.
      ...(isOneOfMany && { bundledFallbackMs: 0 }),
    }),
    queryVectors: new QueryVectors({
      embedder: ports.embedder,
      breaker: breakers.gemini,
      timeoutMs: settings.embedTimeoutMs,
    }),
    messageStore: new MessageStore({
      store: ports.conversationStore,
      maxPending: messagesPerStream * options.maxStreams,
      cachesConversations: !isOneOfMany,
      // The end of a function's answer waits for its messages.
      collectMs: isOneOfMany ? 0 : collectMs,
      now: () => new Date(),
      sleep: (ms) => sleep(ms, undefined, { ref: false }),
      log,
    }),
  };
}

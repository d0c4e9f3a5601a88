/** What answering needs from outside: the model and the database. */
import type { ModelPrompt } from './prompt.ts';
import type { Source, StoredMessage, Strategy } from './protocol.ts';

/** Why the model stopped; `blocked` covers every safety reason, `other` what is neither known nor the question's fault. */
export type FinishReason = 'complete' | 'length' | 'blocked' | 'recitation' | 'other';
export type AnswerChunk =
  | { type: 'text'; text: string }
  | { type: 'end'; reason: FinishReason; usage?: TokenUsage };

/** The model that writes the answer. Implemented by `adapters/gemini/gemini-answers.ts`; throws a ServerFailure. */
export interface AnswerModel {
  readonly model: string;
  /** Chunks as they arrive, then one `end`. Leaving the loop or aborting closes the upstream connection at once. */
  stream(request: {
    prompt: ModelPrompt;
    signal: AbortSignal;
    /** Called with the sum so far whenever the vendor reports it. */
    onUsage?: (usage: TokenUsage) => void;
  }): AsyncIterable<AnswerChunk>;
}

export type AnswerStatus = 'complete' | 'stopped' | 'failed';

/** How a question ended; `stopped` by its reader. */
export type AnswerVerdict = 'answered' | 'refused' | 'extractive' | 'failed' | 'stopped';

/** What is kept about an answer besides its text. */
export type TurnRecord = {
  verdict: AnswerVerdict;
  strategies: readonly Strategy[];
  /** What the search measured; null where it did not. */
  cosine: number | null;
  coverage: number | null;
  /** The question's vector, as `packVector` packs it; null where none was made. */
  vector: string | null;
  /** Addresses of the sections that the answer cites, and of the nearest that were retrieved. */
  cited: readonly string[];
  nearest: readonly string[];
  /** Milliseconds from the question to the answer's end. */
  ms: number;
  /** Null where no model was asked. */
  tokens: TokenUsage | null;
  /** Where the reader was, as far as the client says. */
  page: string | null;
  version: string | null;
  locale: string | null;
};

export type MessageToStore = {
  id: string;
  conversationId: string;
  turnId: string;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Source[] | null;
  status: AnswerStatus;
  at: Date;
  /** With an answer. One without text is stored as this alone. */
  turn?: TurnRecord;
};

/** Conversations in PostgreSQL. Implemented by `adapters/postgres/postgres-store.ts`; throws a ServerFailure. */
export interface ConversationStore {
  /** Stores all of the messages or none, and their conversations where new. Storing the same id twice changes nothing. */
  storeAll(request: { messages: readonly MessageToStore[]; signal: AbortSignal }): Promise<void>;
  /**
   * Messages of those of the conversations that exist, by the conversation's id and oldest first; `last` limits them to
   * the newest.
   */
  messages(request: {
    conversationIds: readonly string[];
    last?: number;
    signal: AbortSignal;
  }): Promise<Map<string, StoredMessage[]>>;
  /** Whether a connection has been waited for, but not longer than a suspended database takes to wake. */
  isWaking?(): boolean;
  close(): Promise<void>;
}

/** What a reader thinks of an answer. */
export type Feedback = { messageId: string; rating: 'up' | 'down'; tag: string | null; note: string | null };

/** Implemented by `adapters/postgres/postgres-store.ts`; throws a ServerFailure. */
export interface FeedbackStore {
  /** False when no such answer is stored. */
  storeFeedback(request: { feedback: Feedback; signal: AbortSignal }): Promise<boolean>;
}

export type DeletedRows = { messages: number; conversations: number };

/** Implemented by `adapters/postgres/postgres-store.ts`; throws a ServerFailure. */
export interface RetentionStore {
  /**
   * Deletes what is older than `days` of this deployment's conversations, and where `includesUnnamed` of those that none
   * is recorded for. Null when that was done today.
   */
  deleteExpired(request: {
    days: number;
    includesUnnamed: boolean;
    signal: AbortSignal;
  }): Promise<DeletedRows | null>;
}

/** The secret for session ids, kept in the database. Implemented by `adapters/postgres/postgres-store.ts`; throws a ServerFailure. */
export interface SessionKeyStore {
  /** Returns the stored key; stores `proposal` if there is none. */
  sessionKey(request: { proposal: Buffer; signal: AbortSignal }): Promise<Buffer>;
}

/** What the model read and wrote, as its vendor counts it. */
export type TokenUsage = { inputTokens: number; outputTokens: number };

/** The use of the model by UTC day (`2025-11-28`), of all servers on one database. Throws a ServerFailure. */
export interface UsageStore {
  /**
   * Reserves up to `calls` calls within the day's budget and returns how many. Adds `unsettled` calls, which were made
   * without a reservation, whatever the budget.
   */
  lease(request: {
    day: string;
    calls: number;
    budget: number;
    unsettled: number;
    signal: AbortSignal;
  }): Promise<number>;
  /** Adds calls that were made without a reservation; a negative number gives reserved ones back. Never repeated. */
  settle(request: { day: string; calls: number; signal: AbortSignal }): Promise<void>;
  /** Adds finished calls and their tokens. */
  addUsage(request: { day: string; calls: number; signal: AbortSignal } & TokenUsage): Promise<void>;
}

/** What answering needs from outside: the model and the database. */
import type { ModelPrompt } from './prompt.ts';
import type { Source } from './protocol.ts';

/** Why the model stopped; `blocked` covers every safety reason, `other` what is neither known nor the question's fault. */
export type FinishReason = 'complete' | 'length' | 'blocked' | 'recitation' | 'other';
export type AnswerChunk = { type: 'text'; text: string } | { type: 'end'; reason: FinishReason };

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

export type StoredMessage = {
  id: string;
  /** The id of the turn's question; null for messages of the FastAPI server this replaces. */
  turnId: string | null;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Partial<Source>[] | null;
  /** ISO-8601 in UTC with microseconds and without a zone, as the FastAPI server this replaces writes it. */
  createdAt: string;
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
};

/** Conversations in PostgreSQL. Implemented by `adapters/postgres/postgres-store.ts`; throws a ServerFailure. */
export interface ConversationStore {
  /** Stores all of the messages or none, and their conversations where new. Storing the same id twice changes nothing. */
  storeAll(request: { messages: readonly MessageToStore[]; signal: AbortSignal }): Promise<void>;
  /** A conversation's messages, oldest first; empty for an unknown one. `last` limits them to the newest. */
  messages(request: { conversationId: string; last?: number; signal: AbortSignal }): Promise<StoredMessage[]>;
  hasConversation(request: { conversationId: string; signal: AbortSignal }): Promise<boolean>;
  /** Whether a connection has been waited for, but not longer than a suspended database takes to wake. */
  isWaking?(): boolean;
  close(): Promise<void>;
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

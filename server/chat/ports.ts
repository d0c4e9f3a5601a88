import type { HistoryEntry, Source } from './protocol.ts';
import type { ModelPrompt } from './prompt.ts';

export type FinishReason = 'complete' | 'length' | 'blocked';
export type AnswerChunk = { type: 'text'; text: string } | { type: 'end'; reason: FinishReason };

/** The model that writes the answer. Implemented by `adapters/gemini-answers.ts`; throws a Failure. */
export interface AnswerModel {
  readonly model: string;
  /** Pieces as they come; the last one is an `end`. Leaving the loop or the signal closes the upstream at once. */
  stream(request: { prompt: ModelPrompt; signal: AbortSignal }): AsyncIterable<AnswerChunk>;
}

export type AnswerStatus = 'complete' | 'stopped' | 'failed';

export type StoredMessage = {
  id: string;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Partial<Source>[] | null;
  /** ISO-8601 with microseconds and without a zone, in UTC: as the original wrote it. */
  createdAt: string;
};

export type MessageToStore = {
  id: string;
  conversationId: string;
  role: 'user' | 'assistant';
  content: string;
  sources: readonly Source[] | null;
  status: AnswerStatus;
  at: Date;
};

/** Conversations in PostgreSQL. Implemented by `adapters/postgres.ts`; throws a Failure. */
export interface ConversationStore {
  /** Stores a message and, when it is new, its conversation. Storing the same id twice changes nothing. */
  store(request: { message: MessageToStore; signal: AbortSignal }): Promise<void>;
  /** A conversation's messages, oldest first; empty for an unknown one. `last` keeps only the newest. */
  messages(request: { conversationId: string; last?: number; signal: AbortSignal }): Promise<StoredMessage[]>;
  close(): Promise<void>;
}

/** The database's own secret for the ids of sessions. Implemented by `adapters/postgres.ts`; throws a Failure. */
export interface SessionKeyStore {
  /** `proposal` becomes the key where none stands. */
  sessionKey(request: { proposal: Buffer; signal: AbortSignal }): Promise<Buffer>;
}

/** Turns stored messages into what a prompt takes. */
export function toHistory(messages: readonly StoredMessage[]): HistoryEntry[] {
  return messages.map(({ role, content }) => ({ role, text: content }));
}

export type ExternalService = 'qdrant' | 'postgres' | 'gemini';

/** What one check found. `facts` are shown in health: names and counts, never addresses or keys. */
export type CheckResult =
  | { ok: true; status: string; facts: Record<string, unknown> }
  | {
      ok: false;
      status: string;
      error: string;
      remedy: string;
      facts?: Record<string, unknown>;
      /** True for what is likely to be over any moment: it is looked at again at once, for some minutes. */
      isPassing?: boolean;
    };

/** A read-only look at one service. Never throws; keeps to its signal. */
export interface ServiceCheck {
  readonly service: ExternalService;
  check(request: { signal: AbortSignal }): Promise<CheckResult>;
}

import type { HistoryEntry, Question, StoredMessage } from '../protocol.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { rejectOnAbort, withDeadline } from '../resilience/deadline.ts';
import type { ChatSettings } from '../settings.ts';
import type { CachedEntry, MessageStore } from './message-store.ts';

/** A conversation's earlier messages. */
export type History = {
  /** Available without waiting: what the client sent, or what this process has cached. */
  immediate: readonly HistoryEntry[];
  /** With the stored messages. Never rejects: if the database does not answer in time, has the pending ones only. */
  complete: Promise<readonly HistoryEntry[]>;
};

/** Loads a conversation's history. A new conversation has none, and the database is not queried. */
export function loadHistory({
  question,
  message: { id, conversationId, role, content },
  deps: { messageStore, settings, breakers, log },
  signal,
}: {
  question: Question;
  /** The message that this question is stored as; not part of its own history. */
  message: { id: string; conversationId: string; role: 'user'; content: string };
  deps: {
    messageStore: MessageStore;
    settings: ChatSettings;
    breakers: { postgres: CircuitBreaker };
    log: (failure: unknown) => void;
  };
  signal: AbortSignal;
}): History {
  const settled = (entries: readonly HistoryEntry[]): History => {
    const fitted = fitBudget(entries, settings);
    return { immediate: fitted, complete: Promise.resolve(fitted) };
  };
  const cached = messageStore.cached(conversationId);
  if (question.conversationId === null) messageStore.cache(conversationId, []);
  if (question.history.length > 0) return settled(question.history);
  if (question.conversationId === null) return settled([]);
  if (cached !== undefined) return settled(cached);
  const last = settings.historyTurns * 2 + 1;
  const load = (): Promise<StoredMessage[]> =>
    withDeadline({ signal, ms: settings.historyTimeoutMs, service: 'postgres' }, (limited) =>
      rejectOnAbort(messageStore.messages({ conversationId, last, signal: limited }), limited),
    );
  const withoutQuestion = (messages: readonly StoredMessage[]): CachedEntry[] =>
    messages.filter((stored) => stored.id !== id).map(toEntry);
  const keep = (messages: readonly StoredMessage[]): readonly HistoryEntry[] => {
    const entries = withoutQuestion(messages);
    messageStore.cache(conversationId, [...entries, { role, text: content, turnId: id }]);
    return fitBudget(entries, settings);
  };
  if (question.stored) {
    const entries = keep(messageStore.withPending(conversationId, question.stored));
    return { immediate: entries, complete: Promise.resolve(entries) };
  }
  const complete = breakers.postgres
    .run(load, signal)
    .then(keep)
    .catch((error: unknown): readonly HistoryEntry[] => {
      log(error);
      return fitBudget(withoutQuestion(messageStore.pending(conversationId)), settings);
    });
  return { immediate: [], complete };
}

/** The newest entries that fit the budget, beginning with a user's message: half a turn is worse than none. */
function fitBudget(entries: readonly HistoryEntry[], settings: ChatSettings): readonly HistoryEntry[] {
  const fitted: HistoryEntry[] = [];
  let remaining = settings.historyBudget;
  for (const entry of entries.slice(-settings.historyTurns * 2).toReversed()) {
    remaining -= entry.text.length;
    if (remaining < 0) break;
    fitted.unshift({ role: entry.role, text: entry.text });
  }
  return fitted[0]?.role === 'assistant' ? fitted.slice(1) : fitted;
}

function toEntry({ role, content, turnId }: StoredMessage): CachedEntry {
  return { role, text: content, turnId };
}

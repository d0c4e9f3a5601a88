import type { CircuitBreaker } from './resilience/circuit-breaker.ts';
import { rejectOnAbort, withDeadline } from './resilience/deadline.ts';
import { toHistory, type StoredMessage } from './ports.ts';
import type { HistoryEntry, Question } from './protocol.ts';
import type { ChatSettings } from './settings.ts';
import type { MessageStore } from './message-store.ts';

export type History = {
  /** Known without waiting: what the client sent, or what this process remembers. */
  immediate: readonly HistoryEntry[];
  /** Also what the database has; never rejects: of one that does not answer in time, what waits to be stored there. */
  complete: Promise<readonly HistoryEntry[]>;
};

/** What was said before in this conversation. A new one has nothing and asks nobody. */
export function loadHistory({
  question,
  asked: { id, conversationId, role, content },
  parts: { turns, settings, breakers, log },
  signal,
}: {
  question: Question;
  /** The message that this question is being stored as: no part of its own history. */
  asked: { id: string; conversationId: string; role: 'user'; content: string };
  parts: {
    turns: MessageStore;
    settings: ChatSettings;
    breakers: { postgres: CircuitBreaker };
    log: (failure: unknown) => void;
  };
  signal: AbortSignal;
}): History {
  const settle = (entries: readonly HistoryEntry[]): History => {
    const kept = fitBudget(entries, settings);
    return { immediate: kept, complete: Promise.resolve(kept) };
  };
  const remembered = turns.cached(conversationId);
  if (question.conversationId === null) turns.cache(conversationId, []);
  if (question.history.length > 0) return settle(question.history);
  if (question.conversationId === null) return settle([]);
  if (remembered !== undefined) return settle(remembered);
  const last = settings.historyTurns * 2 + 1;
  const read = (): Promise<StoredMessage[]> =>
    withDeadline({ signal, ms: settings.historyTimeoutMs, service: 'postgres' }, (limited) =>
      rejectOnAbort(turns.messages({ conversationId, last, signal: limited }), limited),
    );
  const before = (messages: readonly StoredMessage[]): HistoryEntry[] =>
    toHistory(messages.filter((message) => message.id !== id));
  const complete = breakers.postgres
    .run(read, signal)
    .then((messages) => {
      const entries = before(messages);
      turns.cache(conversationId, [...entries, { role, text: content }]);
      return fitBudget(entries, settings);
    })
    .catch((error: unknown): readonly HistoryEntry[] => {
      log(error);
      return fitBudget(before(turns.waiting(conversationId)), settings);
    });
  return { immediate: [], complete };
}

/** The newest entries that fit; a half-shown turn is worse than none. */
function fitBudget(entries: readonly HistoryEntry[], settings: ChatSettings): readonly HistoryEntry[] {
  const kept: HistoryEntry[] = [];
  let left = settings.historyBudget;
  for (const entry of entries.slice(-settings.historyTurns * 2).toReversed()) {
    left -= entry.text.length;
    if (left < 0) break;
    kept.unshift(entry);
  }
  return kept[0]?.role === 'assistant' ? kept.slice(1) : kept;
}

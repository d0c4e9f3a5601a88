import type { Breaker } from './breaker.ts';
import { unlessAborted, withDeadline } from './deadline.ts';
import { historyOf, type StoredMessage } from './ports.ts';
import type { HistoryEntry, Question } from './protocol.ts';
import type { ChatSettings } from './settings.ts';
import type { Turns } from './turns.ts';

export type Recollection = {
  /** Known without waiting: what the client sent, or what this process remembers. */
  now: readonly HistoryEntry[];
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
    turns: Turns;
    settings: ChatSettings;
    breakers: { postgres: Breaker };
    log: (failure: unknown) => void;
  };
  signal: AbortSignal;
}): Recollection {
  const settle = (entries: readonly HistoryEntry[]): Recollection => {
    const kept = bounded(entries, settings);
    return { now: kept, complete: Promise.resolve(kept) };
  };
  const remembered = turns.recall(conversationId);
  if (question.conversationId === null) turns.remember(conversationId, []);
  if (question.history.length > 0) return settle(question.history);
  if (question.conversationId === null) return settle([]);
  if (remembered !== undefined) return settle(remembered);
  const last = settings.historyTurns * 2 + 1;
  const read = (): Promise<StoredMessage[]> =>
    withDeadline({ signal, ms: settings.historyTimeoutMs, service: 'postgres' }, (limited) =>
      unlessAborted(turns.messages({ conversationId, last, signal: limited }), limited),
    );
  const before = (messages: readonly StoredMessage[]): HistoryEntry[] =>
    historyOf(messages.filter((message) => message.id !== id));
  const complete = breakers.postgres
    .run(read, signal)
    .then((messages) => {
      const entries = before(messages);
      turns.remember(conversationId, [...entries, { role, text: content }]);
      return bounded(entries, settings);
    })
    .catch((error: unknown): readonly HistoryEntry[] => {
      log(error);
      return bounded(before(turns.waiting(conversationId)), settings);
    });
  return { now: [], complete };
}

/** The newest entries that fit; a half-shown turn is worse than none. */
function bounded(entries: readonly HistoryEntry[], settings: ChatSettings): readonly HistoryEntry[] {
  const kept: HistoryEntry[] = [];
  let left = settings.historyBudget;
  for (const entry of entries.slice(-settings.historyTurns * 2).toReversed()) {
    left -= entry.text.length;
    if (left < 0) break;
    kept.unshift(entry);
  }
  return kept[0]?.role === 'assistant' ? kept.slice(1) : kept;
}

/** A message with its place: its turn and its time, ISO-8601 in UTC without a zone. */
type PlacedMessage = { role: 'user' | 'assistant'; turnId: string | null; createdAt: string };

/**
 * Sorts messages so that each answer follows its own question: two questions that were asked at once may have been
 * answered in the other order. Messages without a turn are in the order of their times.
 */
export function sortByTurn<T extends PlacedMessage>(messages: readonly T[]): T[] {
  const starts = new Map<string, string>();
  for (const { turnId, createdAt } of messages) {
    const start = turnId === null ? undefined : starts.get(turnId);
    if (turnId !== null && (start === undefined || createdAt < start)) starts.set(turnId, createdAt);
  }
  const startOf = ({ turnId, createdAt }: T): string => starts.get(turnId ?? '') ?? createdAt;
  return messages.toSorted(
    (a, b) => compare(startOf(a), startOf(b)) || compare(a.turnId ?? '', b.turnId ?? '') || rank(a) - rank(b),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A question and its answer may have the same millisecond. */
function rank({ role }: PlacedMessage): number {
  return role === 'user' ? 0 : 1;
}

import type { JournalEntry } from '../model/run/journal.ts';

/** What was begun and is not known to be done: the last word on it is an intent. */
export function pendingEntries(entries: readonly JournalEntry[]): JournalEntry[] {
  const last = new Map<string, JournalEntry>();
  for (const entry of entries) last.set(`${entry.thing} ${entry.id} ${entry.place}`, entry);
  return [...last.values()].filter(({ type }) => type === 'intent');
}

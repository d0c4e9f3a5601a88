import type { Journal, JournalEntry } from '../../model/run/journal.ts';
import type { Session } from '../../model/runtime.ts';
import { listJournals, openJournal, type JournalFile } from '../../run/journal-file.ts';

/** The journal of the Space whose collection is on that host, so that its undo knows; null unless it is just one. */
export async function journalForCluster(
  { runtime, flags }: Session,
  host: string,
): Promise<JournalFile | null> {
  const { stateDir } = runtime;
  if (flags.space !== null) return openJournal({ stateDir, space: flags.space });
  const matches = (await listJournals({ stateDir })).filter(({ entries }) =>
    entries.some(({ thing, place }) => thing === 'collection' && place === host),
  );
  const [only] = matches;
  return only !== undefined && matches.length === 1 ? openJournal({ stateDir, space: only.space }) : null;
}

/** For a collection without a Space: nothing is saved. */
export function unsavedJournal(): Journal {
  const entries: JournalEntry[] = [];
  return { entries, add: async (entry) => void entries.push({ ...entry, at: '' }) };
}

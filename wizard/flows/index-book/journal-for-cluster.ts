import type { Journal, JournalEntry } from '../../model/run/journal.ts';
import type { Session } from '../../model/runtime.ts';
import { isWantedPlace, namedFunction } from '../../interview/targets/choose-space.ts';
import { listJournals, openJournal } from '../../run/journal-file.ts';

/** Where the server of a collection runs, by the collection's host; null unless it is just one place. */
export type PlaceOfCluster = (host: string) => string | null;

/** The place that the flags name, else the one whose journal on this machine has a collection on that host. */
export async function knownPlaces({ runtime, flags }: Session): Promise<PlaceOfCluster> {
  const journals = (await listJournals({ stateDir: runtime.stateDir })).filter(({ space }) =>
    isWantedPlace(space, flags),
  );
  return (host) => {
    if (flags.space !== null) return flags.space;
    const matches = journals.filter(({ entries }) =>
      entries.some(({ thing, place }) => thing === 'collection' && place === host),
    );
    const [only] = matches;
    if (matches.length === 1) return only?.space ?? null;
    return matches.length === 0 ? namedFunction(flags) : null;
  };
}

/** A journal of the run, and how it is closed. */
export type OpenJournal = { journal: Journal; close(): Promise<void> };

/**
 * The journal of the place, so that its undo knows of the collection. Nothing is saved for a collection without a place,
 * nor for a place that this machine has no journal of.
 */
export async function journalOf({ runtime, flags }: Session, space: string | null): Promise<OpenJournal> {
  const { stateDir } = runtime;
  const isKnown =
    flags.space !== null || (await listJournals({ stateDir })).some((journal) => journal.space === space);
  if (space === null || !isKnown) return unsavedJournal();
  const journal = await openJournal({ stateDir, space });
  return { journal, close: () => journal.close() };
}

function unsavedJournal(): OpenJournal {
  const entries: JournalEntry[] = [];
  const journal = {
    entries,
    add: async (entry: Omit<JournalEntry, 'at'>) => void entries.push({ ...entry, at: '' }),
  };
  return { journal, close: async () => undefined };
}

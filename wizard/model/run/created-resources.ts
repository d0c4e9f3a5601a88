import type { JournalEntry } from './journal.ts';

/** What the journal says that this tool left somewhere, and that is not known to be gone again. */
export type CreatedResource = Pick<JournalEntry, 'step' | 'thing' | 'id' | 'place' | 'splitFrom' | 'edit'> & {
  /** `changed`: something stood there before us. */
  change: 'created' | 'changed';
  /** What stood there before the first change, when it may be shown. */
  previous: string | null;
};

/** The journal folded: one line for each thing, with what stood there before this tool came; of a file, for each change. */
export function createdResources(entries: readonly JournalEntry[]): CreatedResource[] {
  const made = new Map<string, CreatedResource>();
  for (const { step, type, change, thing, id, place, previous, splitFrom, edit } of entries) {
    const key = `${thing} ${id} ${place} ${edit?.after ?? ''}`;
    if (change === 'removed') {
      if (type === 'intent') continue;
      made.delete(key);
      // With a Space goes all that is in it.
      if (thing === 'space') for (const [other, { place: at }] of made) if (at === id) made.delete(other);
    } else if (!made.has(key)) {
      made.set(key, {
        step,
        thing,
        id,
        place,
        change,
        previous,
        ...(splitFrom !== undefined && { splitFrom }),
        ...(edit !== undefined && { edit }),
      });
    }
  }
  return [...made.values()];
}

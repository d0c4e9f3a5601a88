import * as z from 'zod';
import { stepIds, type StepId } from './plan.ts';

const thing = z.enum([
  'collection',
  'space',
  'secret',
  'variable',
  'files',
  'frontend-variable',
  'frontend-deployment',
  // Made at Qdrant Cloud and Neon: ids are names, places the vendors' ids.
  'cluster',
  'cluster-key',
  'database',
  'frontend-file',
]);

const sha256 = z.string().length(64);

/** The one part of a file that a change replaced. What stood there is the entry's `previous`. */
const fileEdit = z.object({
  /** Where the part begins, and how many characters it has now. */
  start: z.number(),
  length: z.number(),
  /** Digest of the whole file before the change; null where there was none. */
  before: sha256.nullable(),
  after: sha256,
});
export type FileEdit = z.infer<typeof fileEdit>;

/**
 * What this tool is about to do (`intent`) and has done (`done`), without secrets. Advice for picking up and
 * undoing: the truth is re-read from the vendors.
 */
export const journalEntry = z.object({
  /** ISO-8601. */
  at: z.string(),
  step: z.enum(stepIds),
  type: z.enum(['intent', 'done']),
  change: z.enum(['created', 'changed', 'removed']),
  thing,
  /** As the vendor names it: `owner/name`, `QDRANT_URL`, a commit, `env_…`, `dpl_…`; a file's path in its folder. */
  id: z.string(),
  /** Where it is: the Space, the collection’s server, the project, a file's folder on this machine. */
  place: z.string(),
  /** What stood there before, when it may be shown: a commit, a public variable’s value. */
  previous: z.string().nullable(),
  /** Id of the variable with several environments that held this one's value, and holds that of the others still. */
  splitFrom: z.string().optional(),
  /** Of a file of the frontend. */
  edit: fileEdit.optional(),
});
export type JournalEntry = z.infer<typeof journalEntry>;

/** Keeps entries; each is on the disk when `add` resolves. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  add(entry: Omit<JournalEntry, 'at'>): Promise<void>;
  /** Milliseconds that each step took when it last changed something; absent where that is not kept. */
  readonly took?: Readonly<Partial<Record<StepId, number>>>;
  keepTime?(step: StepId, ms: number): Promise<void>;
}

/** True when the journal says that this tool made the Space. */
export function isOurSpace(journal: Journal, space: string): boolean {
  const last = journal.entries.findLast(
    ({ thing, change, id }) => thing === 'space' && change !== 'changed' && id === space,
  );
  return last?.change === 'created';
}

/** What was started and is not known to be finished: the last entry about it is an intent. */
export function pendingEntries(entries: readonly JournalEntry[]): JournalEntry[] {
  const last = new Map<string, JournalEntry>();
  for (const entry of entries) last.set(`${entry.thing} ${entry.id} ${entry.place}`, entry);
  return [...last.values()].filter(({ type }) => type === 'intent');
}

import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Failure } from '../model/failure.ts';
import { journalEntry, type Journal, type JournalEntry } from '../model/run/journal.ts';
import { stepIds } from '../model/run/plan.ts';
import { lockSpace } from './space-lock.ts';
import { writeAtomically } from './write-atomically.ts';

const stateSchema = z.object({
  v: z.literal(1),
  space: z.string(),
  /** The user's answers, secrets never among them, for the next run to propose. */
  answers: z.record(z.string(), z.string()),
  entries: z.array(journalEntry),
  /** For the next run’s estimate, in milliseconds. */
  took: z.partialRecord(z.enum(stepIds), z.number()).default({}),
});
type JournalState = z.infer<typeof stateSchema>;

export interface JournalFile extends Journal {
  readonly path: string;
  /** Answers of the last run. */
  readonly answers: Readonly<Record<string, string>>;
  remember(answers: Readonly<Record<string, string>>): Promise<void>;
  /** Where an unreadable file was moved to; null when there was none. */
  readonly backupPath: string | null;
  /** Releases the lock. */
  close(): Promise<void>;
}

/**
 * Opens the journal of a Space, and locks it against a second run.
 *
 * @throws Failure `space-locked` while another run of this tool works on the same Space; `journal-newer`;
 *   `state-folder` when the machine refuses to store it, here and at each write.
 */
export async function openJournal({
  stateDir,
  space,
  now = Date.now,
}: {
  stateDir: string;
  /** `owner/name`. */
  space: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}): Promise<JournalFile> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 }).catch(throwNotPersisted(stateDir));
  const path = join(stateDir, fileName(space));
  const unlock = await lockSpace({ path: `${path}.lock`, space }).catch(throwNotPersisted(stateDir));
  const { state, backupPath } = await readState({ path, space, now }).catch(async (error: unknown) => {
    await unlock();
    return throwNotPersisted(stateDir)(error);
  });
  let writing: Promise<void> = Promise.resolve();
  /** One write after the other, so that the newest state is the one on disk. */
  const save = (): Promise<void> => {
    const text = `${JSON.stringify(state, null, 2)}\n`;
    // A failed write rejects its own caller; the next write is tried all the same.
    writing = writing
      .catch(() => undefined)
      .then(() => writeAtomically(path, text).catch(throwNotPersisted(stateDir)));
    return writing;
  };
  return {
    path,
    backupPath,
    get entries() {
      return state.entries;
    },
    get answers() {
      return state.answers;
    },
    get took() {
      return state.took;
    },
    keepTime: (step, ms) => {
      state.took[step] = ms;
      return save();
    },
    add: (entry: Omit<JournalEntry, 'at'>) => {
      state.entries.push(journalEntry.parse({ at: new Date(now()).toISOString(), ...entry }));
      return save();
    },
    remember: (answers) => {
      state.answers = { ...state.answers, ...answers };
      return save();
    },
    close: async () => {
      await writing.catch(() => undefined);
      await unlock();
    },
  };
}

/** A journal that is only read. */
export type StoredJournal = { space: string; entries: readonly JournalEntry[] };

/** Reads the journal of a Space without locking it. Null when there is none that can be read. */
export async function readJournal({
  stateDir,
  space,
}: {
  stateDir: string;
  space: string;
}): Promise<StoredJournal | null> {
  return readStateFile(join(stateDir, fileName(space)));
}

/** Every journal on this machine, the most recently changed first. */
export async function listJournals({ stateDir }: { stateDir: string }): Promise<readonly StoredJournal[]> {
  const names = await readdir(stateDir).catch(() => []);
  const states = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readStateFile(join(stateDir, name))),
  );
  const lastAt = ({ entries }: StoredJournal): string => entries.at(-1)?.at ?? '';
  return states.filter((state) => state !== null).toSorted((a, b) => (lastAt(a) < lastAt(b) ? 1 : -1));
}

async function readStateFile(path: string): Promise<JournalState | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function fileName(space: string): string {
  return `${space.replaceAll('/', '--')}.json`;
}

/** Reports what the machine refuses, such as a full disk, another user's folder or a read-only one; it is no bug. */
function throwNotPersisted(stateDir: string): (cause: unknown) => never {
  return (cause) => {
    const code: unknown = Reflect.get(Object(cause), 'code');
    if (cause instanceof Failure || typeof code !== 'string') throw cause;
    throw new Failure({
      code: 'state-folder',
      message: `The journal of what is created could not be written in ${stateDir} (${code}).`,
      remedy:
        'Make room or get the right to write there, or name another folder in XDG_STATE_HOME; then run again.',
      cause,
    });
  };
}

async function readState({
  path,
  space,
  now,
}: {
  path: string;
  space: string;
  now: () => number;
}): Promise<{ state: JournalState; backupPath: string | null }> {
  const empty: JournalState = { v: 1, space, answers: {}, entries: [], took: {} };
  const text = await readFile(path, 'utf8').catch(nullIfMissing);
  if (text === null) return { state: empty, backupPath: null };
  try {
    return { state: stateSchema.parse(JSON.parse(text)), backupPath: null };
  } catch {
    if (isNewer(text)) throw journalNewer(space);
    const backupPath = `${path}.unreadable-${now()}`;
    await rename(path, backupPath);
    return { state: empty, backupPath };
  }
}

/** A file that exists and may not be read counts as unreadable, not as missing: it would be overwritten. */
function nullIfMissing(error: unknown): string | null {
  return Reflect.get(Object(error), 'code') === 'ENOENT' ? null : '';
}

/**
 * For commands that take a Space without a journal for one that this tool never made.
 *
 * @throws Failure `journal-newer` or `journal-unreadable` when there is a file that this version cannot read.
 */
export async function assertJournalReadable({
  stateDir,
  space,
}: {
  stateDir: string;
  space: string;
}): Promise<void> {
  const path = join(stateDir, fileName(space));
  const text = await readFile(path, 'utf8').catch(nullIfMissing);
  if (text === null || (await readStateFile(path)) !== null) return;
  if (isNewer(text)) throw journalNewer(space);
  throw new Failure({
    code: 'journal-unreadable',
    message: `The journal of ${space} cannot be read: ${path}.`,
    remedy:
      'Fix the file or its permissions. Or remove what was created at the vendors by hand, and then the file.',
  });
}

function isNewer(text: string): boolean {
  try {
    return z.looseObject({ v: z.number().gt(1) }).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

function journalNewer(space: string): Failure {
  return new Failure({
    code: 'journal-newer',
    message: `The journal of ${space} was written by a newer version of this tool.`,
    remedy: 'Run that version: npx rag-space-setup@latest.',
  });
}

import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../model/failure.ts';
import { journalEntry, type Journal, type JournalEntry } from '../model/run/journal.ts';
import { stepIds } from '../model/run/plan.ts';
import { lockSpace } from './space-lock.ts';

const stateSchema = z.object({
  v: z.literal(1),
  space: z.string(),
  /** What the person said that is no secret, for the next run to propose. */
  answers: z.record(z.string(), z.string()),
  entries: z.array(journalEntry),
  /** For the next run’s estimate, in milliseconds. */
  took: z.partialRecord(z.enum(stepIds), z.number()).default({}),
});
type JournalState = z.infer<typeof stateSchema>;

export interface JournalFile extends Journal {
  readonly path: string;
  /** Answers of the last run, secrets never among them. */
  readonly answers: Readonly<Record<string, string>>;
  remember(answers: Readonly<Record<string, string>>): Promise<void>;
  /** Where a file that could not be read was put; null when there was none. */
  readonly setAside: string | null;
  /** Gives the lock back. */
  close(): Promise<void>;
}

/**
 * Opens the one file that is kept of a Space, and locks it against a second run.
 *
 * @throws Failure `space-locked` while another run of this tool works on the same Space; `journal-newer`;
 * `state-folder` where the machine lets nothing be kept, here and at each write.
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
  const { state, setAside } = await readState({ path, space, now }).catch(async (error: unknown) => {
    await unlock();
    return throwNotPersisted(stateDir)(error);
  });
  let writing: Promise<void> = Promise.resolve();
  /** One write after the other, so that the newest state is the one that stays. */
  const save = (): Promise<void> => {
    const text = `${JSON.stringify(state, null, 2)}\n`;
    // A write that failed is told to whoever asked for it; the next one may find room again.
    writing = writing
      .catch(() => undefined)
      .then(() => writeAtomically(path, text).catch(throwNotPersisted(stateDir)));
    return writing;
  };
  return {
    path,
    setAside,
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

/** What a Space’s file says, without its lock: for looking only. Null when there is none that can be read. */
export async function readJournal(of: {
  stateDir: string;
  space: string;
}): Promise<{ space: string; entries: readonly JournalEntry[] } | null> {
  return readStateFile(join(of.stateDir, fileName(of.space)));
}

/** Every Space that this machine keeps a file of, the one that was worked on last first. */
export async function listJournals({
  stateDir,
}: {
  stateDir: string;
}): Promise<readonly { space: string; entries: readonly JournalEntry[] }[]> {
  const names = await readdir(stateDir).catch(() => []);
  const read = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readStateFile(join(stateDir, name))),
  );
  const lastAt = ({ entries }: { entries: readonly JournalEntry[] }): string => entries.at(-1)?.at ?? '';
  return read.filter((state) => state !== null).toSorted((a, b) => (lastAt(a) < lastAt(b) ? 1 : -1));
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

/** A reader sees the old file or the new one, never half of it. */
async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What the machine refuses is no bug of ours: a full disk, a folder of somebody else's, a read-only place. */
function throwNotPersisted(stateDir: string): (cause: unknown) => never {
  return (cause) => {
    const code: unknown = Reflect.get(Object(cause), 'code');
    if (cause instanceof Failure || typeof code !== 'string') throw cause;
    throw new Failure({
      code: 'state-folder',
      message: `The journal of what is made could not be kept in ${stateDir} (${code}).`,
      remedy:
        'Make room or get the right to write there, or name another folder in XDG_STATE_HOME; then run again.',
      cause,
    });
  };
}

async function readState(of: {
  path: string;
  space: string;
  now: () => number;
}): Promise<{ state: JournalState; setAside: string | null }> {
  const { path, space, now } = of;
  const empty: JournalState = { v: 1, space, answers: {}, entries: [], took: {} };
  const text = await readFile(path, 'utf8').catch(nullIfMissing);
  if (text === null) return { state: empty, setAside: null };
  try {
    return { state: stateSchema.parse(JSON.parse(text)), setAside: null };
  } catch {
    if (isNewer(text)) throw journalNewer(space);
    const setAside = `${path}.unreadable-${now()}`;
    await rename(path, setAside);
    return { state: empty, setAside };
  }
}

/** A file that is there and may not be read is unreadable, not missing: else it would be written over. */
function nullIfMissing(error: unknown): string | null {
  return Reflect.get(Object(error), 'code') === 'ENOENT' ? null : '';
}

/**
 * For those who would take a Space without a journal for one that was never made.
 *
 * @throws Failure `journal-newer` or `journal-unreadable` where a file is kept of it that this version cannot read.
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
    remedy: 'Mend the file or its rights. Or remove what stands at the vendors by hand, and then the file.',
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

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../wizard/model/run/journal.ts';
import { apply } from '../../../wizard/run/apply.ts';
import { planFor } from '../../../wizard/run/plan.ts';
import {
  drain,
  memoryJournal,
  startSandboxServices,
  type ContextChanges,
  type SandboxServices,
} from '../steps/sandbox-services.ts';

let world: SandboxServices;
beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

type MemoryJournal = ReturnType<typeof memoryJournal>;

const nameOf = ({ step, type }: Pick<JournalEntry, 'step' | 'type'>): string => `${step} ${type}`;

/** Ends as soon as an entry is written, and nothing after it happens, as with `kill -9`. */
async function runUntil(name: string | null, journal: MemoryJournal, changes: ContextChanges = {}) {
  const death = new AbortController();
  const add = async (entry: Omit<JournalEntry, 'at'>): Promise<void> => {
    if (death.signal.aborted) throw death.signal.reason;
    await journal.add(entry);
    if (nameOf(entry) === name) death.abort(new Error('killed'));
    death.signal.throwIfAborted();
  };
  const context = {
    ...world.context({ ...changes, journal: { entries: journal.entries, add } }),
    signal: death.signal,
  };
  const plan = await planFor({ context });
  return drain(apply({ context, plan }));
}

const entries = [
  'create-space done',
  'create-space intent',
  'index-book done',
  'index-book intent',
  'redeploy-frontend done',
  'redeploy-frontend intent',
  'set-frontend-variable done',
  'set-frontend-variable intent',
  'upload-server done',
  'upload-server intent',
];

it('the list has every entry that a first deployment writes', async () => {
  const journal = memoryJournal();
  expect((await runUntil(null, journal)).error).toBeNull();
  expect(journal.entries.map(nameOf).sort()).toEqual(entries);
});

describe('a run that is killed', () => {
  it.each(entries)('after “%s” is finished by the next one', async (name) => {
    const journal = memoryJournal();
    const { error } = await runUntil(name, journal);
    expect(error).toMatchObject({ message: 'killed' });
    expect(nameOf(journal.entries.at(-1)!)).toBe(name);
    const second = await runUntil(null, journal);
    expect(second.error).toBeNull();
    expect(second.result?.health).toBe('healthy');
    expect([...world.hub.repositories.keys()].filter((id) => id.includes('book-chat'))).toEqual([
      'ana/book-chat',
    ]);
    const before = world.record.writes();
    expect((await runUntil(null, memoryJournal())).error).toBeNull();
    expect(world.record.writes()).toEqual(before);
    expect(before.byName['vercel.create-env']).toBe(1);
  });
});

/** Another key and a newer server, for an existing deployment. */
const newer: ContextChanges = {
  geminiKey: 'AQ.another-key-of-the-same-person',
  settings: { version: '0.2.0' },
};
const laterEntries = [
  'set-secrets done',
  'set-secrets intent',
  'set-variables done',
  'set-variables intent',
  'upload-server done',
  'upload-server intent',
];

describe('a run that changes a deployment and is killed', () => {
  it('the list has every entry that it writes', async () => {
    const journal = memoryJournal();
    expect((await runUntil(null, journal)).error).toBeNull();
    const earlier = journal.entries.length;
    expect((await runUntil(null, journal, newer)).error).toBeNull();
    expect(journal.entries.slice(earlier).map(nameOf).sort()).toEqual(laterEntries);
  });

  it.each(laterEntries)('after “%s” is finished by the next one', async (name) => {
    const journal = memoryJournal();
    expect((await runUntil(null, journal)).error).toBeNull();
    expect((await runUntil(name, journal, newer)).error).toMatchObject({ message: 'killed' });
    const second = await runUntil(null, journal, newer);
    expect(second.error).toBeNull();
    expect(second.result?.health).toBe('healthy');
    const before = world.record.writes();
    expect((await runUntil(null, memoryJournal(), newer)).error).toBeNull();
    expect(world.record.writes()).toEqual(before);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../wizard/model/journal.ts';
import { apply } from '../../../wizard/run/apply.ts';
import { planFor } from '../../../wizard/run/plan.ts';
import { drain, memoryJournal, startWorld, type World } from '../steps/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

/** Dies as soon as an entry is written: nothing after it happens, as with `kill -9`. */
function dyingJournal(after: number) {
  const journal = memoryJournal();
  const add = async (entry: Omit<JournalEntry, 'at'>): Promise<void> => {
    await journal.add(entry);
    if (journal.entries.length === after) throw new Error('killed');
  };
  return { entries: journal.entries, add };
}

async function run(journal: ReturnType<typeof memoryJournal>) {
  const context = world.context({ journal });
  const plan = await planFor({ context });
  return drain(apply({ context, plan }));
}

const entries = [
  'index-book intent',
  'index-book done',
  'create-space intent',
  'create-space done',
  'upload-server intent',
  'upload-server done',
  'set-frontend-variable intent',
  'set-frontend-variable done',
  'redeploy-frontend intent',
  'redeploy-frontend done',
];

describe('a run that is killed', () => {
  it.each(entries.map((name, at) => [name, at + 1] as const))(
    'after “%s” is finished by the next one',
    async (name, n) => {
      const first = dyingJournal(n);
      const { error } = await run(first);
      expect(error).toMatchObject({ message: 'killed' });
      expect(`${first.entries.at(-1)?.step} ${first.entries.at(-1)?.type}`).toBe(name);
      const second = await run(first.entries.reduce(kept, memoryJournal()));
      expect(second.error).toBeNull();
      expect(second.result?.health).toBe('healthy');
      expect([...world.hub.repositories.keys()].filter((id) => id.includes('book-chat'))).toEqual([
        'ana/book-chat',
      ]);
      const before = world.record.writes();
      expect((await run(memoryJournal())).error).toBeNull();
      expect(world.record.writes()).toEqual(before);
      expect(before.byName['vercel.create-env']).toBe(1);
    },
  );
});

function kept(journal: ReturnType<typeof memoryJournal>, entry: JournalEntry) {
  journal.entries.push(entry);
  return journal;
}

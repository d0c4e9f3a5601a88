import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createdResources } from '../../../wizard/model/run/created-resources.ts';
import type { JournalEntry } from '../../../wizard/model/run/journal.ts';
import { openJournal, readJournal } from '../../../wizard/run/journal-file.ts';
import { usedElsewhere } from '../../../wizard/run/used-elsewhere.ts';

let stateDir: string;
beforeEach(async () => void (stateDir = await mkdtemp(join(tmpdir(), 'used-elsewhere-'))));
afterEach(() => rm(stateDir, { recursive: true, force: true }));

type Made = Pick<JournalEntry, 'thing' | 'change' | 'id' | 'place'>;

/** A deployment of the book at that time: a place, the collection, the frontend's variable. */
async function deploy(space: string, at: number, more: readonly Made[] = []): Promise<void> {
  const journal = await openJournal({ stateDir, space, now: () => at });
  const made: Made[] = [
    { thing: 'space', change: 'created', id: space, place: space },
    { thing: 'collection', change: 'created', id: 'book', place: 'cluster' },
    { thing: 'frontend-variable', change: 'changed', id: 'API', place: 'prj_1' },
    ...more,
  ];
  for (const entry of made) await journal.add({ step: 'index-book', type: 'done', previous: null, ...entry });
  await journal.close();
}

async function usersOf(space: string): Promise<Record<string, string | null>> {
  const { entries } = (await readJournal({ stateDir, space })) ?? { entries: [] };
  const userOf = await usedElsewhere({ stateDir, space });
  return Object.fromEntries(createdResources(entries).map((made) => [made.thing, userOf(made)]));
}

it('of a server that moved, the collection and the variable are the new place’s', async () => {
  await deploy('ana/old', 1_000);
  expect(await usersOf('ana/old')).toEqual({ space: null, collection: null, 'frontend-variable': null });
  await deploy('vercel/~ana/new', 2_000);
  expect(await usersOf('ana/old')).toEqual({
    space: null,
    collection: 'vercel/~ana/new',
    'frontend-variable': 'vercel/~ana/new',
  });
  // Of the new place, the variable is its own.
  expect(await usersOf('vercel/~ana/new')).toMatchObject({ 'frontend-variable': null });
});

it('a place that was removed uses nothing', async () => {
  await deploy('ana/old', 1_000);
  const gone: Made = { thing: 'space', change: 'removed', id: 'ana/new', place: 'ana/new' };
  await deploy('ana/new', 2_000, [gone]);
  expect(await usersOf('ana/old')).toEqual({ space: null, collection: null, 'frontend-variable': null });
});

it('a cluster and a database that were made for a server stay with the book where it moved with pasted keys', async () => {
  const made: Made[] = [
    { thing: 'cluster', change: 'created', id: 'book-chat', place: 'cluster-1' },
    { thing: 'database', change: 'created', id: 'book-chat', place: 'project-1' },
  ];
  await deploy('ana/old', 1_000, made);
  expect(await usersOf('ana/old')).toMatchObject({ cluster: null, database: null });
  await deploy('vercel/~ana/new', 2_000);
  const user = 'vercel/~ana/new';
  expect(await usersOf('ana/old')).toMatchObject({ cluster: user, database: user, space: null });
});

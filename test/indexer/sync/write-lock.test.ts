import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Book } from '../../../indexer/book.ts';
import { syncBook } from '../../../indexer/sync/sync-book.ts';
import type { Lease } from '../../../server/collection/lease.ts';
import { temporaryBook } from '../temporary-book.ts';
import { runSync } from './run-sync.ts';
import { embedderStandIn, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();

async function bookOf(title: string): Promise<Book> {
  const words = (n: number): string => `${title} has a page ${n}. `.repeat(30);
  const pages = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`docs/${title}-${n}.md`, words(n)]));
  return temporaryBook({
    ...pages,
    'docusaurus.config.js': `export default { title: '${title}', url: 'https://${title}.example.com' };`,
  });
}

const bread = await bookOf('bread');
const wine = await bookOf('wine');

/** The clock of the runs is a hundred times faster. */
function parts() {
  const started = performance.now();
  const now = (): number => (performance.now() - started) * 100;
  const sleep = (ms: number): Promise<void> => wait(ms / 100);
  return { ...embedderStandIn(), ...storeStandIn(), now, sleep, signal };
}

const lease = (beat: number): Lease => ({ kind: 'lease', holder: 'another', beat, for_ms: 20_000 });

test('writes one of two different books for the same new collection, and fails the other', async () => {
  const setup = parts();
  const ends = await Promise.allSettled([
    runSync({ ...setup, book: bread }),
    runSync({ ...setup, book: wine }),
  ]);
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  expect(failed).toMatchObject([
    { code: 'collection-foreign', remedy: expect.stringMatching(/QDRANT_COLLECTION/) },
  ]);
  const won = ends[0]?.status === 'fulfilled' ? bread : wine;
  expect([...setup.points.keys()].sort()).toEqual(Array.from(won.sections, ({ id }) => id).sort());
  expect(setup.collection.stamp?.sections).toBe(won.sections.length);
  expect(setup.collection.lease).toBeNull();
});

test('makes the second run with the same book wait, and it has nothing left to do', async () => {
  const setup = parts();
  const ends = await Promise.all([runSync({ ...setup, book: bread }), runSync({ ...setup, book: bread })]);
  expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'unchanged']);
  expect(setup.embedded).toHaveLength(bread.sections.length);
  expect(ends.flatMap(({ notes }) => notes).filter((note) => note.startsWith('Another'))).toEqual([
    'Another run is writing into book: waiting for it to finish',
  ]);
});

test('takes over the lease of a run that died', async () => {
  const setup = parts();
  setup.collection.lease = lease(3);
  expect(await runSync({ ...setup, book: bread })).toMatchObject({
    outcome: 'changed',
    added: bread.sections.length,
  });
  expect(setup.collection.lease).toBeNull();
});

test('gives up after a minute if the other run is alive, and writes nothing', async () => {
  const setup = parts();
  let beat = 0;
  setup.store.readLease = async () => lease(beat++);
  await expect(runSync({ ...setup, book: bread })).rejects.toMatchObject({
    code: 'collection-busy',
    message: 'Another run is writing into book.',
  });
  expect(setup.log).toEqual(['create']);
});

test('gives up where its lease is not kept', async () => {
  const setup = parts();
  setup.store.writeLease = async () => undefined;
  await expect(runSync({ ...setup, book: bread })).rejects.toMatchObject({ code: 'collection-busy' });
  expect(setup.log).toEqual(['create']);
});

test('stops if another run took the lease, and keeps that lease', async () => {
  const setup = parts();
  setup.hooks.beforeWrite = (name) => {
    if (name === 'upsert') setup.collection.lease = lease(0);
  };
  const slow = {
    ...setup,
    now: (
      (time) => () =>
        (time += 6000)
    )(0),
  };
  await expect(runSync({ ...slow, book: bread })).rejects.toMatchObject({
    code: 'collection-busy',
  });
  expect(setup.collection.lease).toEqual(lease(0));
  expect(setup.collection.stamp).toBeNull();
});

test('releases the lease if the run fails or is cancelled', async () => {
  const setup = parts();
  setup.hooks.beforeWrite = (name) => {
    if (name === 'upsert') throw new Error('cut off');
  };
  await expect(runSync({ ...setup, book: bread })).rejects.toThrow('cut off');
  expect(setup.collection.lease).toBeNull();
  setup.hooks.beforeWrite = () => undefined;
  const work = syncBook({ ...setup, book: bread });
  await work.next();
  expect(setup.collection.lease).not.toBeNull();
  await work.return(undefined as never);
  expect(setup.collection.lease).toBeNull();
});

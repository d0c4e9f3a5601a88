import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Book } from '../../../indexer/book.ts';
import { syncBook, type SyncReport } from '../../../indexer/sync/sync-book.ts';
import type { Lease } from '../../../server/collection/lease.ts';
import { embedderStandIn, storeStandIn } from './stand-ins.ts';
import { temporaryBook } from '../temporary-book.ts';

const { signal } = new AbortController();

async function bookOf(title: string): Promise<Book> {
  const words = (n: number): string => `${title} has a page ${n}. `.repeat(30);
  const pages = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`docs/${title}-${n}.md`, words(n)]));
  return temporaryBook({
    ...pages,
    'docusaurus.config.js': `export default { title: '${title}', url: 'https://${title}.example.com' };`,
  });
}

/** Runs on a clock that is a hundred times faster than the runs'. */
function parts() {
  const started = performance.now();
  const now = (): number => (performance.now() - started) * 100;
  const sleep = (ms: number): Promise<void> => wait(ms / 100);
  return { ...embedderStandIn(), ...storeStandIn(), now, sleep, signal };
}

async function run(of: ReturnType<typeof parts>, book: Book): Promise<SyncReport & { notes: string[] }> {
  const work = syncBook({ ...of, book });
  const notes: string[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { ...step.value, notes };
    if (step.value.note.startsWith('Another')) notes.push(step.value.note);
  }
}

const lease = (beat: number): Lease => ({ kind: 'lease', holder: 'another', beat, for_ms: 20_000 });

test('two different books at the same new name: one is written whole, the other leaves with a sentence', async () => {
  const of = parts();
  const [bread, wine] = await Promise.all([bookOf('bread'), bookOf('wine')]);
  const ends = await Promise.allSettled([run(of, bread), run(of, wine)]);
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  expect(failed).toMatchObject([
    { code: 'collection-foreign', remedy: expect.stringMatching(/QDRANT_COLLECTION/) },
  ]);
  const won = ends[0]?.status === 'fulfilled' ? bread : wine;
  expect([...of.points.keys()].sort()).toEqual(Array.from(won.sections, ({ id }) => id).sort());
  expect(of.it.stamp?.sections).toBe(won.sections.length);
  expect(of.it.lease).toBeNull();
});

test('the same book at the same time: the second waits, says so, and has nothing left to do', async () => {
  const of = parts();
  const book = await bookOf('bread');
  const ends = await Promise.all([run(of, book), run(of, book)]);
  expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'unchanged']);
  expect(of.embedded).toHaveLength(book.sections.length);
  expect(ends.flatMap(({ notes }) => notes)).toEqual([
    'Another run is writing into book: waiting for it to finish',
  ]);
});

test('a run that died is outlived', async () => {
  const of = parts();
  of.it.lease = lease(3);
  const book = await bookOf('bread');
  expect(await run(of, book)).toMatchObject({ outcome: 'changed', added: book.sections.length });
  expect(of.it.lease).toBeNull();
});

test('one that lives longer than a minute is left alone: nothing is written', async () => {
  const of = parts();
  let beat = 0;
  of.store.readLease = async () => lease(beat++);
  await expect(run(of, await bookOf('bread'))).rejects.toMatchObject({
    code: 'collection-busy',
    message: 'Another run is writing into book.',
  });
  expect(of.log).toEqual(['create']);
});

test('a run whose lease was taken stops, and leaves the other’s standing', async () => {
  const of = parts();
  of.hooks.beforeWrite = (name) => {
    if (name === 'upsert') of.it.lease = lease(0);
  };
  const slow = {
    ...of,
    now: (
      (at) => () =>
        (at += 6000)
    )(0),
  };
  await expect(run(slow, await bookOf('bread'))).rejects.toMatchObject({ code: 'collection-busy' });
  expect(of.it.lease).toEqual(lease(0));
  expect(of.it.stamp).toBeNull();
});

test('a run that fails or is cancelled gives it back', async () => {
  const of = parts();
  of.hooks.beforeWrite = (name) => {
    if (name === 'upsert') throw new Error('cut off');
  };
  const book = await bookOf('bread');
  await expect(run(of, book)).rejects.toThrow('cut off');
  expect(of.it.lease).toBeNull();
  of.hooks.beforeWrite = () => undefined;
  const work = syncBook({ ...of, book });
  await work.next();
  expect(of.it.lease).not.toBeNull();
  await work.return(undefined as never);
  expect(of.it.lease).toBeNull();
});

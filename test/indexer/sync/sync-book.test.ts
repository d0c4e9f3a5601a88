import { describe, expect, test } from 'vitest';
import { bookJson } from '../../../indexer/book-json.ts';
import type { Book } from '../../../indexer/book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { previewSync } from '../../../indexer/sync/preview-sync.ts';
import { syncBook } from '../../../indexer/sync/sync-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { runSync } from './run-sync.ts';
import { embedderStandIn, geminiFailure, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();
const site = await findBook({ dir: 'sandbox/book', signal });
if (site === null) throw new Error('no sample book');
const book = expandBook(await readBook({ site, signal }));

function parts() {
  const slept: number[] = [];
  const clock = { time: 0 };
  const sleep = async (ms: number): Promise<void> => {
    // Without the half second after which two runs that started together see each other.
    if (ms !== 500) slept.push(ms);
    clock.time += ms;
  };
  return { ...embedderStandIn(), ...storeStandIn(), slept, sleep, now: () => clock.time, signal };
}

const sync = (run: ReturnType<typeof parts>, version: Book = book): ReturnType<typeof runSync> =>
  runSync({ ...run, book: version });

function edited(change: (sections: ExpandedBook['sections']) => void): ExpandedBook {
  const sections = structuredClone(book.sections);
  change(sections);
  return { ...book, sections };
}

describe('a new collection', () => {
  test('holds every section once, and the stamp is written last', async () => {
    const run = parts();
    const report = await sync(run);
    expect(run.points.size).toBe(book.sections.length);
    expect(report).toMatchObject({ outcome: 'changed', added: book.sections.length, withoutVector: 0 });
    expect(run.log[0]).toBe('create');
    expect(run.log.at(-1)).toBe('stamp');
    expect(run.collection.stamp).toMatchObject({
      sections: book.sections.length,
      embedding_model: 'gemini-embedding-2',
    });
  });

  test('is not written or embedded a second time', async () => {
    const run = parts();
    await sync(run);
    const [writes, texts] = [run.log.length, run.embedded.length];
    expect(await previewSync({ book, ...run })).toMatchObject({
      kind: 'unchanged',
      keep: book.sections.length,
      tokens: 0,
    });
    expect(await sync(run)).toMatchObject({ outcome: 'unchanged' });
    expect([run.log.length, run.embedded.length]).toEqual([writes, texts]);
  });

  test('gives the same book.json from the same collection', async () => {
    const run = parts();
    const { stamp } = await sync(run);
    expect(bookJson({ book, stamp })).toBe(
      bookJson({ book: structuredClone(book), stamp: run.collection.stamp }),
    );
  });

  test('gives no book.json if the Hub would not accept it as plain text', () => {
    const content = 'x'.repeat(10_000_000);
    const large = { ...book, sections: [{ ...book.sections[0]!, content }] };
    expect(bookJson({ book: large, stamp: null })).toBeNull();
  });
});

describe('a changed book', () => {
  test('embeds the one section whose text changed', async () => {
    const run = parts();
    await sync(run);
    const before = run.embedded.length;
    const next = edited((sections) => (sections[5]!.content = 'Something else entirely.'));
    expect(await sync(run, next)).toMatchObject({ changed: 1, embedded: 1 });
    expect(run.embedded.slice(before)).toEqual(['Something else entirely.']);
  });

  test('updates a moved section without embedding it, and removes one that is gone', async () => {
    const run = parts();
    await sync(run);
    const next = edited((sections) => {
      sections[3]!.lines = [99, 100];
      sections.pop();
    });
    expect(await previewSync({ book: next, ...run })).toMatchObject({
      kind: 'changes',
      add: 0,
      change: 1,
      remove: 1,
    });
    expect(await sync(run, next)).toMatchObject({ embedded: 0, removed: 1 });
    expect(run.points.get(next.sections[3]!.id)?.section.lines).toEqual([99, 100]);
    expect(await sync(run, next)).toMatchObject({ outcome: 'unchanged' });
  });

  test('is embedded again by another model, and the old stamp is removed first', async () => {
    const run = parts();
    await sync(run);
    const other = { ...run, ...embedderStandIn({ model: 'gemini-embedding-001' }) };
    run.log.length = 0;
    expect(await sync(other)).toMatchObject({ changed: book.sections.length });
    expect(run.log[0]).toBe('remove');
  });
});

describe('an interrupted run', () => {
  test.each([0, 1, 2, 3, 4])('at write %i is resumed with the same result', async (writes) => {
    const whole = parts();
    await sync(whole);
    const run = parts();
    run.hooks.beforeWrite = () => {
      if (run.log.length === writes) throw new Error('cut');
    };
    await expect(sync(run)).rejects.toThrow('cut');
    run.hooks.beforeWrite = () => undefined;
    await sync(run);
    expect(new Map([...run.points].sort())).toEqual(new Map([...whole.points].sort()));
    expect(new Set(run.embedded).size).toBe(new Set(whole.embedded).size);
    expect(run.collection.stamp?.digest).toBe(whole.collection.stamp?.digest);
  });
});

describe('quotas', () => {
  test('per minute: waits as long as Gemini asks', async () => {
    const run = parts();
    run.failures.push(geminiFailure('gemini-quota-minute', 26_000));
    const { notes } = await sync(run);
    expect(run.slept[0]).toBe(26_000);
    expect(notes[0]).toContain('26 s');
    // After that the free tier's rate applies: 86 texts at 100 a minute, minus the 26 seconds waited already.
    expect(notes.join('\n')).toMatch(/free tier embeds .* min left/);
    expect(run.points.size).toBe(book.sections.length);
  });

  test('per day: indexes the rest without vectors, and adds them in the next run', async () => {
    const run = parts();
    // Of two batches at a time, and of the first of them again.
    run.failures.push(null, ...Array.from({ length: 3 }, () => geminiFailure('gemini-quota-day')));
    const { withoutVector } = await sync(run);
    expect(withoutVector).toBe(book.sections.length - 32);
    expect(run.collection.stamp?.without_vector).toBe(withoutVector);
    expect(await sync(run)).toMatchObject({ embedded: withoutVector, withoutVector: 0 });
    expect([...run.points.values()].every(({ dense }) => dense !== null)).toBe(true);
  });

  test('fail the run if Gemini stays unavailable', async () => {
    const run = parts();
    run.failures.push(...Array.from({ length: 5 }, () => geminiFailure('gemini-unavailable')));
    await expect(sync(run)).rejects.toMatchObject({ code: 'gemini-unavailable' });
  });
});

describe('batches', () => {
  /** How many calls ran at a time, for each call. */
  function countCalls(run: ReturnType<typeof parts>): number[] {
    const counts: number[] = [];
    let running = 0;
    const { embedder } = run;
    run.embedder = {
      ...embedder,
      async embedDocuments(request) {
        running += 1;
        counts.push(running);
        await new Promise((resolve) => setImmediate(resolve));
        return embedder.embedDocuments(request).finally(() => (running -= 1));
      },
    };
    return counts;
  }

  test('are embedded at a time, more and more while nothing is refused', async () => {
    const run = parts();
    const counts = countCalls(run);
    const { embedded } = await sync(run);
    expect(counts.slice(0, 7)).toEqual([1, 1, 2, 1, 2, 3, 4]);
    expect(embedded).toBe(book.sections.length);
    expect(run.embedded).toHaveLength(book.sections.length);
  });

  test('are embedded one at a time once the quota was hit', async () => {
    const run = parts();
    run.failures.push(null, null, geminiFailure('gemini-quota-minute', 1_000));
    const counts = countCalls(run);
    await sync(run);
    expect(counts.slice(0, 3)).toEqual([1, 1, 2]);
    expect(new Set(counts.slice(3))).toEqual(new Set([1]));
    expect([...run.points.values()].every(({ dense }) => dense !== null)).toBe(true);
  });
});

describe('two runs at the same time', () => {
  test('with different books: the later one fails and removes nothing', async () => {
    const run = parts();
    await sync(run);
    const [first, second] = [
      edited((sections) => {
        sections.splice(3, 4);
        sections[0]!.content = 'New text.';
      }),
      edited((sections) => sections.splice(9, 2)),
    ];
    const later = syncBook({ ...run, book: first });
    await later.next();
    run.collection.stamp = { ...run.collection.stamp!, digest: 'of the other' };
    const before = run.points.size;
    await expect(
      (async () => {
        for await (const _ of later);
      })(),
    ).rejects.toMatchObject({ code: 'collection-busy' });
    expect(run.points.size).toBe(before);
    expect(await sync(run, second)).toMatchObject({ outcome: 'changed' });
    expect(run.points.size).toBe(second.sections.length);
  });
});

describe('a collection that is not ours', () => {
  test('does not remove a point that another tool added to ours', async () => {
    const run = parts();
    await sync(run);
    const [point] = run.points.values();
    const id = '11111111-1111-4111-8111-111111111111';
    run.points.set(id, { ...point!, section: { ...point!.section, id, hash: '' } });
    expect(await sync(run)).toMatchObject({ outcome: 'unchanged' });
    await sync(
      run,
      edited((sections) => sections.pop()),
    );
    expect(run.points.has(id)).toBe(true);
    expect(run.points.size).toBe(book.sections.length);
  });

  test('is never written', async () => {
    const run = parts();
    await sync(run);
    for (const point of run.points.values()) point.section = { ...point.section, hash: '' };
    Object.assign(run.collection, { stamp: null });
    run.log.length = 0;
    expect(await previewSync({ book, ...run })).toMatchObject({ kind: 'foreign' });
    await expect(sync(run)).rejects.toMatchObject({ code: 'collection-foreign' });
    expect(run.log).toEqual([]);
  });
});

describe('another book', () => {
  const others = (
    site: Partial<Book['site']>,
    sections: (all: ExpandedBook['sections']) => ExpandedBook['sections'] = (all) =>
      all.map((section, index) => ({
        ...section,
        id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      })),
  ): Book => ({
    ...book,
    site: { ...book.site, ...site },
    sections: sections(structuredClone(book.sections)),
  });

  test('with another title and other pages does not overwrite this one', async () => {
    const run = parts();
    await sync(run);
    const [writes, points] = [run.log.length, run.points.size];
    const bread = others({ title: 'Bread', url: 'https://bread.example' });
    expect(await previewSync({ book: bread, ...run })).toMatchObject({ kind: 'foreign' });
    await expect(sync(run, bread)).rejects.toMatchObject({ code: 'collection-foreign' });
    expect([run.log.length, run.points.size]).toEqual([writes, points]);
  });

  test('is not assumed because of a new title alone, or of moved pages alone', async () => {
    const run = parts();
    await sync(run);
    expect(await previewSync({ book: others({ title: 'New title' }, (all) => all), ...run })).toMatchObject({
      kind: 'changes',
    });
    expect(await previewSync({ book: others({}), ...run })).toMatchObject({ kind: 'changes' });
  });
});

import { describe, expect, test } from 'vitest';
import { bookJson } from '../../../indexer/book-json.ts';
import type { Book } from '../../../indexer/book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { previewSync, syncBook, type SyncReport } from '../../../indexer/sync/sync-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { embedderStandIn, quota, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();
const site = await findBook({ dir: 'sandbox/book', signal });
if (site === null) throw new Error('no sample book');
const book = expandBook(await readBook({ site, signal }));

function parts() {
  const slept: number[] = [];
  const clock = { time: 0 };
  const sleep = async (ms: number): Promise<void> => {
    // Not the half second in which two runs that begin together see each other.
    if (ms !== 500) slept.push(ms);
    clock.time += ms;
  };
  return { ...embedderStandIn(), ...storeStandIn(), slept, sleep, now: () => clock.time, signal };
}

async function sync(
  with_: ReturnType<typeof parts>,
  of: Book = book,
): Promise<SyncReport & { notes: string[] }> {
  const work = syncBook({ ...with_, book: of });
  const notes: string[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { ...step.value, notes };
    if (step.value.note !== '') notes.push(step.value.note);
  }
}

function edited(change: (sections: ExpandedBook['sections']) => void): ExpandedBook {
  const sections = structuredClone(book.sections);
  change(sections);
  return { ...book, sections };
}

describe('a new collection', () => {
  test('holds every section once, and the stamp comes last', async () => {
    const run = parts();
    const report = await sync(run);
    expect(run.points.size).toBe(book.sections.length);
    expect(report).toMatchObject({ outcome: 'changed', added: book.sections.length, withoutVector: 0 });
    expect(run.log[0]).toBe('create');
    expect(run.log.at(-1)).toBe('stamp');
    expect(run.it.stamp).toMatchObject({
      sections: book.sections.length,
      embedding_model: 'gemini-embedding-2',
    });
  });

  test('needs nothing the second time: no write, no embedding', async () => {
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
    expect(bookJson({ book, stamp })).toBe(bookJson({ book: structuredClone(book), stamp: run.it.stamp }));
  });

  test('gives no book.json that the Hub would not take as plain text', () => {
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

  test('moves a section without embedding it, and removes one that is gone', async () => {
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
    expect([...run.points.values()].find(({ section }) => section.position === 3)?.section.lines).toEqual([
      99, 100,
    ]);
    expect(await sync(run, next)).toMatchObject({ outcome: 'unchanged' });
  });

  test('is embedded anew by another model, and the old stamp goes first', async () => {
    const run = parts();
    await sync(run);
    const other = { ...run, ...embedderStandIn({ model: 'gemini-embedding-001' }) };
    run.log.length = 0;
    expect(await sync(other)).toMatchObject({ changed: book.sections.length });
    expect(run.log[0]).toBe('remove');
  });
});

describe('a run that is cut off', () => {
  test.each([0, 1, 2, 3, 4])('at write %i goes on where it was and ends the same', async (at) => {
    const whole = parts();
    await sync(whole);
    const run = parts();
    run.hooks.beforeWrite = () => {
      if (run.log.length === at) throw new Error('cut');
    };
    await expect(sync(run)).rejects.toThrow('cut');
    run.hooks.beforeWrite = () => undefined;
    await sync(run);
    expect(new Map([...run.points].sort())).toEqual(new Map([...whole.points].sort()));
    expect(new Set(run.embedded).size).toBe(new Set(whole.embedded).size);
    expect(run.it.stamp?.digest).toBe(whole.it.stamp?.digest);
  });
});

describe('quotas', () => {
  test('a minute’s is waited out as long as Gemini asks', async () => {
    const run = parts();
    run.failures.push(quota('gemini-quota-minute', 26_000));
    const { notes } = await sync(run);
    expect(run.slept[0]).toBe(26_000);
    expect(notes[0]).toContain('26 s');
    // From then on the free tier's pace is kept: 86 texts at 100 a minute, 26 seconds of them waited already.
    expect(notes.join('\n')).toMatch(/free tier embeds .* min left/);
    expect(run.points.size).toBe(book.sections.length);
  });

  test('a day’s leaves the rest to its words, and the next run fills it in', async () => {
    const run = parts();
    run.failures.push(null, quota('gemini-quota-day'));
    const { withoutVector } = await sync(run);
    expect(withoutVector).toBe(book.sections.length - 32);
    expect(run.it.stamp?.without_vector).toBe(withoutVector);
    expect(await sync(run)).toMatchObject({ embedded: withoutVector, withoutVector: 0 });
    expect([...run.points.values()].every(({ dense }) => dense !== null)).toBe(true);
  });

  test('a fault that stays ends the run with its own sentence', async () => {
    const run = parts();
    run.failures.push(...Array.from({ length: 5 }, () => quota('gemini-unavailable')));
    await expect(sync(run)).rejects.toMatchObject({ code: 'gemini-unavailable' });
  });
});

describe('two runs at once', () => {
  test('with different books: the later one leaves with a sentence and removes nothing', async () => {
    const run = parts();
    await sync(run);
    const [first, second] = [
      edited((sections) => {
        sections.splice(3, 4);
        sections[0]!.content = 'New text.';
      }),
      edited((sections) => sections.splice(9, 2)),
    ];
    const late = syncBook({ ...run, book: first });
    await late.next();
    run.it.stamp = { ...run.it.stamp!, digest: 'of the other' };
    const before = run.points.size;
    await expect(
      (async () => {
        for await (const _ of late);
      })(),
    ).rejects.toMatchObject({ code: 'collection-busy' });
    expect(run.points.size).toBe(before);
    expect(await sync(run, second)).toMatchObject({ outcome: 'changed' });
    expect(run.points.size).toBe(second.sections.length);
  });
});

describe('a collection that is not ours', () => {
  test('nor is a point that another tool put into ours: it stays', async () => {
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
    Object.assign(run.it, { stamp: null });
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

  test('of another title and other pages is not written over this one', async () => {
    const run = parts();
    await sync(run);
    const [writes, held] = [run.log.length, run.points.size];
    const bread = others({ title: 'Bread', url: 'https://bread.example' });
    expect(await previewSync({ book: bread, ...run })).toMatchObject({ kind: 'foreign' });
    await expect(sync(run, bread)).rejects.toMatchObject({ code: 'collection-foreign' });
    expect([run.log.length, run.points.size]).toEqual([writes, held]);
  });

  test('is not what a new title, or moved pages, make of this one', async () => {
    const run = parts();
    await sync(run);
    expect(await previewSync({ book: others({ title: 'New title' }, (all) => all), ...run })).toMatchObject({
      kind: 'changes',
    });
    expect(await previewSync({ book: others({}), ...run })).toMatchObject({ kind: 'changes' });
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Book } from '../../../indexer/book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { syncBook, type SyncReport } from '../../../indexer/sync/sync-book.ts';
import { generateBook, type GeneratedWords } from '../generate-book.ts';
import { embedderStandIn, storeStandIn } from './stand-ins.ts';

const { signal } = new AbortController();
let dir: string;
let generated: GeneratedWords;
let book: Book;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'generated-book-'));
  generated = await generateBook({ dir, pages: 1000 });
  const site = await findBook({ dir, signal });
  if (site === null) throw new Error('no book');
  book = await readBook({ site, signal });
}, 120_000);

afterAll(() => rm(dir, { recursive: true, force: true }));

function parts() {
  return {
    ...embedderStandIn(),
    ...storeStandIn(),
    sleep: async () => undefined,
    now: () => 0,
    signal,
    book,
  };
}

async function sync(run: ReturnType<typeof parts>): Promise<SyncReport> {
  const work = syncBook(run);
  for (;;) {
    const step = await work.next();
    if (step.done === true) return step.value;
  }
}

test('each word of the book is in exactly one section', () => {
  expect(book.pages).toHaveLength(1000);
  expect(book.warnings).toEqual([]);
  const seen = new Map<string, number>();
  for (const { content } of book.sections)
    for (const [word] of content.matchAll(/\bw[0-9a-z]+q\b/g)) seen.set(word, (seen.get(word) ?? 0) + 1);
  expect([...generated.once].filter((word) => seen.get(word) !== 1)).toEqual([]);
  expect([...generated.headers].filter((word) => !seen.has(word))).toEqual([]);
});

test('sections keep to their size, and no code block or table row is torn', () => {
  for (const { content } of book.sections) {
    expect(content.length).toBeLessThanOrEqual(2400);
    expect((content.match(/^ *`{3,}/gm) ?? []).length % 2).toBe(0);
    expect(content.split('\n').filter((line) => line.startsWith('| ') && !line.endsWith('|'))).toEqual([]);
  }
});

test('a second run embeds nothing and writes nothing', async () => {
  const run = parts();
  await sync(run);
  const [writes, texts] = [run.log.length, run.embedded.length];
  expect(texts).toBe(book.sections.length);
  await sync(run);
  expect([run.log.length, run.embedded.length]).toEqual([writes, texts]);
});

/** Every call of the model and of the collection may be the last one: before it does anything, or when it is done. */
function cutting(run: ReturnType<typeof parts>, cut: (call: number) => 'before' | 'after' | null) {
  let calls = 0;
  const watch = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function' || name === 'hashes' || name === 'sections') return member;
        return async (...args: unknown[]) => {
          const when = cut((calls += 1));
          if (when === 'before') throw new Error('cut');
          const result: unknown = await Reflect.apply(member, target, args);
          if (when === 'after') throw new Error('cut');
          return result;
        };
      },
    });
  return { ...run, store: watch(run.store), embedder: watch(run.embedder) };
}

test('cut off at ten random points and run again, it ends as a run in one go', async () => {
  const whole = parts();
  let total = 0;
  await sync(cutting(whole, (call) => ((total = call), null)));
  const run = parts();
  const random = (below: number): number => Math.floor(Math.random() * below);
  const told: string[] = [];
  for (let cuts = 0; cuts < 10; cuts++) {
    const at = 1 + random((total * 2) / 10);
    const when = random(2) === 0 ? 'before' : 'after';
    told.push(`${when} ${at}`);
    await sync(cutting(run, (call) => (call === at ? when : null))).catch(() => undefined);
    // Whoever is killed leaves his lease behind, which is waited for; here nobody has the time.
    run.it.lease = null;
  }
  await sync(run);
  const inOrder = ({ points }: typeof run) =>
    [...points.values()].sort((a, b) => (a.section.id < b.section.id ? -1 : 1));
  expect(run.points.size).toBe(whole.points.size);
  expect(inOrder(run), told.join(', ')).toEqual(inOrder(whole));
  expect(run.it.stamp).toEqual(whole.it.stamp);
  // A batch that was embedded and not yet written is all that is paid for twice.
  expect(run.embedded.length - whole.embedded.length, told.join(', ')).toBeLessThanOrEqual(10 * 32);
});

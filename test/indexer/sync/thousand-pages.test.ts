import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Book } from '../../../indexer/book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { maxBatchesAtOnce } from '../../../indexer/sync/embed-ahead.ts';
import { generateBook, type GeneratedWords } from '../generate-book.ts';
import { runSync } from './run-sync.ts';
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

test('puts each word of the book into exactly one section', () => {
  expect(book.pages).toHaveLength(1000);
  expect(book.warnings).toEqual([]);
  const seen = new Map<string, number>();
  for (const { content } of book.sections)
    for (const [word] of content.matchAll(/\bw[0-9a-z]+q\b/g)) seen.set(word, (seen.get(word) ?? 0) + 1);
  expect([...generated.once].filter((word) => seen.get(word) !== 1)).toEqual([]);
  expect([...generated.headers].filter((word) => !seen.has(word))).toEqual([]);
});

test('keeps sections to their size, and tears no code block or table row', () => {
  for (const { content } of book.sections) {
    expect(content.length).toBeLessThanOrEqual(2400);
    expect((content.match(/^ *`{3,}/gm) ?? []).length % 2).toBe(0);
    expect(content.split('\n').filter((line) => line.startsWith('| ') && !line.endsWith('|'))).toEqual([]);
  }
});

test('embeds and writes nothing in a second run', async () => {
  const run = parts();
  await runSync(run);
  const [writes, texts] = [run.log.length, run.embedded.length];
  expect(texts).toBe(book.sections.length);
  await runSync(run);
  expect([run.log.length, run.embedded.length]).toEqual([writes, texts]);
});

/** Interrupts a run before or after one of its calls of the model or the collection. */
function interrupted(run: ReturnType<typeof parts>, cut: (call: number) => 'before' | 'after' | null) {
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

test('gives the same result if interrupted at ten random points', async () => {
  const whole = parts();
  let total = 0;
  await runSync(interrupted(whole, (call) => ((total = call), null)));
  const run = parts();
  const random = (below: number): number => Math.floor(Math.random() * below);
  const cuts: string[] = [];
  while (cuts.length < 10) {
    const cutCall = 1 + random((total * 2) / 10);
    const when = random(2) === 0 ? 'before' : 'after';
    cuts.push(`${when} ${cutCall}`);
    await runSync(interrupted(run, (call) => (call === cutCall ? when : null))).catch(() => undefined);
    // A killed run leaves its lease behind, which the next one would wait for.
    run.collection.lease = null;
  }
  await runSync(run);
  const inOrder = ({ points }: typeof run) =>
    [...points.values()].sort((a, b) => (a.section.id < b.section.id ? -1 : 1));
  expect(run.points.size).toBe(whole.points.size);
  expect(inOrder(run), cuts.join(', ')).toEqual(inOrder(whole));
  expect(run.collection.stamp).toEqual(whole.collection.stamp);
  // Each interruption may repeat the batches of one group, embedded and not written.
  expect(run.embedded.length - whole.embedded.length, cuts.join(', ')).toBeLessThanOrEqual(
    10 * maxBatchesAtOnce * 32,
  );
});

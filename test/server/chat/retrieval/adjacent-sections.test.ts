import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import { loadAdjacentSections } from '../../../../server/chat/retrieval/adjacent-sections.ts';
import { BookIndex } from '../../../../server/chat/book-index/book-index.ts';
import { chatSettings } from '../../../../server/chat/settings.ts';
import type { Section } from '../../../../server/collection/section.ts';
import { embedderStandIn, storeStandIn } from '../../../indexer/sync/stand-ins.ts';
import { sampleSections } from '../../sample-sections.ts';
import { stampOf } from '../../vendors.ts';

const { signal } = new AbortController();
const page: Section[] = sampleSections.map((section, at, all) => ({
  ...section,
  previous: all[at - 1]?.id ?? null,
  next: all[at + 1]?.id ?? null,
}));
const ranked = [{ section: page[2]!, score: 1, similarity: 1 }];

/** A book of five sections, and a limit of sections to hold in memory. */
async function build(memorySections: number) {
  const { store, points, collection } = storeStandIn();
  for (const section of page)
    points.set(section.id, { section, dense: [1], sparse: { indices: [], values: [] } });
  Object.assign(collection, { exists: true, stamp: stampOf(page) });
  const calls: (readonly string[])[] = [];
  const reader = {
    ...store,
    sectionsById: ({ ids }: { ids: readonly string[]; signal: AbortSignal }) => {
      calls.push(ids);
      return store.sectionsById({ ids, signal });
    },
  };
  const { embedder } = embedderStandIn();
  const bookIndex = new BookIndex({
    store: reader,
    embedder,
    readBundledBook: async () => null,
    memorySections,
  });
  await bookIndex.refresh({ signal });
  const breaker = new CircuitBreaker({ service: 'qdrant' });
  const deps = { passageStore: reader, breakers: { qdrant: breaker }, settings: chatSettings };
  const load = () => loadAdjacentSections({ ranked, book: bookIndex.snapshot.book, deps, signal });
  return { calls, breaker, load };
}

test('the sections around a hit come from memory, or from one call to Qdrant', async () => {
  for (const [memorySections, expectedCalls] of [
    [5, []],
    [4, [[page[3]!.id, page[1]!.id]]],
  ] as const) {
    const { load, calls } = await build(memorySections);
    const adjacent = await load();
    expect([adjacent(page[3]!.id)?.title, adjacent(page[1]!.id)?.title]).toEqual(['ROS nodes', 'Cameras']);
    expect(calls).toEqual(expectedCalls);
  }
});

test('while Qdrant is down, an answer does without them', async () => {
  const { load, breaker } = await build(4);
  breaker.fail(new Error('down'), { began: Date.now() });
  const adjacent = await load();
  expect([adjacent(page[2]!.id)?.title, adjacent(page[3]!.id)]).toEqual(['PID control', undefined]);
});

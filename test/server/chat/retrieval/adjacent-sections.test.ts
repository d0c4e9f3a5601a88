import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import { BookIndex } from '../../../../server/chat/retrieval/book-index.ts';
import { loadAdjacentSections } from '../../../../server/chat/retrieval/adjacent-sections.ts';
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
const found = [{ section: page[2]!, score: 1, similarity: 1 }];

/** A book of five sections, of which so many may be held in memory. */
async function build(memorySections: number) {
  const { store, points, it } = storeStandIn();
  for (const section of page)
    points.set(section.id, { section, dense: [1], sparse: { indices: [], values: [] } });
  Object.assign(it, { exists: true, stamp: stampOf(page) });
  const asked: (readonly string[])[] = [];
  const reader = {
    ...store,
    sectionsById: ({ ids }: { ids: readonly string[]; signal: AbortSignal }) => {
      asked.push(ids);
      return store.sectionsById({ ids, signal });
    },
  };
  const { embedder } = embedderStandIn();
  const library = new BookIndex({
    store: reader,
    embedder,
    readBundledBook: async () => null,
    memorySections,
  });
  await library.refresh({ signal });
  const breaker = new CircuitBreaker({ service: 'qdrant' });
  const parts = { store: reader, breakers: { qdrant: breaker }, settings: chatSettings };
  return {
    asked,
    breaker,
    look: () => loadAdjacentSections({ ranked: found, holding: library.holding, parts, signal }),
  };
}

test('what stands around a hit is held in memory, or fetched in one call', async () => {
  for (const [most, calls] of [
    [5, []],
    [4, [[page[3]!.id, page[1]!.id]]],
  ] as const) {
    const { look, asked } = await build(most);
    const neighbour = await look();
    expect([neighbour(page[3]!.id)?.title, neighbour(page[1]!.id)?.title]).toEqual(['ROS nodes', 'Cameras']);
    expect(asked).toEqual(calls);
  }
});

test('an answer does without them while Qdrant is away', async () => {
  const { look, breaker } = await build(4);
  breaker.fail(new Error('down'), { began: Date.now() });
  const neighbour = await look();
  expect([neighbour(page[2]!.id)?.title, neighbour(page[3]!.id)]).toEqual(['PID control', undefined]);
});

import { expect, test } from 'vitest';
import type { Enricher } from '../../../../indexer/sync/enrichment/enricher.ts';
import { previewSync } from '../../../../indexer/sync/preview-sync.ts';
import { sectionHash } from '../../../../indexer/section-id.ts';
import { enrichmentRecipe, type Enrichment } from '../../../../server/collection/enrichment/enrichment.ts';
import type { Section } from '../../../../server/collection/section.ts';
import { sparseVector } from '../../../../server/collection/sparse-vector.ts';
import { ServerFailure } from '../../../../server/failure.ts';
import type { ExpandedBook } from '../../expand-book.ts';
import { temporaryBook } from '../../temporary-book.ts';
import { runSync } from '../run-sync.ts';
import { embedderStandIn, geminiFailure, storeStandIn } from '../stand-ins.ts';

const { signal } = new AbortController();
const pages = 40;

function bookOf(texts: readonly string[]): Promise<ExpandedBook> {
  const files = texts.map((text, index) => [
    `docs/p${String(index).padStart(3, '0')}.md`,
    `# Page ${index}\n\n${text}\n`,
  ]);
  return temporaryBook({ 'docusaurus.config.js': 'export default {};', ...Object.fromEntries(files) });
}
const texts = Array.from({ length: pages }, (_, index) => `The pump number ${index} moves water uphill.`);
const book = await bookOf(texts);

/** A model that asks about the section's number; `failAt` throws at that call, counted from 1. */
function enricherStandIn() {
  const cached = new Map<string, Enrichment>();
  const calls: string[] = [];
  const failures = new Map<number, Error>();
  const enricher: Enricher = {
    cache: {
      get: (hash) => cached.get(hash),
      put: async (hash, enrichment) => void cached.set(hash, enrichment),
      clear: async () => cached.clear(),
    },
    async enrich({ section }) {
      calls.push(section.id);
      const failure = failures.get(calls.length);
      if (failure !== undefined) throw failure;
      return { context: `About ${section.title}.`, questions: [`Wherefore zebrafish ${section.title}?`] };
    },
  };
  return { enricher, calls, cached, failures };
}

function worldOf() {
  const stand = { ...storeStandIn(), ...embedderStandIn(), ...enricherStandIn() };
  const parts = {
    store: stand.store,
    embedder: stand.embedder,
    now: Date.now,
    sleep: async () => undefined,
    signal,
  };
  const run = (current = book, isEnriched = true) =>
    runSync({ ...parts, book: current, ...(isEnriched && { enricher: stand.enricher }) });
  const stored = (): Section[] => [...stand.points.values()].map(({ section }) => section);
  return { ...stand, parts, run, stored };
}

test('without it, nothing of it is written, and the hashes are those of a book that is not enriched', async () => {
  const world = worldOf();
  await world.run(book, false);
  expect(world.calls).toEqual([]);
  for (const section of world.stored()) {
    expect(section).not.toHaveProperty('enrichment');
    expect(section.hash).toBe(sectionHash({ section, embedder: world.embedder }));
  }
});

test('a call for each section, none when nothing changed, one for one that changed', async () => {
  const world = worldOf();
  const preview = () => previewSync({ ...world.parts, book, recipe: enrichmentRecipe });
  expect(await preview()).toMatchObject({ enrichmentCalls: pages });
  expect(await world.run()).toMatchObject({ withoutEnrichment: 0 });
  expect(world.calls).toHaveLength(pages);
  expect(await preview()).toMatchObject({ kind: 'unchanged', enrichmentCalls: 0 });
  expect(await world.run()).toMatchObject({ outcome: 'unchanged' });
  const changed = await bookOf(texts.map((text, index) => (index === 7 ? `${text} Slowly.` : text)));
  await world.run(changed);
  expect(world.calls).toHaveLength(pages + 1);
});

test('both the embedded text and the words of a section have what was written about it', async () => {
  const world = worldOf();
  await world.run();
  expect(world.embedded[0]).toContain('Wherefore zebrafish Page 0?');
  const [{ section, sparse } = { section: undefined, sparse: undefined }] = world.points.values();
  expect(sparse?.indices).toContain(sparseVector('zebrafish').indices[0]);
  expect(section?.content).not.toContain('zebrafish');
});

test.each([1, 33, 37])('interrupted at call %i and resumed, each section has cost one call', async (at) => {
  const world = worldOf();
  const outage = new ServerFailure({ code: 'gemini-key-rejected', message: '', remedy: '' });
  world.failures.set(at, outage);
  await expect(world.run()).rejects.toThrow(outage);
  expect(world.calls.length).toBeLessThanOrEqual(pages);
  await world.run();
  // The call that failed brought nothing, and is made again.
  expect(world.calls).toHaveLength(pages + 1);
  expect(world.stored().every(({ enrichment }) => enrichment !== undefined)).toBe(true);
  expect(world.cached.size).toBe(0);
});

test('a run killed before its batch is written is resumed from what it kept', async () => {
  const world = worldOf();
  let writes = 0;
  world.hooks.beforeWrite = (name) => {
    if (name === 'upsert' && (writes += 1) === 2) throw new Error('killed');
  };
  await expect(world.run()).rejects.toThrow('killed');
  world.hooks.beforeWrite = () => undefined;
  await world.run();
  expect(world.calls).toHaveLength(pages);
});

test('when the quota of the day ends, the rest is indexed without, and enriched by the next run alone', async () => {
  const world = worldOf();
  for (let call = 35; call <= 40; call += 1) world.failures.set(call, geminiFailure('gemini-quota-day'));
  const first = await world.run();
  expect(first.withoutEnrichment).toBeGreaterThan(0);
  expect(world.stored()).toHaveLength(pages);
  world.failures.clear();
  const before = world.calls.length;
  const second = await world.run();
  expect(world.calls.length - before).toBe(first.withoutEnrichment);
  expect(second.withoutEnrichment).toBe(0);
  expect(second.stamp.digest).not.toBe(first.stamp.digest);
});

test('a section that only moved keeps what was written about it, without a call', async () => {
  const world = worldOf();
  await world.run();
  await world.run(await bookOf(['A new first page about barrels.', ...texts.slice(1)]));
  expect(world.calls).toHaveLength(pages + 1);
  expect(world.stored().every(({ enrichment }) => enrichment !== undefined)).toBe(true);
});

test('without it again, the collection is what it would have been', async () => {
  const [world, plain] = [worldOf(), worldOf()];
  await world.run();
  await world.run(book, false);
  await plain.run(book, false);
  expect([...world.points.values()]).toEqual([...plain.points.values()]);
});

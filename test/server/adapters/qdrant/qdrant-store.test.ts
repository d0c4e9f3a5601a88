import { afterAll, beforeAll, expect, test } from 'vitest';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { startQdrant } from '../../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { createQdrantStore } from '../../../../server/adapters/qdrant/qdrant-store.ts';
import type { Section } from '../../../../server/collection/section.ts';
import { sparseVector } from '../../../../server/collection/sparse-vector.ts';
import { sampleSections } from '../../sample-sections.ts';
import { stampOf } from '../../vendors.ts';

const faults = new Faults();
let qdrant: Awaited<ReturnType<typeof startQdrant>>;
const { signal } = new AbortController();
const at = (collection: string, apiKey = qdrant.apiKey) =>
  createQdrantStore({ url: qdrant.url, apiKey, collection });

beforeAll(async () => {
  qdrant = await startQdrant({ faults, record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());

async function put(path: string, body: unknown): Promise<void> {
  const headers = { 'api-key': qdrant.apiKey, 'content-type': 'application/json' };
  const response = await fetch(`${qdrant.url}${path}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.text()).toBe(true);
}

async function all(sections: AsyncIterable<Section>): Promise<Section[]> {
  const all: Section[] = [];
  for await (const section of sections) all.push(section);
  return all;
}

test('a book is written, described, read, searched and reduced', async () => {
  const store = at('ours');
  expect(await store.describe({ signal })).toEqual({ exists: false });
  await store.create({ dimensions: 3, signal });
  const dense = [[1, 0, 0], [0, 1, 0], [0, 0, 1], null];
  await store.upsert({
    points: dense.map((vector, index) => ({
      section: sampleSections[index]!,
      dense: vector,
      sparse: sparseVector(sampleSections[index]!),
    })),
    signal,
  });
  await store.writeStamp({ stamp: stampOf(sampleSections), signal });
  expect(await store.describe({ signal })).toMatchObject({
    exists: true,
    points: 5,
    dimensions: 3,
    vectorName: 'dense',
    hasSparse: true,
    stamp: { sections: 5 },
  });
  expect((await all(store.sections({ signal }))).sort((a, b) => a.position - b.position)).toEqual(
    sampleSections.slice(0, 4),
  );
  const hashes = [];
  for await (const entry of store.hashes({ signal })) hashes.push(entry);
  expect(hashes.map(({ hasDense }) => hasDense).sort()).toEqual([false, true, true, true]);
  const near = await store.searchDense({ vector: [0.9, 0.1, 0], limit: 2, signal });
  expect(near.map(({ section }) => section.title)).toEqual(['Lidar', 'Cameras']);
  // Only ids are transferred for sections in the lookup; if one is missing there, all texts are.
  const held = { ...sampleSections[0]!, title: 'Held' };
  const lookup = (id: string) => (id === held.id ? held : undefined);
  const [own] = await store.searchDense({ vector: [0.9, 0.1, 0], limit: 1, lookup, signal });
  expect(own?.section).toBe(held);
  const some = await store.searchDense({ vector: [0.9, 0.1, 0], limit: 2, lookup, signal });
  expect(some.map(({ section }) => section.title)).toEqual(['Lidar', 'Cameras']);
  const worded = await store.searchSparse({ vector: sparseVector('stereo disparity'), limit: 5, signal });
  expect(worded[0]?.section.title).toBe('Cameras');
  await store.remove({ ids: [sampleSections[0]!.id], signal });
  expect(await all(store.sections({ signal }))).toHaveLength(3);
});

test('legacy points are read as sections, without empty ones, with forward slashes', async () => {
  await put('/collections/legacy', { vectors: { size: 3, distance: 'Cosine' } });
  await put('/collections/legacy/points?wait=true', {
    points: [
      {
        id: '6f6dd433-5f95-4da7-a162-618e06b220b0',
        vector: [1, 0, 0],
        payload: {
          file_path: String.raw`docs\module-02\chapter-05.md`,
          heading_path: ['Gazebo — setup', 'Install'],
          section_depth: 3,
          content: 'Install Gazebo.',
          token_count: 3,
        },
      },
      { id: 7, vector: [1, 0, 0], payload: { file_path: 'docs/a.md', heading_path: [], content: '' } },
    ],
  });
  const store = at('legacy');
  expect(await store.describe({ signal })).toMatchObject({ dimensions: 3, vectorName: '', stamp: null });
  expect(await all(store.sections({ signal }))).toMatchObject([
    { url: '/docs/module-02/chapter-05', headings: ['Gazebo — setup', 'Install'], title: 'Gazebo — setup' },
  ]);
  const hits = await store.searchDense({ vector: [1, 0, 0], limit: 5, signal });
  expect(hits.map(({ section }) => section.content)).toEqual(['Install Gazebo.']);
});

test.each([
  ['a wrong key', () => at('ours', 'wrong'), 'qdrant-key-rejected'],
  ['a missing collection', () => at('nowhere'), 'qdrant-collection-missing'],
])('%s is named', async (_what, store, code) => {
  await expect(store().searchDense({ vector: [1, 0, 0], limit: 1, signal })).rejects.toMatchObject({ code });
  await expect(all(store().sections({ signal }))).rejects.toMatchObject({ code });
});

test.each([
  [{ type: 'cut' } as const, 'qdrant-unreachable'],
  [{ type: 'rubbish' } as const, 'qdrant-unreadable'],
  [{ type: 'status', status: 503 } as const, 'qdrant-unavailable'],
  [{ type: 'status', status: 429, headers: { 'retry-after': '7' } } as const, 'qdrant-busy'],
])('%j becomes %s', async (kind, code) => {
  faults.add({ call: 'qdrant.*', kind });
  const expected = { code, ...(code === 'qdrant-busy' ? { retryAfterMs: 7_000 } : {}) };
  await expect(at('ours').searchDense({ vector: [1, 0, 0], limit: 1, signal })).rejects.toMatchObject(
    expected,
  );
  await expect(at('ours').describe({ signal })).rejects.toMatchObject(expected);
  faults.clear();
});

test('a page that answers in place of Qdrant has written nothing', async () => {
  const store = at('ours');
  faults.add({ call: 'qdrant.*', kind: { type: 'rubbish' } });
  const [section] = sampleSections;
  const writes = [
    store.upsert({ points: [{ section: section!, dense: null, sparse: sparseVector(section!) }], signal }),
    store.updatePayloads?.({ sections: [section!], signal }),
    store.remove({ ids: [section!.id], signal }),
    store.writeStamp({ stamp: stampOf(sampleSections), signal }),
    store.quantise?.({ signal }),
  ];
  for (const result of await Promise.allSettled(writes))
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'qdrant-unreadable' } });
  faults.clear();
});

test('a caller that aborts is not kept waiting', async () => {
  faults.add({ call: 'qdrant.*', kind: { type: 'wait', ms: 5_000 } });
  const soon = AbortSignal.timeout(20);
  const started = performance.now();
  await expect(at('ours').describe({ signal: soon })).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(2_000);
  faults.clear();
});

test('a scroll without an end is read to the number of points in the collection', async () => {
  const store = at('endless');
  await store.create({ dimensions: 3, signal });
  const [section] = sampleSections;
  const points = Array.from({ length: 300 }, (_point, position) => ({
    section: { ...section!, id: crypto.randomUUID(), position },
    dense: [1, 0, 0],
    sparse: sparseVector('lidar'),
  }));
  await store.upsert({ points, signal });
  qdrant.controls['endlessScroll']?.(true);
  const stop = AbortSignal.timeout(20_000);
  const read = await all(store.sections({ signal: stop })).finally(() =>
    qdrant.controls['endlessScroll']?.(false),
  );
  // Each section once: what is read again is not part of the book again.
  expect(read.map(({ position }) => position).sort((a, b) => a - b)).toEqual(
    points.map(({ section }) => section.position),
  );
});

test('a quantised collection is searched with rescoring and twice as many candidates', async () => {
  const record = new ExchangeRecord();
  const own = await startQdrant({ faults, record });
  const store = createQdrantStore({ url: own.url, apiKey: own.apiKey, collection: 'large' });
  await store.create({ dimensions: 3, signal });
  const [section] = sampleSections;
  await store.upsert({
    points: [{ section: section!, dense: [1, 0, 0], sparse: sparseVector(section!) }],
    signal,
  });
  expect(await store.describe({ signal })).toMatchObject({ isQuantised: false });
  await store.quantise?.({ signal });
  expect(await store.describe({ signal })).toMatchObject({ isQuantised: true });
  const response = await fetch(`${own.url}/collections/large`, { headers: { 'api-key': own.apiKey } });
  const vectors = { dense: { on_disk: true, size: 3 } };
  expect(await response.json()).toMatchObject({ result: { config: { params: { vectors } } } });
  expect(await store.searchDense({ vector: [1, 0, 0], limit: 1, signal })).toHaveLength(1);
  const { requestBody } = record.list().findLast(({ name }) => name.includes('query'))!;
  expect(JSON.parse(requestBody)).toMatchObject({
    params: { quantization: { rescore: true, oversampling: 2 } },
  });
  await own.close();
});

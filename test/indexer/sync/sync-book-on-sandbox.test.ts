import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../sandbox/gemini/gemini.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { createGeminiEmbedder } from '../../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../../server/adapters/qdrant/qdrant-store.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { previewSync, syncBook, type SyncReport } from '../../../indexer/sync/sync-book.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';

const { signal } = new AbortController();
const faults = new Faults();
const record = new ExchangeRecord();
let gemini: GeminiStandIn;
let qdrant: QdrantStandIn;
let book: ExpandedBook;

beforeAll(async () => {
  [gemini, qdrant] = await Promise.all([startGemini({ faults, record }), startQdrant({ faults, record })]);
  const site = await findBook({ dir: 'sandbox/book', signal });
  if (site === null) throw new Error('no sample book');
  book = expandBook(await readBook({ site, signal }));
});
afterAll(() => Promise.all([gemini.close(), qdrant.close()]));
beforeEach(() => faults.clear());

function parts(collection: string) {
  const { apiKey, url } = qdrant;
  const store = createQdrantStore({ url, apiKey, collection });
  const embedder = createGeminiEmbedder({
    apiKey: gemini.apiKey,
    baseUrl: gemini.url,
    model: 'gemini-embedding-2',
    dimensions: 768,
  });
  return { book, store, embedder, now: Date.now, sleep: async () => undefined, signal };
}

async function sync(run: ReturnType<typeof parts>): Promise<SyncReport & { notes: string[] }> {
  const work = syncBook(run);
  const notes: string[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { ...step.value, notes };
    if (step.value.note !== '') notes.push(step.value.note);
  }
}

function quotaBody(quotaId: string, retryDelay?: string): string {
  const failure = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] };
  const retry =
    retryDelay === undefined ? [] : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
  return JSON.stringify({
    error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED', details: [failure, ...retry] },
  });
}

const json = { 'content-type': 'application/json' };

test('is indexed, found by its questions, and needs no write the second time', async () => {
  const run = parts('whole');
  expect(await sync(run)).toMatchObject({ outcome: 'changed', withoutVector: 0 });
  const written = record.writes();
  expect(await sync(run)).toMatchObject({ outcome: 'unchanged' });
  expect(await previewSync(run)).toMatchObject({ kind: 'unchanged', keep: book.sections.length });
  expect(record.writes()).toEqual(written);

  const { answerable } = JSON.parse(await readFile('eval/sample-book.questions.json', 'utf8')) as {
    answerable: { question: string; answeredBy: string[] }[];
  };
  for (const { question, answeredBy } of answerable) {
    const vector = await run.embedder.embedQuery({ text: question, signal });
    const found = await run.store.searchDense({ vector, limit: 5, signal });
    expect(
      found.some(({ section }) => answeredBy.includes(section.url)),
      question,
    ).toBe(true);
  }
});

test('a section that moved keeps its vector', async () => {
  const run = parts('moved');
  await sync(run);
  const sections = structuredClone(book.sections);
  sections[2]!.lines = [1, 2];
  const next = { ...run, book: { ...book, sections } };
  expect(await sync(next)).toMatchObject({ outcome: 'changed', changed: 1, embedded: 0 });
  expect(await sync(next)).toMatchObject({ outcome: 'unchanged' });
});

test('a minute’s quota is waited for, with and without RetryInfo', async () => {
  const perMinute = 'EmbedContentRequestsPerMinutePerProjectPerModel-FreeTier';
  for (const body of [quotaBody(perMinute, '26s'), quotaBody(perMinute)])
    faults.add({
      call: 'gemini.batchEmbedContents',
      kind: { type: 'status', status: 429, headers: json, body },
      times: 1,
    });
  const { notes, withoutVector } = await sync(parts('minute'));
  expect(notes.join('\n')).toContain('26 s');
  expect(withoutVector).toBe(0);
});

test('a day’s quota leaves words, which the next run fills in', async () => {
  const body = quotaBody('EmbedContentRequestsPerDayPerProjectPerModel-FreeTier');
  faults.add({
    call: 'gemini.batchEmbedContents',
    kind: { type: 'status', status: 429, headers: json, body },
    after: 1,
  });
  const run = parts('day');
  const first = await sync(run);
  expect(first.withoutVector).toBe(book.sections.length - 32);
  expect(await run.store.describe({ signal })).toMatchObject({
    stamp: { without_vector: first.withoutVector },
  });
  faults.clear();
  expect(await sync(run)).toMatchObject({ embedded: first.withoutVector, withoutVector: 0 });
});

test('a fault in a batch and a cluster that restarts do not end it', async () => {
  faults.add({ call: 'gemini.batchEmbedContents', kind: { type: 'status', status: 503 }, times: 2 });
  faults.add({ call: 'qdrant.upsert', kind: { type: 'status', status: 503 }, times: 2 });
  faults.add({ call: 'qdrant.upsert', kind: { type: 'cut' }, times: 1, after: 1 });
  expect(await sync(parts('faults'))).toMatchObject({ outcome: 'changed', withoutVector: 0 });
});

test('a cluster that stays away, or a quota that stays used up, ends it with one sentence and keeps what is done', async () => {
  const perMinute = quotaBody('EmbedContentRequestsPerMinutePerProjectPerModel-FreeTier');
  const cases = [
    // The first upsert is the run's lease.
    { call: 'qdrant.upsert', kind: { type: 'status', status: 503 }, after: 2, code: 'qdrant-unavailable' },
    {
      call: 'gemini.batchEmbedContents',
      kind: { type: 'status', status: 429, headers: json, body: perMinute },
      after: 1,
      code: 'gemini-quota-minute',
    },
    {
      call: 'gemini.batchEmbedContents',
      kind: { type: 'status', status: 500 },
      after: 1,
      code: 'gemini-unavailable',
    },
  ] as const;
  for (const [index, { code, ...fault }] of cases.entries()) {
    const run = parts(`away-${index}`);
    faults.add(fault);
    await expect(sync(run), code).rejects.toMatchObject({ code, remedy: expect.stringMatching(/./) });
    faults.clear();
    expect(await sync(run), code).toMatchObject({ embedded: book.sections.length - 32, kept: 32 });
  }
});

test('a rejected key ends it with one sentence, and what is done is kept', async () => {
  const run = parts('rejected');
  faults.add({ call: 'gemini.batchEmbedContents', kind: { type: 'status', status: 403 }, after: 1 });
  await expect(sync(run)).rejects.toMatchObject({ code: 'gemini-key-rejected' });
  faults.clear();
  expect(await previewSync(run)).toMatchObject({ kind: 'changes', keep: 32 });
});

test('a run that was cut off before its indexes makes them the next time', async () => {
  const run = parts('cut');
  const indexCalls = () => record.list({ name: 'qdrant.create-index' }).length;
  faults.add({ call: 'qdrant.create-index', kind: { type: 'status', status: 400 }, times: 1 });
  const before = indexCalls();
  await expect(sync(run)).rejects.toMatchObject({ code: 'qdrant-request-refused' });
  expect(await run.store.describe({ signal })).toMatchObject({ exists: true, stamp: null });
  expect(await sync(run)).toMatchObject({ outcome: 'changed', withoutVector: 0 });
  // All three are asked for at once, both times.
  expect(indexCalls() - before).toBe(6);
});

test('a legacy collection is foreign, and stays as it is', async () => {
  const headers = { 'content-type': 'application/json', 'api-key': qdrant.apiKey };
  const put = (path: string, body: unknown) =>
    fetch(`${qdrant.url}/collections/legacy${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  await put('', { vectors: { size: 768, distance: 'Cosine' } });
  await put('/points', {
    points: [{ id: 1, vector: Array.from({ length: 768 }, () => 0.1), payload: { content: 'old' } }],
  });
  const written = record.writes();
  const run = parts('legacy');
  expect(await previewSync(run)).toMatchObject({ kind: 'foreign', add: 0 });
  await expect(sync(run)).rejects.toMatchObject({ code: 'collection-foreign' });
  expect(record.writes()).toEqual(written);
});

test('the lease of a run is no section, and no other tool’s point', async () => {
  const run = parts('leased');
  await sync(run);
  const lease = { kind: 'lease', holder: 'another', beat: 1, for_ms: 20_000 } as const;
  await run.store.writeLease({ lease, signal });
  expect(await run.store.readLease({ signal })).toEqual(lease);
  const sections: string[] = [];
  for await (const { id } of run.store.sections({ signal })) sections.push(id);
  expect(sections).toHaveLength(book.sections.length);
  expect(await previewSync(run)).toMatchObject({ kind: 'unchanged', keep: book.sections.length });
  expect(await parts('nowhere').store.readLease({ signal })).toBeNull();
});

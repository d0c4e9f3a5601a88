import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startGemini, type GeminiStandIn } from '../../../sandbox/gemini/gemini.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';
import { createGeminiEmbedder } from '../../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../../server/adapters/qdrant/qdrant-store.ts';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../indexer/docusaurus/read-book.ts';
import { previewSync } from '../../../indexer/sync/preview-sync.ts';
import { expandBook, type ExpandedBook } from '../expand-book.ts';
import { temporaryBook } from '../temporary-book.ts';
import { runSync } from './run-sync.ts';

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

function quotaBody(quotaId: string, retryDelay?: string): string {
  const failure = { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] };
  const retry =
    retryDelay === undefined ? [] : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
  return JSON.stringify({
    error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED', details: [failure, ...retry] },
  });
}

const json = { 'content-type': 'application/json' };

test('indexes a book, finds the sections of its questions, and writes nothing the second time', async () => {
  const run = parts('whole');
  expect(await runSync(run)).toMatchObject({ outcome: 'changed', withoutVector: 0 });
  const written = record.writes();
  expect(await runSync(run)).toMatchObject({ outcome: 'unchanged' });
  expect(await previewSync(run)).toMatchObject({ kind: 'unchanged', keep: book.sections.length });
  expect(record.writes()).toEqual(written);

  const { answerable } = JSON.parse(await readFile('eval/sample-book.questions.json', 'utf8')) as {
    answerable: { question: string; answeredBy: string[] }[];
  };
  for (const { question, answeredBy } of answerable) {
    const vector = await run.embedder.embedQuery({ text: question, signal });
    const hits = await run.store.searchDense({ vector, limit: 5, signal });
    expect(
      hits.some(({ section }) => answeredBy.includes(section.url)),
      question,
    ).toBe(true);
  }
});

test('keeps the vector of a section that moved', async () => {
  const run = parts('moved');
  await runSync(run);
  const sections = structuredClone(book.sections);
  sections[2]!.lines = [1, 2];
  const next = { ...run, book: { ...book, sections } };
  expect(await runSync(next)).toMatchObject({ outcome: 'changed', changed: 1, embedded: 0 });
  expect(await runSync(next)).toMatchObject({ outcome: 'unchanged' });
});

/** Posts to the collection as another program would. */
async function post(path: string, body: unknown): Promise<void> {
  const headers = { 'api-key': qdrant.apiKey, 'content-type': 'application/json' };
  const response = await fetch(`${qdrant.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(response.ok, await response.text()).toBe(true);
}

async function storedPayloads(collection: string): Promise<string[]> {
  const stored: string[] = [];
  for await (const section of parts(collection).store.sections({ signal }))
    stored.push(JSON.stringify(section));
  return stored.sort();
}

// On a real engine (1.19.0) `set payload` with a null removes the key; a blank line at the top of a page moves them all.
test('a moved section keeps the fields that are null', async () => {
  const run = parts('nulls');
  const sections = structuredClone(book.sections).map((section) => ({
    ...section,
    lines: [section.lines[0] + 1, section.lines[1] + 1] as [number, number],
  }));
  await runSync({ ...parts('expected'), book: { ...book, sections } });
  await runSync(run);
  expect(await runSync({ ...run, book: { ...book, sections } })).toMatchObject({
    changed: sections.length,
    embedded: 0,
  });
  expect(await storedPayloads('nulls')).toEqual(await storedPayloads('expected'));
  const written = record.writes();
  expect(await runSync({ ...run, book: { ...book, sections } })).toMatchObject({ outcome: 'unchanged' });
  expect(record.writes()).toEqual(written);
});

test('writes for a new heading early in a long book its own page alone, in at most ten requests', async () => {
  const page = (n: number, extra: string): string =>
    [
      `# Page ${n}`,
      extra,
      ...Array.from({ length: 12 }, (_, part) => `## Part ${part}\n\n${'A sentence of it. '.repeat(20)}`),
    ].join('\n\n');
  const bookWith = (extra: string) =>
    temporaryBook({
      'docusaurus.config.js': "export default { title: 'Long' };",
      ...Object.fromEntries(
        Array.from({ length: 20 }, (_, n) => [`docs/p${10 + n}.md`, page(n, n === 0 ? extra : '')]),
      ),
    });
  const run = parts('long');
  await runSync({ ...run, book: await bookWith('') });
  const before = record.writes().total;
  const report = await runSync({ ...run, book: await bookWith(`## New\n\n${'Something new. '.repeat(30)}`) });
  expect(report).toMatchObject({ added: 1, changed: 12, embedded: 1 });
  expect(record.writes().total - before).toBeLessThanOrEqual(10);
});

test('finds and repairs sections that lack a field, in one run and embedding only what it must', async () => {
  const run = parts('damaged');
  await runSync(run);
  const before = await storedPayloads('damaged');
  const [first, second, third] = book.sections.map(({ id }) => id);
  // As an earlier version left them, and as any other program might.
  await post('/collections/damaged/points/payload?wait=true', {
    payload: { anchor: null, previous: null },
    points: [first],
  });
  await post('/collections/damaged/points/payload/delete?wait=true', {
    keys: ['next', 'url'],
    points: [second],
  });
  await post('/collections/damaged/points/payload/clear?wait=true', { points: [third] });
  expect(await previewSync(run)).toMatchObject({ kind: 'changes', change: 3 });
  // The third has to be embedded again: nothing is left that says what its vector was made of.
  expect(await runSync(run)).toMatchObject({ outcome: 'changed', changed: 3, embedded: 1 });
  expect(await storedPayloads('damaged')).toEqual(before);
  expect(await runSync(run)).toMatchObject({ outcome: 'unchanged' });
});

test('waits for the quota per minute, with and without RetryInfo', async () => {
  const perMinute = 'EmbedContentRequestsPerMinutePerProjectPerModel-FreeTier';
  for (const body of [quotaBody(perMinute, '26s'), quotaBody(perMinute)])
    faults.add({
      call: 'gemini.batchEmbedContents',
      kind: { type: 'status', status: 429, headers: json, body },
      times: 1,
    });
  const { notes, withoutVector } = await runSync(parts('minute'));
  expect(notes.join('\n')).toContain('26 s');
  expect(withoutVector).toBe(0);
});

test('indexes without vectors when the quota per day is used up, and adds them in the next run', async () => {
  const body = quotaBody('EmbedContentRequestsPerDayPerProjectPerModel-FreeTier');
  faults.add({
    call: 'gemini.batchEmbedContents',
    kind: { type: 'status', status: 429, headers: json, body },
    after: 1,
  });
  const run = parts('day');
  const first = await runSync(run);
  expect(first.withoutVector).toBe(book.sections.length - 32);
  expect(await run.store.describe({ signal })).toMatchObject({
    stamp: { without_vector: first.withoutVector },
  });
  faults.clear();
  expect(await runSync(run)).toMatchObject({ embedded: first.withoutVector, withoutVector: 0 });
});

test('survives a failed batch and a cluster that restarts', async () => {
  faults.add({ call: 'gemini.batchEmbedContents', kind: { type: 'status', status: 503 }, times: 2 });
  faults.add({ call: 'qdrant.upsert', kind: { type: 'status', status: 503 }, times: 2 });
  faults.add({ call: 'qdrant.upsert', kind: { type: 'cut' }, times: 1, after: 1 });
  expect(await runSync(parts('faults'))).toMatchObject({ outcome: 'changed', withoutVector: 0 });
});

test('fails when the cluster or Gemini stays unavailable, and keeps what is written', async () => {
  const perMinute = quotaBody('EmbedContentRequestsPerMinutePerProjectPerModel-FreeTier');
  const cases = [
    // The first upsert writes the lease.
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
    await expect(runSync(run), code).rejects.toMatchObject({ code, remedy: expect.stringMatching(/./) });
    faults.clear();
    expect(await runSync(run), code).toMatchObject({ embedded: book.sections.length - 32, kept: 32 });
  }
});

test('fails when the key is rejected, and keeps what is written', async () => {
  const run = parts('rejected');
  faults.add({ call: 'gemini.batchEmbedContents', kind: { type: 'status', status: 403 }, after: 1 });
  await expect(runSync(run)).rejects.toMatchObject({ code: 'gemini-key-rejected' });
  faults.clear();
  expect(await previewSync(run)).toMatchObject({ kind: 'changes', keep: 32 });
});

test('creates the payload indexes in the next run if they failed', async () => {
  const run = parts('cut');
  const indexCalls = () => record.list({ name: 'qdrant.create-index' }).length;
  faults.add({ call: 'qdrant.create-index', kind: { type: 'status', status: 400 }, times: 1 });
  const before = indexCalls();
  await expect(runSync(run)).rejects.toMatchObject({ code: 'qdrant-request-refused' });
  expect(await run.store.describe({ signal })).toMatchObject({ exists: true, stamp: null });
  expect(await runSync(run)).toMatchObject({ outcome: 'changed', withoutVector: 0 });
  // All three are created at the same time, in both runs.
  expect(indexCalls() - before).toBe(6);
});

test('does not touch a legacy collection', async () => {
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
  await expect(runSync(run)).rejects.toMatchObject({ code: 'collection-foreign' });
  expect(record.writes()).toEqual(written);
});

test('does not take a lease for a section or for a point of another tool', async () => {
  const run = parts('leased');
  await runSync(run);
  const lease = { kind: 'lease', holder: 'another', beat: 1, for_ms: 20_000 } as const;
  await run.store.writeLease({ lease, signal });
  expect(await run.store.readLease({ signal })).toEqual(lease);
  const sections: string[] = [];
  for await (const { id } of run.store.sections({ signal })) sections.push(id);
  expect(sections).toHaveLength(book.sections.length);
  expect(await previewSync(run)).toMatchObject({ kind: 'unchanged', keep: book.sections.length });
  expect(await parts('nowhere').store.readLease({ signal })).toBeNull();
});

/** As any administrator of the cluster might. */
async function setLimits(collection: string, limits: object): Promise<void> {
  const headers = { 'api-key': qdrant.apiKey, 'content-type': 'application/json' };
  const body = JSON.stringify({ strict_mode_config: limits });
  const response = await fetch(`${qdrant.url}/collections/${collection}`, { method: 'PATCH', headers, body });
  expect(response.ok, await response.text()).toBe(true);
}

test('moves sections where a minute allows fewer writes than there are', async () => {
  const run = parts('slow');
  const few = { ...book, sections: book.sections.slice(0, 12) };
  await runSync({ ...run, book: few });
  await setLimits('slow', { write_rate_limit: 6 });
  const sections = few.sections.map((section) => ({ ...section, locale: 'de' }));
  const waits: number[] = [];
  // The bucket is filled again instead of waiting for it.
  const sleep = async (ms: number) => {
    waits.push(ms);
    await setLimits('slow', { write_rate_limit: 6 });
  };
  const result = await runSync({ ...run, book: { ...few, sections }, sleep });
  expect(result).toMatchObject({ changed: 12, embedded: 0 });
  expect(waits).toContain(10_000);
  for await (const { locale } of run.store.sections({ signal })) expect(locale).toBe('de');
});

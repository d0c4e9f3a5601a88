import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { writeLegacyCollection } from './legacy-collection.ts';
import { chatSettings } from '../../server/chat/settings.ts';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { portsOf, startServer, untilHealth, type RunningServer } from './start-server.ts';
import { stampOf, startVendors, writeBook, type Vendors } from './vendors.ts';

let vendors: Vendors;
const running: RunningServer[] = [];
const question = { message: 'How far does a small lidar measure?' };
const { signal } = new AbortController();

beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());
beforeEach(() => vendors.faults.clear());
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function serve(collection: string, options: Partial<Parameters<typeof startServer>[0]> = {}) {
  const environment = { ...vendors.environment, QDRANT_COLLECTION: collection };
  const server = await startServer({ environment, healthy: false, ...options });
  running.push(server);
  return server;
}

const payloads = sampleSections.map(({ source, headings, content }) => ({
  file_path: source,
  heading_path: headings,
  content,
}));

test('a legacy collection of the same model is searched by both retrievers', async () => {
  await writeLegacyCollection(vendors, { collection: 'legacy-same', model: 'gemini-embedding-2', payloads });
  const server = await serve('legacy-same');
  await untilHealth(server.url, 'healthy');
  const { events, sources } = await askServer(server.url, question);
  expect(events[0]!['rungs']).toEqual(['hybrid']);
  expect(sources[0]?.['file']).toBe('docs/sensors/lidar.md');
});

test('a legacy collection of another model is searched lexically only, and health says why', async () => {
  await writeLegacyCollection(vendors, {
    collection: 'legacy-other',
    model: 'gemini-embedding-001',
    payloads,
  });
  const server = await serve('legacy-other');
  const health = await untilHealth(server.url, 'degraded');
  expect(health).toMatchObject({ services: { qdrant: { code: 'collection-model-differs' } } });
  expect((await askServer(server.url, question)).events[0]!['rungs']).toEqual(['lexical']);
});

test('a legacy collection is not reported as missing while Gemini is down, and is tested when Gemini is back', async () => {
  await writeLegacyCollection(vendors, { collection: 'legacy-later', model: 'gemini-embedding-2', payloads });
  vendors.faults.add({ call: 'gemini.*', kind: { type: 'status', status: 503 } });
  const server = await serve('legacy-later');
  const health = await untilHealth(server.url, 'degraded');
  expect(health).toMatchObject({
    services: {
      qdrant: { status: 'connected', code: 'collection-untried', vectors: payloads.length },
      gemini: { status: 'disconnected' },
    },
  });
  expect((await askServer(server.url, question)).events[0]!['rungs']).toEqual(['lexical', 'extractive']);
  vendors.faults.clear();
  await untilHealth(server.url, 'healthy');
});

test('with the stamp of another model, the vectors are not searched', async () => {
  await writeBook(vendors, sampleSections, 'stamped');
  const { qdrant } = vendors;
  const store = createQdrantStore({ url: qdrant.url, apiKey: qdrant.apiKey, collection: 'stamped' });
  const stamp = { ...stampOf(sampleSections), embedding_model: 'gemini-embedding-001' };
  await store.writeStamp({ stamp, signal });
  const server = await serve('stamped');
  const health = await untilHealth(server.url, 'degraded');
  expect(JSON.stringify(health)).toContain('Set GEMINI_EMBEDDING_MODEL to gemini-embedding-001');
});

test('a book that is indexed again is read again, without a restart', async () => {
  await writeBook(vendors, sampleSections.slice(0, 2), 'growing');
  const server = await serve('growing');
  await untilHealth(server.url, 'healthy');
  expect(
    (await askServer(server.url, { message: 'charging lithium batteries' })).sources[0]?.['title'],
  ).not.toBe('Batteries');
  await writeBook(vendors, sampleSections, 'growing');
  for (;;) {
    const { sources } = await askServer(server.url, { message: 'charging lithium batteries' });
    if (sources[0]?.['title'] === 'Batteries') break;
  }
});

test('without a collection, the answer says that the book is not indexed, not that it lacks the answer', async () => {
  const server = await serve('nothing-here');
  await untilHealth(server.url, 'degraded');
  const { text, events } = await askServer(server.url, question);
  expect(text).toContain('has not been indexed');
  expect(events.at(-2)).toMatchObject({ type: 'error', code: 'book-missing' });
});

test('at a start without Qdrant, the bundled book is used, and health reports its date', async () => {
  vendors.faults.add({ call: 'qdrant.*', kind: { type: 'status', status: 404 } });
  const environment = { ...vendors.environment, QDRANT_COLLECTION: 'asleep' };
  const book = { stamp: stampOf(sampleSections), sections: sampleSections };
  const ports = { ...portsOf(environment), readBundledBook: () => Promise.resolve(book) };
  const server = await serve('asleep', { ports });
  const health = await untilHealth(server.url, 'degraded');
  expect(health).toMatchObject({
    services: {
      qdrant: { book: { from: 'book.json', sections: 5, indexed_at: '2026-11-23T00:00:00.000Z' } },
    },
  });
  const { events, text } = await askServer(server.url, question);
  expect(events[0]!['rungs']).toEqual(['lexical', 'bundled-book']);
  expect(text).toContain('twelve metres');
});

// With all sections written, an indexer still learns from them before it writes the stamp.
test.each([2, 5])(
  'a server that starts during indexing, at section %i, uses the complete bundled book, and notices the end',
  async (written) => {
    const name = `begun-${written}`;
    await writeBook(vendors, sampleSections.slice(0, written), name, { isWhole: false });
    const environment = { ...vendors.environment, QDRANT_COLLECTION: name };
    vendors.record.clear();
    const book = { stamp: { ...stampOf(sampleSections), written_at: '' }, sections: sampleSections };
    const ports = { ...portsOf(environment), readBundledBook: () => Promise.resolve(book) };
    const server = await serve(name, { ports });
    expect(await untilHealth(server.url, 'degraded')).toMatchObject({
      services: {
        qdrant: {
          code: 'collection-without-stamp',
          book: { from: 'book.json', sections: 5, indexed_at: null },
        },
      },
    });
    expect(vendors.record.list({ vendor: 'gemini', name: 'gemini.batchEmbedContents' })).toEqual([]);
    await writeBook(vendors, sampleSections, name);
    expect(await untilHealth(server.url, 'healthy')).toMatchObject({
      services: { qdrant: { stamp: 'agrees' } },
    });
  },
);

test('a book too large for memory is searched lexically in Qdrant, and in its bundled copy while Qdrant is down', async () => {
  await writeBook(vendors, sampleSections, 'large');
  const book = { stamp: stampOf(sampleSections), sections: sampleSections };
  const environment = { ...vendors.environment, QDRANT_COLLECTION: 'large' };
  const server = await serve('large', {
    ports: { ...portsOf(environment), readBundledBook: () => Promise.resolve(book) },
    options: { settings: { ...chatSettings, memorySections: sampleSections.length - 1 } },
  });
  const held = (words: string, from = 'collection') => ({
    services: { qdrant: { book: { from, sections: sampleSections.length, words_in: words } } },
  });
  expect(await untilHealth(server.url, 'healthy')).toMatchObject(held('qdrant'));

  const reply = await askServer(server.url, question);
  expect(reply.events[0]!['rungs']).toEqual(['hybrid']);
  expect(reply.text).toContain('twelve metres');
  vendors.faults.add({ call: 'gemini.embedContent', kind: { type: 'status', status: 503 } });
  const worded = await askServer(server.url, { message: 'Which range has a small lidar?' });
  expect(worded.events[0]!['rungs']).toEqual(['lexical']);
  expect(worded.sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
  const foreign = await askServer(server.url, { message: 'How many cakes need chocolate?' });
  expect(foreign.events[0]!['rungs']).toEqual(['lexical', 'refused']);

  vendors.faults.add({ call: 'qdrant.collection', kind: { type: 'cut' } });
  while (!JSON.stringify(await untilHealth(server.url, 'degraded')).includes('book.json'));
  expect((await askServer(server.url, question)).events[0]!['rungs']).toContain('bundled-book');
  vendors.faults.clear();
  expect(await untilHealth(server.url, 'healthy')).toMatchObject(held('qdrant'));
});

test('health reports how many points are missing, and what to do', async () => {
  await writeBook(vendors, sampleSections, 'incomplete');
  const { qdrant } = vendors;
  const store = createQdrantStore({ url: qdrant.url, apiKey: qdrant.apiKey, collection: 'incomplete' });
  await store.remove({ ids: [sampleSections[0]!.id, sampleSections[1]!.id], signal });
  const server = await serve('incomplete');
  expect(await untilHealth(server.url, 'degraded')).toMatchObject({
    services: {
      qdrant: {
        code: 'collection-incomplete',
        error: '2 sections are missing in the collection.',
      },
    },
  });
  const { events } = await askServer(server.url, question);
  expect(events[0]!['rungs']).toContain('hybrid');
});

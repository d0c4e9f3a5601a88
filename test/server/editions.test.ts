/** A book of three versions in two languages, as Docusaurus builds it: who reads a version is answered from it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { defaults } from '../../server/contract.ts';
import { runSync } from '../indexer/sync/run-sync.ts';
import { askServer } from './reference-client.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { startVendors, type Vendors } from './vendors.ts';

const fixture = 'test/fixtures/sites/editions';
/** The ids of every page in its build, which `test/sites/build-sites.mjs` writes. */
const built = JSON.parse(readFileSync(`${fixture}/expected.json`, 'utf8')) as { [path: string]: string[] };

let vendors: Vendors;
let server: RunningServer;

beforeAll(async () => {
  vendors = await startVendors();
  const { signal } = new AbortController();
  const site = await findBook({ dir: fixture, signal });
  if (site === null) throw new Error('no site');
  const book = await readBook({ site, selection: { versions: 'all', locales: 'all' }, signal });
  const { gemini, qdrant } = vendors;
  const store = createQdrantStore({
    url: qdrant.url,
    apiKey: qdrant.apiKey,
    collection: defaults.collection,
  });
  const embedder = createGeminiEmbedder({
    apiKey: gemini.apiKey,
    baseUrl: gemini.url,
    model: defaults.embeddingModel,
    dimensions: defaults.dimensions,
  });
  await runSync({ book, store, embedder, now: Date.now, sleep: async () => undefined, signal });
  server = await startServer(vendors);
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});
beforeEach(() => vendors.record.clear());

type Answer = { text: string; urls: string[]; editions: string[] };

async function ask(
  message: string,
  place: object = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { text, sources } = await askServer(server.url, { message, ...place }, { headers });
  return {
    text,
    urls: sources.map(({ url }) => String(url)),
    editions: [...new Set(sources.map(({ version, locale }) => `${String(version)} ${String(locale)}`))],
  };
}

/** The page and anchor of each address are in the build. */
function expectToLand(urls: readonly string[]): void {
  expect(urls.length).toBeGreaterThan(0);
  for (const url of urls) {
    const [path = '', anchor] = url.split('#');
    expect(Object.keys(built)).toContain(path);
    if (anchor !== undefined) expect(built[path]).toContain(decodeURIComponent(anchor));
  }
}

const voltage = 'Which supply voltage does the pump need?';
const tension = 'De quelle alimentation la pompe a-t-elle besoin, combien de volts ?';

test.each([
  ['no page', {}, voltage, '12 volts', /^\/book\/docs\/(?!next|old)/, '2.0 en'],
  [
    'the first version',
    { page_url: 'https://pump.example.com/book/docs/pump' },
    voltage,
    '12 volts',
    /^\/book\/docs\/(?!next|old)/,
    '2.0 en',
  ],
  [
    'an old version',
    { page_url: '/book/docs/old/pump#noise' },
    voltage,
    '9 volts',
    /^\/book\/docs\/old\//,
    '1.0 en',
  ],
  [
    'the next version',
    { page: '/book/docs/next/pump' },
    voltage,
    '24 volts',
    /^\/book\/docs\/next\//,
    '3.0-beta en',
  ],
  [
    'a page beside the index',
    { path: '/book/docs/old/tags/all' },
    voltage,
    '9 volts',
    /^\/book\/docs\/old\//,
    '1.0 en',
  ],
  [
    'French',
    { context: { pathname: '/book/fr/docs/pump' } },
    tension,
    '12 volts',
    /^\/book\/fr\/docs\/(?!next|old)/,
    '2.0 fr',
  ],
  [
    'French of an old version',
    { page_url: '/book/fr/docs/old/pump' },
    tension,
    '9 volts',
    /^\/book\/fr\/docs\/old\//,
    '1.0 fr',
  ],
  [
    'a version that is named in the request',
    { docs_version: '1.0' },
    voltage,
    '9 volts',
    /^\/book\/docs\/old\//,
    '1.0 en',
  ],
  [
    'a language that is named in the request',
    { locale: 'fr_FR' },
    tension,
    '12 volts',
    /^\/book\/fr\/docs\/(?!next|old)/,
    '2.0 fr',
  ],
  [
    'a question in French without a page',
    {},
    tension,
    '12 volts',
    /^\/book\/fr\/docs\/(?!next|old)/,
    '2.0 fr',
  ],
  [
    'a version that is named in the question',
    { page_url: '/book/docs/next/pump' },
    `${voltage} I have v1.0`,
    '9 volts',
    /^\/book\/docs\/old\//,
    '1.0 en',
  ],
])('%s', async (_, place, question, fact, addresses, edition) => {
  const { text, urls, editions } = await ask(question, place);
  expect(text).toContain(fact);
  for (const url of urls) expect(url).toMatch(addresses);
  expect(editions).toEqual([edition]);
  expectToLand(urls);
});

test('the page of a same-origin request is its referer', async () => {
  const place = await ask(
    `Please, ${voltage}`,
    {},
    { referer: 'https://pump.example.com/book/docs/old/pump' },
  );
  expect(place.editions).toEqual(['1.0 en']);
});

test('a page without a translation is shown, and linked, in the reader’s language', async () => {
  const { text, urls, editions } = await ask('How often do I rinse the sieve of the filter?', {
    page_url: '/book/fr/docs/filter',
  });
  expect(text).toContain('every 12 days');
  expect(urls[0]).toBe('/book/fr/docs/filter#cleaning-the-filter');
  expect(editions).toEqual(['2.0 fr']);
  expectToLand(urls);
});

test('the source of a translated page is not shown, whatever the address of the translation', async () => {
  const { text, urls } = await ask('Quelle clé faut-il, en millimètres, et quel niveau à bulle ?', {
    page_url: '/book/fr/docs/mise-en-place',
  });
  expect(text).toContain('clé de 12 millimètres');
  for (const url of urls) expect(url).not.toMatch(/\/install/);
  expectToLand(urls);
  const old = await ask('Which wrench, in millimetres, and which spirit level are the tools?', {
    page_url: '/book/fr/docs/old/install',
  });
  expect(old.text).toContain('9 millimetres');
  expectToLand(old.urls);
});

test('what only another version has is answered from it, with a note', async () => {
  const { text, urls, editions } = await ask('How do I go about priming the siphon with a funnel?', {
    page_url: '/book/docs/pump',
  });
  expect(text).toContain('Fill the siphon with a funnel');
  expect(text).toMatch(/This is from 1\.0: what you are reading says nothing about it\.$/);
  expect(urls.every((url) => url.startsWith('/book/docs/old/'))).toBe(true);
  expect(editions).toEqual(['1.0 en']);
  expectToLand(urls);
});

test('a question in another language is answered from the same version in it, with a note', async () => {
  const { text, urls, editions } = await ask('Wrench of how many millimetres, and a spirit level?', {
    page_url: '/book/fr/docs/mise-en-place',
  });
  expect(text).toContain('12 millimetres');
  expect(text).toMatch(/This is from English: what you are reading says nothing about it\.$/);
  expect(editions).toEqual(['2.0 en']);
  expectToLand(urls);
});

test('an answer of the reader’s own version says nothing of versions', async () => {
  const { text } = await ask('How do I prime the siphon?', { page_url: '/book/docs/old/siphon' });
  expect(text).toContain('Fill the siphon');
  expect(text).not.toContain('This is from');
});

test('a plugin without versions is part of every version', async () => {
  const { text, urls } = await ask('On which Tuesday do gardeners meet in the greenhouse café?', {
    page_url: '/book/docs/old/pump',
  });
  expect(text).toContain('first Tuesday');
  expect(text).not.toContain('This is from');
  expect(urls[0]).toBe('/book/community/meetings#regulars-table');
});

test('an off-topic question is refused in every edition', async () => {
  const { text, urls } = await ask('Who won the chess championship in Reykjavik?', {
    page_url: '/book/docs/old/pump',
  });
  expect(text).toMatch(/^I couldn't find/);
  expect(urls).toEqual([]);
});

test('two readers of two versions get answers of their own to one question', async () => {
  const question = 'What is the pump’s fuse rated for?';
  const headers = { 'cache-control': 'max-age=0' };
  const [now, old] = await Promise.all(
    ['/book/docs/pump', '/book/docs/old/pump'].map((page) =>
      ask(question, { docs_page: page, pathname: page }, headers),
    ),
  );
  expect(now?.text).toContain('4 amperes');
  expect(old?.text).toContain('3 amperes');
});

test('Qdrant is asked for the reader’s editions alone', async () => {
  await ask('Tell me the supply voltage that the pump needs.', { page_url: '/book/docs/old/pump' });
  const searches = vendors.record.list().filter(({ name }) => name === 'qdrant.query');
  expect(searches.map(({ requestBody }) => JSON.parse(String(requestBody)))).toMatchObject([
    {
      filter: {
        must: [
          { key: 'version', match: { any: ['1.0', 'current'] } },
          { key: 'locale', match: { any: ['en'] } },
        ],
      },
    },
  ]);
});

type Found = { results: { url: string; version: string; locale: string }[] };
const search = async (query: string): Promise<Found> =>
  (await fetch(`${server.url}/api/search?${query}`)).json() as Promise<Found>;

test('search finds the editions of the page, else those that readers see first', async () => {
  const first = await search('q=fuse rated voltage');
  expect(new Set(first.results.map(({ version }) => version))).toEqual(new Set(['2.0']));
  const old = await search('q=fuse rated voltage&page=/book/docs/old/pump');
  expect(new Set(old.results.map(({ version }) => version))).toEqual(new Set(['1.0']));
  const french = await search('q=volts&locale=fr&version=1.0');
  expect(french.results.map(({ url }) => url)).toEqual([
    'https://book.example/book/fr/docs/old/pump#tension',
  ]);
  const elsewhere = await search('q=siphon');
  expect(elsewhere.results[0]).toMatchObject({ version: '1.0', locale: 'en' });
});

async function callTool(name: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: input },
    }),
  });
  const text = await response.text();
  const data = text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}');
  return (JSON.parse(data) as { result: Record<string, unknown> }).result;
}

test('an agent names an edition, and reads which it got', async () => {
  const query = 'voltage of the pump supply';
  const { structuredContent, content } = await callTool('search_book', {
    query,
    version: '1.0',
    locale: 'en',
  });
  const { sections } = structuredContent as { sections: object[] };
  expect(sections[0]).toMatchObject({ version: '1.0', locale: 'en' });
  expect(JSON.stringify(content)).toContain('version 1.0, en)');
  const unknown = await callTool('search_book', { query, version: '9' });
  expect(unknown).toMatchObject({ isError: true });
  expect(JSON.stringify(unknown['content'])).toContain(
    'The book has no version 9: it has 3.0-beta, current, 2.0, 1.0.',
  );
});

test('the pages of an edition are those of its build, and each can be read', async () => {
  const { structuredContent } = await callTool('list_pages', { version: '1.0', locale: 'fr' });
  const { pages } = structuredContent as { pages: { url: string }[] };
  const paths = pages.map(({ url }) => url.replace('https://book.example', ''));
  const expected = Object.keys(built).filter((path) => /^\/book\/fr\/(?:docs\/old|community)\//.test(path));
  expect(paths.toSorted()).toEqual(expected.toSorted());
  for (const url of paths) {
    const { isError } = await callTool('read_section', { url });
    expect([url, isError]).toEqual([url, undefined]);
    expect((await fetch(`${server.url}/pages${url}.md`)).status).toBe(200);
  }
});

test('llms.txt lists the version that readers see first, in all its languages', async () => {
  const text = await (await fetch(`${server.url}/llms.txt`)).text();
  expect(text).toContain('/book/docs/pump)');
  expect(text).toContain('/book/fr/docs/pump)');
  expect(text).not.toMatch(/\/docs\/(?:old|next)\//);
});

import { expect, test } from 'vitest';
import { serveSampleBook } from '../../serve-sample-book.ts';
import { startServer } from '../../start-server.ts';

const book = serveSampleBook();

function send(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${book.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

type SectionRow = { id: string; title: string; url: string; text: string };
/** The fields that these tests read of the replies to different methods. */
type Reply = {
  serverInfo: object;
  capabilities: object;
  tools: { name: string; annotations: { readOnlyHint: boolean } }[];
  structuredContent: { sections: SectionRow[]; pages: { url: string }[] };
  content: { text: string }[];
  isError: boolean;
  resources: { uri: string }[];
  contents: { mimeType: string; text: string }[];
};

/** The replies in a stream of events. */
function repliesIn(text: string): { id: number | null; result?: object; error?: object }[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
}

/** A reply of the protocol as a client reads it, whether it comes as JSON or as one event. */
async function ask(method: string, params: object = {}): Promise<Reply> {
  const response = await send({ jsonrpc: '2.0', id: 1, method, params });
  const text = await response.text();
  const json = text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}');
  const { result } = JSON.parse(json) as { result?: Reply };
  if (result === undefined) throw new Error(json);
  return result;
}
const call = (name: string, input: object = {}): Promise<Reply> =>
  ask('tools/call', { name, arguments: input });

test('a client learns what the server is and which tools it has', async () => {
  const { serverInfo, capabilities } = await ask('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  expect(serverInfo).toMatchObject({ title: 'Robots', version: 'test' });
  expect(Object.keys(capabilities)).toEqual(expect.arrayContaining(['tools', 'resources']));
  const { tools } = await ask('tools/list');
  expect(tools.map(({ name }) => name)).toEqual(['search_book', 'read_section', 'list_pages']);
  for (const { annotations } of tools) expect(annotations.readOnlyHint).toBe(true);
});

test('a search that words answer makes no call to a model', async () => {
  const { structuredContent } = await call('search_book', { query: 'range of a lidar', limit: 2 });
  expect(structuredContent.sections[0]).toMatchObject({
    title: 'Lidar',
    url: 'https://book.example/docs/sensors/lidar#range',
  });
  expect(structuredContent.sections.length).toBeLessThanOrEqual(2);
  expect(book.modelCalls()).toEqual([]);
});

test('a search that words cannot answer is embedded once, and never generates', async () => {
  await call('search_book', { query: 'zzyzx quux' });
  expect(book.modelCalls()).toEqual(['gemini.embedContent']);
});

const searchCall = (query: string, id = 1): object => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'search_book', arguments: { query } },
});
const searchCalls = (count: number, name: string): object[] =>
  Array.from({ length: count }, (_call, id) => searchCall(`qwerty uiop ${name}${id}`, id));

/** A server that the vendors' record begins with, and which lets an address ask once a minute. */
async function withLimitedServer(use: (search: (body: unknown) => Promise<Response>) => Promise<void>) {
  const limited = await startServer({
    ...book.vendors,
    options: { limits: { perAddress: 1 }, isProxied: true },
  });
  const search = (body: unknown): Promise<Response> =>
    fetch(`${limited.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'x-forwarded-for': '203.0.113.7',
      },
      body: JSON.stringify(body),
    });
  try {
    book.vendors.record.clear();
    await use(search);
  } finally {
    await limited.close();
  }
}

test('above its address’s rate a search is answered by words alone', () =>
  withLimitedServer(async (search) => {
    await search(searchCall('lidar'));
    book.vendors.record.clear();
    expect((await search(searchCall('qwerty uiop'))).status).toBe(200);
    expect(book.modelCalls()).toEqual([]);
  }));

test('each call of a batch counts against the rate', () =>
  withLimitedServer(async (search) => {
    const response = await search(searchCalls(5, 'a'));
    const replies = repliesIn(await response.text());
    expect(book.modelCalls()).toEqual(['gemini.embedContent']);
    expect(replies.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  }));

test('a batch far above the rate is refused whole', () =>
  withLimitedServer(async (search) => {
    expect((await search(searchCalls(20, 'b'))).status).toBe(429);
    expect(book.modelCalls()).toEqual([]);
  }));

const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };
const notice = { jsonrpc: '2.0', method: 'notifications/initialized' };

test('a batch is answered in the only revision that has them', async () => {
  const messages = [notice, ping, 'no message', searchCall('range of a lidar', 8)];
  const response = await send(messages, { 'mcp-protocol-version': '2025-03-26' });
  const [first, second, third] = repliesIn(await response.text());
  expect(first).toMatchObject({ id: 7, result: {} });
  expect(second).toMatchObject({ id: null, error: { code: expect.any(Number) } });
  expect(third).toMatchObject({ id: 8, result: { content: [{ text: expect.stringContaining('Lidar') }] } });
  expect((await send([ping, ping])).status).toBe(400);
});

test.for([{ body: notice }, { body: [notice, notice] }])(
  'a notification gets a reply without a body: %j',
  async ({ body }) => {
    const response = await send(body, { 'mcp-protocol-version': '2025-03-26' });
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(response.headers.get('content-type')).toBeNull();
  },
);

test('a section is read by its id and by its address', async () => {
  const { structuredContent } = await call('search_book', { query: 'charge lithium batteries', limit: 1 });
  const { id, url } = structuredContent.sections[0]!;
  for (const input of [{ id }, { url }, { url: '/docs/power/batteries' }]) {
    const { structuredContent: read } = await call('read_section', input);
    expect(read.sections[0]?.text).toContain('below forty five degrees');
  }
});

test.for([{}, { id: 'none' }, { url: '/docs/none' }, { url: '/docs/sensors/lidar#none' }, { url: '%' }])(
  'a section that the book lacks is an error in words: %o',
  async (input) => {
    const { isError, content } = await call('read_section', input);
    expect(isError).toBe(true);
    expect(content[0]?.text).toMatch(/section/);
  },
);

test('pages are listed, and each is a resource in Markdown', async () => {
  const { structuredContent } = await call('list_pages');
  const urls = structuredContent.pages.map(({ url }) => url);
  expect(urls).toContain('https://book.example/docs/power/batteries');
  const { resources } = await ask('resources/list');
  expect(resources).toHaveLength(urls.length);
  for (const { uri } of resources) {
    const { contents } = await ask('resources/read', { uri });
    expect(contents[0]).toMatchObject({ mimeType: 'text/markdown', text: expect.stringMatching(/^# /) });
  }
});

test.for(['https://evil.example', 'null'])('a page of %s gets nothing and costs nothing', async (origin) => {
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'search_book', arguments: { query: 'x' } },
  };
  expect((await send(body, { origin })).status).toBe(403);
  expect(book.modelCalls()).toEqual([]);
});

test.for(['{', '[]', '"text"', '{"jsonrpc":"2.0"}', '{"message":"How far does a lidar measure?"}'])(
  'what is no message of the protocol gets an error and no answer: %s',
  async (body) => {
    const response = await send(body);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(book.modelCalls()).toEqual([]);
  },
);

test('there is no stream to open and no session to end', async () => {
  for (const method of ['GET', 'DELETE']) {
    const response = await fetch(`${book.url}/mcp`, { method, headers: { accept: 'text/event-stream' } });
    expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST']);
  }
});

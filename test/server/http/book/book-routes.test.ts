import { expect, test } from 'vitest';
import { searchReply } from '../../../../server/http/book/search-route.ts';
import { sampleSections } from '../../sample-sections.ts';
import { serveSampleBook } from '../../serve-sample-book.ts';
import { startServer } from '../../start-server.ts';

const book = serveSampleBook();

test('search finds sections by their words, with published addresses, and asks no model', async () => {
  const response = await book.get('/api/search?q=lidar%20range');
  const { query, results } = searchReply.parse(await response.json());
  expect([response.status, query]).toEqual([200, 'lidar range']);
  expect(results[0]).toMatchObject({ title: 'Lidar', url: 'https://book.example/docs/sensors/lidar#range' });
  const { snippet = '', marks = [] } = results[0] ?? {};
  expect(marks.map(([start, end]) => snippet.slice(start, end).toLowerCase())).toContain('lidar');
  expect(book.modelCalls()).toEqual([]);
});

test('a search may ask for fewer results', async () => {
  const { results } = searchReply.parse(await (await book.get('/api/search?q=the%20light&limit=1')).json());
  expect(results).toHaveLength(1);
});

test.for(['', '?q=', '?q=%20', `?q=${'x'.repeat(501)}`, '?q=a&q=b', '?q=a&limit=0', '?q=a&limit=x'])(
  'a search that cannot be read is answered in words: %s',
  async (query) => {
    const response = await book.get(`/api/search${query}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error_code: 'request-invalid' });
  },
);

test.for(['https://evil.example', 'null'])('a page of %s gets no search', async (origin) => {
  const response = await book.get('/api/search?q=lidar', { origin });
  expect(response.status).toBe(403);
});

test('the book may search from its own pages', async () => {
  const response = await book.get('/api/search?q=lidar', { origin: 'https://book.example' });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://book.example');
});

test('llms.txt links every page, and the full text holds every section', async () => {
  const index = await (await book.get('/llms.txt')).text();
  const full = await (await book.get('/llms-full.txt')).text();
  for (const { url, content } of sampleSections) {
    expect(index).toContain(`https://book.example${url.split('#')[0]}`);
    expect(full).toContain(content);
  }
});

test('a page is Markdown at its own path', async () => {
  const response = await book.get('/pages/docs/sensors/lidar.md');
  expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  expect(await response.text()).toMatch(/^# Lidar\n\n<https:\/\/book\.example\/docs\/sensors\/lidar>\n/);
});

test.for(['/pages/docs/none.md', '/pages/', '/pages/..%2f..%2fetc%2fpasswd', '/pages/%2e%2e/server.js'])(
  'a page that the book lacks is not found: %s',
  async (path) => {
    expect((await book.get(path)).status).toBe(404);
  },
);

test.for(['/llms.txt', '/llms-full.txt', '/pages/docs/sensors/lidar.md'])(
  '%s is not sent again to a client that has it',
  async (path) => {
    const etag = (await book.get(path)).headers.get('etag') ?? '';
    expect((await book.get(path, { 'if-none-match': `"other", W/${etag}` })).status).toBe(304);
    expect((await book.get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  },
);

test('reads of an address are limited, apart from its searches', async () => {
  const limited = await startServer({
    ...book.vendors,
    options: { limits: { readsPerAddress: 1 }, isProxied: true },
  });
  const read = (path: string): Promise<number> =>
    fetch(limited.url + path, { headers: { 'x-forwarded-for': '203.0.113.9' } }).then(({ status }) => status);
  try {
    const statuses = [];
    for (let at = 0; at < 6; at += 1) statuses.push(await read('/llms.txt'));
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    expect(await read('/api/search?q=lidar')).toBe(200);
  } finally {
    await limited.close();
  }
});

test('before the book is there, nothing is listed and nothing is found', async () => {
  const empty = await startServer({
    environment: { ...book.vendors.environment, QDRANT_COLLECTION: 'none-yet' },
    healthy: false,
  });
  try {
    for (const path of ['/llms.txt', '/api/search?q=a', '/pages/docs/intro.md']) {
      const response = await fetch(empty.url + path);
      expect([path, response.status]).toEqual([path, 503]);
      expect(await response.json()).toMatchObject({ error_code: 'book-not-loaded' });
    }
  } finally {
    await empty.close();
  }
});

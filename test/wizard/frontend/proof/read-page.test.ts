import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { readPage, withLinkedPages } from '../../../../wizard/frontend/proof/read-page.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const { signal } = new AbortController();
const http = createHttp({ fetch, sleep: async () => undefined });
const read = (url: string) => readPage({ url: `${url}/`, http, signal });

describe('a live page', () => {
  it('that another domain serves is read there, scripts and all', async () => {
    const there = await serve(({ url }, answer) =>
      answer.end(url === '/main.js' ? 'ask()' : '<script src="/main.js"></script>'),
    );
    const here = await serve((_, answer) => answer.writeHead(308, { location: `${there}/` }).end());
    expect(await read(here)).toMatchObject({
      url: `${there}/`,
      scripts: [{ url: `${there}/main.js`, text: 'ask()' }],
    });
  });

  it('that leads to Vercel’s login is protected', async () => {
    const login = async (): Promise<Response> => {
      const page = new Response('<h1>Log in to Vercel</h1>');
      return Object.defineProperty(page, 'url', { value: 'https://vercel.com/sso-api?url=x' });
    };
    const http = createHttp({ fetch: login, sleep: async () => undefined });
    await expect(readPage({ url: 'https://book.example/', http, signal })).rejects.toMatchObject({
      code: 'frontend-protected',
      remedy: expect.stringContaining('Deployment Protection'),
    });
  });

  it.each([
    [401, 'frontend-protected'],
    [404, 'frontend-missing'],
  ])('that answers %i is reported as %s', async (status, code) => {
    const here = await serve((_, answer) => answer.writeHead(status).end());
    await expect(read(here)).rejects.toMatchObject({ code });
  });

  it('without a script that it would fetch later is read all the same', async () => {
    const here = await serve(({ url }, answer) => {
      if (url === '/gone.js') answer.writeHead(500).end();
      else if (url === '/a.js') answer.end('import("./gone.js")');
      else answer.end('<script src="/a.js"></script>');
    });
    expect((await read(here)).scripts.map(({ text }) => text)).toEqual(['import("./gone.js")', '']);
  });
});

describe('pages that a page links to', () => {
  it('are read for their scripts, the documentation first, and no more than two', async () => {
    const requests: string[] = [];
    const here = await serve(({ url = '' }, answer) => {
      requests.push(url);
      if (url.endsWith('.js')) answer.end(`script of ${url}`);
      else if (url === '/')
        answer.end(
          '<script src="/home.js"></script><a href="/about">x</a><a href="/docs/a">x</a><a href="/docs/b">x</a>',
        );
      else answer.end('<script src="/docs.js"></script><script src="/home.js"></script>');
    });
    const page = await withLinkedPages({ page: await read(here), http, signal });
    expect(page.url).toBe(`${here}/`);
    expect(page.scripts.map(({ url }) => url)).toEqual([`${here}/home.js`, `${here}/docs.js`]);
    expect(requests).not.toContain('/about');
  });
});

it('has the scripts of a page beside the book that nothing links to, each read once', async () => {
  const requests: string[] = [];
  const here = await serve(({ url = '' }, answer) => {
    requests.push(url);
    if (url === '/main.js') answer.end('let f=[{path:"/ask",component:d("/ask","a1b"),exact:!0}]');
    else if (url === '/ask.js') answer.end('ask()');
    else
      answer.end(
        `<script src="/main.js"></script>${url === '/ask' ? '<script src="/ask.js"></script>' : ''}`,
      );
  });
  const page = await withLinkedPages({ page: await read(here), http, signal });
  expect(page.scripts.map(({ text }) => text)).toContain('ask()');
  expect(requests.filter((url) => url === '/main.js')).toHaveLength(1);
});

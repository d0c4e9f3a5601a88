import { describe, expect, it } from 'vitest';
import { createHttp } from '../../../wizard/clients/http.ts';
import type { FrontendStatus } from '../../../wizard/deployment/frontend/frontend-status.ts';
import { diagnoseFrontend } from '../../../wizard/diagnosis/diagnose-frontend.ts';

const { signal } = new AbortController();

describe('a frontend', () => {
  const deployment = {
    id: 'dpl_1',
    name: 'book',
    state: 'READY',
    createdAt: 2_000,
    isAliased: true,
    problem: '',
    inspectorUrl: 'https://vercel.example/dpl_2',
    commit: null,
  };
  const host = 'https://ana-book.hf.space';
  const site = 'https://book.example';
  const frontend: Extract<FrontendStatus, { type: 'known' }> = {
    type: 'known',
    key: 'REACT_APP_API_BASE_URL',
    project: 'book',
    value: 'https://ana-book.hf.space',
    variable: { id: 'env_1', key: 'REACT_APP_API_BASE_URL', type: 'plain', target: [], updatedAt: 1_000 },
    ready: deployment,
    newest: deployment,
    origin: null,
    origins: { main: site, all: [site], previews: null },
  };
  const cited = [
    { type: 'token', content: 'Mount it high [Source 1].' },
    { type: 'done', sources: [{ file: 'a.md', heading: 'A', url: '/a' }] },
  ];
  type Served = {
    page?: string | number;
    script?: string;
    allowed?: string;
    answer?: object[];
    /** Content type of the answer. */
    type?: string;
    own?: string;
  };
  /** The site’s pages and the Space, as a reader gets them. */
  const answering =
    ({
      page = '<script src="/main.js"></script>',
      script = `ask("${host}")`,
      allowed = site,
      answer = cited,
      type = 'text/event-stream',
      own = '',
    }: Served) =>
    async (input: string | URL | Request): Promise<Response> => {
      const url = new URL(input instanceof Request ? input.url : input);
      const stream = answer.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
      const headers = { 'access-control-allow-origin': allowed, 'content-type': type };
      if (url.href === `${host}/api/chat`) return new Response(stream, { headers });
      if (url.origin === host)
        return new Response('{}', { headers: { 'access-control-allow-origin': allowed } });
      if (own !== '' && url.pathname === '/api/chat')
        return new Response(own, { status: 422, headers: { 'content-type': 'application/json' } });
      if (url.pathname === '/docs/a') return new Response('<script src="/docs.js"></script>');
      if (url.pathname === '/docs.js') return new Response(`ask("${host}")`);
      if (url.pathname === '/main.js') return new Response(script);
      if (url.pathname !== '/' || typeof page === 'number')
        return new Response('', { status: typeof page === 'number' ? page : 404 });
      return new Response(page);
    };
  async function codes(changes: Partial<typeof frontend>, served: Served = {}): Promise<string[]> {
    const http = createHttp({ fetch: answering(served), sleep: async () => undefined });
    const findings = await diagnoseFrontend(
      { ...frontend, ...changes },
      { serverUrl: host, isAwake: true, isHealthy: true, baseUrl: '/', http, signal },
    );
    return findings.map(({ code }) => code);
  }

  it('that is wired has no finding', async () => expect(await codes({ origin: site })).toEqual([]));

  it.each<[string, Partial<typeof frontend>, Served]>([
    ['frontend-variable-missing', { variable: null, value: null }, {}],
    ['frontend-variable-differs', { value: 'https://huggingface.co/spaces/ana/book' }, {}],
    ['frontend-not-redeployed', { ready: { ...deployment, createdAt: 500 } }, {}],
    ['frontend-not-wired', {}, { script: 'ask("https://old.example")' }],
    ['frontend-leftover', {}, { script: 'ask(process.env.REACT_APP_API_BASE_URL)' }],
    ['frontend-other-space', {}, { script: `ask("${host}"); ask("https://eve-book.hf.space")` }],
    ['frontend-protected', {}, { page: 401 }],
    ['frontend-missing', {}, { page: 404 }],
    ['origin-not-allowed', {}, { allowed: 'http://localhost:3000' }],
    ['answer-not-streamed', {}, { type: 'text/html' }],
    ['answer-failed', {}, { answer: [{ type: 'error', message: 'The quota is used up.' }] }],
  ])('%s', async (code, changes, served) =>
    expect(await codes({ origin: site, ...changes }, served)).toEqual([code]),
  );

  it('whose chat is on the pages of the text only has none', async () =>
    expect(await codes({ origin: site }, { page: '<a href="/docs/a">Read</a>' })).toEqual([]));

  it('that calls its own origin, which forwards to the server, needs no variable', async () => {
    const script = 'fetch("/api/chat",{method:"POST",body:JSON.stringify({message:q})})';
    const served = { script, own: '{"detail":"The body holds no question."}' };
    expect(await codes({ origin: site, variable: null, value: null }, served)).toEqual([]);
  });

  it('whose general question is answered without a source has none', async () => {
    const answer = [
      { type: 'token', content: 'It is a book.' },
      { type: 'done', sources: [] },
    ];
    expect(await codes({ origin: site }, { answer })).toEqual([]);
  });

  it('with an alias or previews that are not on the list is reported, by name', async () => {
    const alias = 'https://book-ana.vercel.app';
    const previews = 'https://book-*-ana.vercel.app';
    const served = { allowed: site };
    const http = createHttp({ fetch: answering(served), sleep: async () => undefined });
    const findings = await diagnoseFrontend(
      { ...frontend, origin: site, origins: { main: site, all: [site, alias], previews } },
      { serverUrl: host, isAwake: true, isHealthy: true, baseUrl: '/', http, signal },
    );
    expect(findings).toMatchObject([{ code: 'origin-not-allowed' }]);
    expect(findings[0]?.message).toContain(`${alias}, ${previews}`);
    expect(findings[0]?.message).not.toContain(site);
  });

  it('without a domain is reported', async () => expect(await codes({})).toEqual(['frontend-missing']));

  it.each(['ERROR', 'CANCELED', 'BLOCKED'])('whose newest build ended %s is reported', async (state) => {
    const newest = { ...deployment, id: 'dpl_2', state, createdAt: 3_000, problem: 'npm ci failed' };
    expect(await codes({ newest })).toEqual(['frontend-build-failed', 'frontend-missing']);
  });

  it('whose failed build was followed by a good one is not', async () => {
    const newest = { ...deployment, state: 'ERROR', createdAt: 1_500 };
    expect(await codes({ newest })).toEqual(['frontend-missing']);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../../wizard/clients/http.ts';
import { diagnoseCollection } from '../../../wizard/diagnosis/diagnose-collection.ts';
import { diagnoseFolder } from '../../../wizard/diagnosis/diagnose-folder.ts';
import { diagnoseFrontend } from '../../../wizard/diagnosis/diagnose-frontend.ts';
import { diagnoseModels } from '../../../wizard/diagnosis/diagnose-models.ts';
import type { FrontendStatus } from '../../../wizard/deployment/frontend/frontend-status.ts';
import type { Credentials } from '../../../wizard/model/credential.ts';
import { Secret } from '../../../wizard/model/secret.ts';

const { signal } = new AbortController();

describe('a collection', () => {
  const stamp = {
    embedding_model: 'gemini-embedding-2',
    dimensions: 768,
    sections: 3,
    without_vector: 0,
  } as Extract<Parameters<typeof diagnoseCollection>[0], { exists: true }>['stamp'];
  const good = {
    exists: true,
    points: 4,
    dimensions: 768,
    vectorName: 'dense',
    hasSparse: true,
    stamp,
  } as const;
  const about = {
    collection: 'book',
    variables: { GEMINI_EMBEDDING_MODEL: { value: 'gemini-embedding-2' } },
    isServed: false,
  };
  const codes = (state: Parameters<typeof diagnoseCollection>[0], more: Partial<typeof about> = {}) =>
    diagnoseCollection(state, { ...about, ...more }).map(({ code }) => code);

  it('that is whole has no finding', () => expect(codes(good)).toEqual([]));
  it.each([
    ['collection-missing', { exists: false }],
    ['collection-empty', { ...good, points: 0 }],
    ['collection-empty', { ...good, stamp: { ...stamp, sections: 0 } }],
    ['collection-unstamped', { ...good, stamp: null }],
    ['stamp-differs', { ...good, stamp: { ...stamp, embedding_model: 'text-embedding-004' } }],
    ['stamp-differs', { ...good, dimensions: 1024 }],
    ['sections-without-vector', { ...good, stamp: { ...stamp, without_vector: 2 } }],
  ] as [string, Parameters<typeof diagnoseCollection>[0]][])('%s', (code, state) =>
    expect(codes(state)).toEqual([code]),
  );
  it('of another tool that the server searches all the same is no finding', () =>
    expect(codes({ ...good, stamp: null }, { isServed: true })).toEqual([]));
});

describe('a Gemini key', () => {
  const wanted = {
    answerModel: 'gemini-flash-latest',
    embeddingModel: 'gemini-embedding-2',
    collection: 'book',
  };
  const gemini = (embeddingModel: string): Credentials['gemini'] => ({
    key: new Secret('AQ.of-no-account-at-all'),
    baseUrl: '',
    answerModel: 'gemini-flash-latest',
    embeddingModel,
    dimensions: 768,
  });
  it('that opens what the Space is set to has no finding', () =>
    expect(diagnoseModels(gemini('gemini-embedding-2'), wanted)).toEqual([]));
  it('that does not is told with the model', () => {
    const [finding, ...more] = diagnoseModels(gemini('gemini-embedding-001'), wanted);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: 'model-not-open' });
    expect(finding?.message).toContain('gemini-embedding-2');
  });
});

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
  const known: Extract<FrontendStatus, { type: 'known' }> = {
    type: 'known',
    key: 'REACT_APP_API_BASE_URL',
    project: 'book',
    value: 'https://ana-book.hf.space',
    variable: { id: 'env_1', key: 'REACT_APP_API_BASE_URL', type: 'plain', target: [], updatedAt: 1_000 },
    ready: deployment,
    newest: deployment,
    origin: null,
  };
  const host = 'https://ana-book.hf.space';
  const site = 'https://book.example';
  const cited = [
    { type: 'token', content: 'Mount it high [Source 1].' },
    { type: 'done', sources: [{ file: 'a.md', heading: 'A', url: '/a' }] },
  ];
  type Served = {
    page?: string | number;
    script?: string;
    allowed?: string;
    answer?: object[];
    /** Of the answer. */
    type?: string;
    own?: string;
  };
  /** The site’s pages and the Space, as they answer a reader. */
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
      if (own !== '' && url.pathname === '/api/health')
        return new Response(own, { headers: { 'content-type': 'application/json' } });
      if (url.pathname === '/docs/a') return new Response('<script src="/docs.js"></script>');
      if (url.pathname === '/docs.js') return new Response(`ask("${host}")`);
      if (url.pathname === '/main.js') return new Response(script);
      if (url.pathname !== '/' || typeof page === 'number')
        return new Response('', { status: typeof page === 'number' ? page : 404 });
      return new Response(page);
    };
  async function codes(changes: Partial<typeof known>, served: Served = {}): Promise<string[]> {
    const http = createHttp({ fetch: answering(served), sleep: async () => undefined });
    const found = await diagnoseFrontend(
      { ...known, ...changes },
      { serverUrl: host, isAwake: true, isHealthy: true, baseUrl: '/', http, signal },
    );
    return found.map(({ code }) => code);
  }

  it('that is wired has no finding', async () => expect(await codes({ origin: site })).toEqual([]));
  it.each<[string, Partial<typeof known>, Served]>([
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
  it('whose chat stands beside the text alone has none', async () =>
    expect(await codes({ origin: site }, { page: '<a href="/docs/a">Read</a>' })).toEqual([]));
  it('that asks its own origin, which hands that on, needs no variable', async () => {
    const served = { script: 'fetch("/api/chat")', own: '{"services":{}}' };
    expect(await codes({ origin: site, variable: null, value: null }, served)).toEqual([]);
  });
  it('whose general question is answered without a source has none', async () => {
    const answer = [
      { type: 'token', content: 'It is a book.' },
      { type: 'done', sources: [] },
    ];
    expect(await codes({ origin: site }, { answer })).toEqual([]);
  });
  it('without a domain is told', async () => expect(await codes({})).toEqual(['frontend-missing']));
  it.each(['ERROR', 'CANCELED', 'BLOCKED'])('whose newest build ended %s is told', async (state) => {
    const newest = { ...deployment, id: 'dpl_2', state, createdAt: 3_000, problem: 'npm ci failed' };
    expect(await codes({ newest })).toEqual(['frontend-build-failed', 'frontend-missing']);
  });
  it('whose failed build was followed by a good one is not', async () => {
    const newest = { ...deployment, state: 'ERROR', createdAt: 1_500 };
    expect(await codes({ newest })).toEqual(['frontend-missing']);
  });
});

describe('the book’s folder', () => {
  let dir = '';
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  function folderWith(files: Record<string, string>, tracked = true): string {
    dir = mkdtempSync(join(tmpdir(), 'diagnose-folder-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, stdio: 'ignore' });
    git('init', '-q');
    if (tracked) git('add', '-A');
    return dir;
  }
  const codes = async (folder: string) =>
    (await diagnoseFolder({ dir: folder, signal })).map(
      ({ code, message }) => `${code} ${message.split(' ')[0]}`,
    );
  const key = 'AQ.this-one-was-given-to-the-run';
  new Secret(key).reveal();

  it('with a given key in a file that git keeps is told, by the file’s name alone', async () => {
    const found = await diagnoseFolder({
      dir: folderWith({ 'backend/.env': `GEMINI_API_KEY=${key}\n` }),
      signal,
    });
    expect(found).toMatchObject([{ code: 'secret-in-git' }]);
    expect(found[0]?.message).toContain('backend/.env');
    expect(JSON.stringify(found)).not.toContain(key);
  });
  it('with a database’s password in its docs is told', async () => {
    const url = 'postgresql://owner:npg_Ab3dEf6hIj9k@ep-cool-1.eu-central-1.aws.neon.tech/neondb';
    expect(await codes(folderWith({ 'docs/deploy.md': `Use ${url}\n` }))).toEqual([
      'secret-in-git docs/deploy.md',
    ]);
  });
  it('with an example of one, or a key that git does not keep, is not', async () => {
    const url = 'postgresql://user:your_password1@ep-name.neon.tech/neondb';
    expect(await codes(folderWith({ '.env.example': `DATABASE_URL=${url}\n` }))).toEqual([]);
    expect(await codes(folderWith({ '.env': key }, false))).toEqual([]);
  });
  it.each([
    ['3.9.2', false, true],
    ['3.10.0', false, true],
    ['~3.9.0', false, true],
    ['^2.4.0', false, true],
    ['^3.9.0', false, false],
    ['~3.10.0', false, false],
    ['latest', false, false],
    ['3.10.1', false, false],
    ['3.9.2', true, false],
  ])('with Docusaurus %s, lockfile %s: told %s', async (version, hasLock, isTold) => {
    const manifest = JSON.stringify({ dependencies: { '@docusaurus/core': version } });
    const folder = folderWith({ 'package.json': manifest, ...(hasLock && { 'yarn.lock': '' }) });
    expect(await codes(folder)).toEqual(isTold ? ['frontend-no-lockfile The'] : []);
  });
  it('with variables in vercel.json is told', async () => {
    const folder = folderWith({
      'vercel.json': JSON.stringify({ env: { REACT_APP_API_URL: 'https://old' } }),
    });
    expect(await codes(folder)).toEqual(['vercel-json-env vercel.json']);
  });
});

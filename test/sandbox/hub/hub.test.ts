import {
  createRepo,
  deleteFile,
  deleteRepo,
  downloadFile,
  fileExists,
  HubApiError,
  listCommits,
  listFiles,
  listSpaces,
  repoExists,
  spaceInfo,
  uploadFiles,
  whoAmI,
  type WhoAmIUser,
} from '@huggingface/hub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubServer } from '../../../sandbox/hub/hub.ts';
import { startTestHub, type TestHub } from './test-hub.ts';

let testHub: TestHub;
let hub: HubServer;
let to: { hubUrl: string; accessToken: string };
const ask: TestHub['request'] = (...request) => testHub.request(...request);

beforeAll(async () => {
  testHub = await startTestHub();
  hub = testHub.hub;
  to = { hubUrl: hub.url, accessToken: hub.tokens.pro };
});
afterAll(() => testHub.close());

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

const creation = (name: string, more: Record<string, unknown> = {}) => ({
  body: { type: 'space', sdk: 'docker', name, organization: 'ana', ...more },
});

describe("the vendor's own client", () => {
  const repo = { type: 'space', name: 'ana/by-client' } as const;
  const text = (content: string): Blob => new Blob([content]);

  it('identifies the token’s owner', async () => {
    const me = (await whoAmI(to)) as WhoAmIUser;
    expect(me).toMatchObject({ type: 'user', name: 'ana', isPro: true });
    expect(me.orgs.map(({ name }) => name)).toContain('textbook-lab');
    await expect(whoAmI({ ...to, accessToken: `hf_${'x'.repeat(34)}` })).rejects.toMatchObject({
      statusCode: 401,
    });
  });

  it('creates, uploads, lists, downloads, deletes', async () => {
    await createRepo({ ...to, repo, sdk: 'docker' });
    expect(await repoExists({ ...to, repo })).toBe(true);
    const large = Buffer.alloc(11 * 1024 * 1024, 'book ');
    const output = await uploadFiles({
      ...to,
      repo,
      files: [
        { path: 'server.js', content: text('console.log(1)\n') },
        { path: 'docs/a/b.md', content: text('# B\n') },
        { path: 'big.txt', content: new Blob([large]) },
      ],
    });
    const files = await all(listFiles({ ...to, repo, recursive: true, expand: true }));
    const byPath = Object.fromEntries(files.map((file) => [file.path, file]));
    expect(Object.keys(byPath).sort()).toEqual(
      ['.gitattributes', 'README.md', 'big.txt', 'docs', 'docs/a', 'docs/a/b.md', 'server.js'].sort(),
    );
    // git hash-object of the same content.
    expect(byPath['server.js']).toMatchObject({ oid: 'e14c4f2a9561ade31986f9319d5c639094509905', size: 15 });
    expect(byPath['server.js']?.lastCommit?.id).toBe(output?.commit.oid);
    expect(byPath['big.txt']?.lfs).toMatchObject({ size: large.length });
    const big = await downloadFile({ ...to, repo, path: 'big.txt' });
    expect(Buffer.from((await big?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(large)).toBe(true);
    expect(await (await downloadFile({ ...to, repo, path: 'docs/a/b.md' }))?.text()).toBe('# B\n');
    expect(await downloadFile({ ...to, repo, path: 'nothing' })).toBeNull();
    await deleteFile({ ...to, repo, path: 'big.txt' });
    expect(await fileExists({ ...to, repo, path: 'big.txt' })).toBe(false);
    expect((await all(listCommits({ ...to, repo }))).map(({ title }) => title)).toEqual([
      'Delete big.txt',
      'Add 3 files',
      'initial commit',
    ]);
    await deleteRepo({ ...to, repo });
    expect(await repoExists({ ...to, repo })).toBe(false);
  });

  it('lists the sample Spaces', async () => {
    const spaces = await all(listSpaces({ ...to, search: { owner: 'ana' }, additionalFields: ['runtime'] }));
    expect(spaces.find(({ name }) => name === 'ana/book-api')).toMatchObject({
      sdk: 'docker',
      runtime: { stage: 'RUNTIME_ERROR' },
    });
    const info = await spaceInfo({
      ...to,
      name: 'ana/book-api',
      additionalFields: ['subdomain', 'sha', 'cardData'],
    });
    expect(info).toMatchObject({ sdk: 'docker', subdomain: 'ana-book-api', cardData: { app_port: 7860 } });
  });

  it('is refused with 412 when its parent commit is stale', async () => {
    const { sha } = await spaceInfo({ ...to, name: 'ana/static-site', additionalFields: ['sha'] });
    const upload = {
      ...to,
      repo: 'spaces/ana/static-site',
      files: [{ path: 'note.txt', content: text('1') }],
      parentCommit: sha,
    };
    await uploadFiles(upload);
    await expect(uploadFiles(upload)).rejects.toMatchObject({ statusCode: 412 });
  });

  it('can parse errors', async () => {
    const error = await downloadFile({ hubUrl: hub.url, repo: 'spaces/ana/none', path: 'x' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(HubApiError);
    expect(error).toMatchObject({ statusCode: 401, requestId: expect.stringMatching(/^Root=1-/) as string });
  });
});

describe('creating a Space', () => {
  it('needs a paid plan, and is refused in the vendor’s words (402 since July 2026)', async () => {
    const free = await ask('POST', '/api/repos/create', {
      ...creation('mine', { organization: 'ben' }),
      token: hub.tokens.free,
    });
    expect(free.status).toBe(402);
    expect(free.body).toEqual({
      error: expect.stringMatching(
        /^Static Spaces are free for everyone, but hosting Gradio and Docker/,
      ) as string,
    });
    const club = await ask('POST', '/api/repos/create', creation('ours', { organization: 'reading-club' }));
    expect(club.status).toBe(402);
    const lab = await ask('POST', '/api/repos/create', creation('ours', { organization: 'textbook-lab' }));
    expect(lab.status).toBe(200);
    expect((await ask('GET', '/api/organizations/textbook-lab/overview')).body).toMatchObject({
      plan: 'team',
    });
    expect((await ask('GET', '/api/organizations/reading-club/overview')).body).not.toHaveProperty('plan');
    const site = await ask('POST', '/api/repos/create', {
      ...creation('site', { organization: 'ben', sdk: 'static' }),
      token: hub.tokens.free,
    });
    expect(site.status).toBe(200);
  });

  it('is refused with 409 and the existing URL when the name is taken', async () => {
    expect(await ask('POST', '/api/repos/create', creation('book-api'))).toMatchObject({
      status: 409,
      body: { error: 'You already created this space repo', url: `${hub.url}/spaces/ana/book-api` },
    });
  });

  it('is refused to tokens without the role or scope', async () => {
    const status = async (token: string, organization = 'ana') =>
      (
        await ask('POST', '/api/repos/create', {
          ...creation(`scoped-${Math.random().toString(36).slice(2)}`, { organization }),
          token,
        })
      ).status;
    expect(await status(hub.tokens.readOnly)).toBe(403);
    expect(await status(hub.tokens.fineGrainedRead)).toBe(403);
    expect(await status(hub.tokens.fineGrainedOther)).toBe(403);
    expect(await status(hub.tokens.orgOnly)).toBe(403);
    expect(await status(hub.tokens.orgOnly, 'textbook-lab')).toBe(200);
    expect(await status(hub.tokens.fineGrained)).toBe(200);
    expect(await status('hf_nobody')).toBe(401);
  });
});

describe('secrets and variables', () => {
  it('never return a secret, and always return the whole map of variables', async () => {
    await ask(
      'POST',
      '/api/repos/create',
      creation('settings', { secrets: [{ key: 'A', value: 'hidden', description: 'one' }] }),
    );
    const path = '/api/spaces/ana/settings';
    expect(await ask('POST', `${path}/secrets`, { body: { key: 'B', value: 'hidden' } })).toMatchObject({
      status: 200,
      body: {},
    });
    const secrets = await ask('GET', `${path}/secrets`);
    expect(secrets.body).toEqual({
      A: { description: 'one', updatedAt: expect.any(String) as string },
      B: { updatedAt: expect.any(String) as string },
    });
    expect(JSON.stringify(secrets.body)).not.toContain('hidden');
    await ask('POST', `${path}/variables`, { body: { key: 'foo', value: '1' } });
    const both = await ask('POST', `${path}/variables`, {
      body: { key: 'bar', value: '2', description: 'two' },
    });
    expect(both.body).toMatchObject({ foo: { value: '1' }, bar: { value: '2', description: 'two' } });
    expect((await ask('DELETE', `${path}/variables`, { body: { key: 'missing' } })).body).toEqual(both.body);
    expect((await ask('DELETE', `${path}/secrets`, { body: { key: 'missing' } })).body).toEqual({});
    expect((await ask('POST', `${path}/variables`, { body: { key: '1st', value: '' } })).status).toBe(400);
    expect((await ask('GET', `${path}/secrets`, { token: hub.tokens.free })).status).toBe(403);
  });
});

it('sends rate-limit headers with every answer, and shows a private Space only to its owner', async () => {
  await ask('POST', '/api/repos/create', creation('hidden', { visibility: 'private' }));
  const mine = await ask('GET', '/api/spaces/ana/hidden');
  expect(mine.headers.get('ratelimit-policy')).toBe('"fixed window";"api";q=2500;w=300');
  expect(mine.headers.get('ratelimit')).toMatch(/^"api";r=\d+;t=\d+$/);
  const other = await ask('GET', '/api/spaces/ana/hidden', { token: hub.tokens.free });
  expect([other.status, other.headers.get('x-error-code')]).toEqual([404, 'RepoNotFound']);
  expect((await ask('GET', '/api/spaces/ana/hidden', { token: null })).status).toBe(401);
});

it('counts successful writes only', async () => {
  const before = testHub.record.writes().byName;
  await ask('POST', '/api/spaces/ana/book-api/variables', { body: { key: 'N', value: '1' } });
  await ask('POST', '/api/spaces/ana/book-api/variables', {
    body: { key: 'N', value: '1' },
    token: hub.tokens.free,
  });
  await ask('GET', '/api/spaces/ana/book-api/variables');
  const after = testHub.record.writes().byName;
  expect((after['hub.set-variable'] ?? 0) - (before['hub.set-variable'] ?? 0)).toBe(1);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';
import { hosting } from './tested-hosting.ts';

const created = hosting.place();
/** Names the place, which confirms what is removed. */
const confirmed = hosting.flags('sample-book-chat');
const adopted = 'ana/book-api';
let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'undo-test-'));
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string> = {}): Promise<WizardRun> {
  return runWizard({
    args: [...args, '--json'],
    env: { ...hosting.env(sandbox.env), XDG_STATE_HOME: folder, ...env },
    cwd: folder,
  });
}

async function call<T>(base: string, path: string, token: string, init: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${sandbox.env[token]}`, 'content-type': 'application/json' };
  const response = await fetch(`${sandbox.env[base]}${path}`, { ...init, headers });
  return (await response.json()) as T;
}
const hub = <T>(path: string) => call<T>('HF_ENDPOINT', `/api/spaces/${path}`, 'HF_TOKEN');
const isThere = async (): Promise<boolean> => {
  const response = hosting.isSpace
    ? await hub<object>(created)
    : await call<object>('VERCEL_API_URL', '/v9/projects/sample-book-chat', 'VERCEL_TOKEN');
  return !('error' in response);
};
const variables = async () => {
  const { envs } = await call<{ envs: { key: string; value: string }[] }>(
    'VERCEL_API_URL',
    '/v10/projects/sample-book/env?decrypt=true',
    'VERCEL_TOKEN',
  );
  return Object.fromEntries(envs.map(({ key, value }) => [key, value]));
};
const collections = async () => {
  const headers = { 'api-key': sandbox.env['QDRANT_API_KEY'] ?? '' };
  const response = await fetch(`${sandbox.env['QDRANT_URL']}/collections`, { headers });
  const { result } = (await response.json()) as { result: { collections: { name: string }[] } };
  return result.collections.map(({ name }) => name);
};

/** Builds the book's site with its present variables, as its owner would on Vercel. */
async function redeploy(): Promise<void> {
  const vercel = <T>(path: string, init?: RequestInit) =>
    call<T>('VERCEL_API_URL', path, 'VERCEL_TOKEN', init);
  const { id: projectId } = await vercel<{ id: string }>('/v9/projects/sample-book');
  const latest = await vercel<{ deployments: { uid: string }[] }>(
    `/v6/deployments?projectId=${projectId}&limit=1`,
  );
  const { id } = await vercel<{ id: string }>('/v13/deployments?forceNew=1', {
    method: 'POST',
    body: JSON.stringify({
      name: 'sample-book',
      deploymentId: latest.deployments[0]?.uid,
      target: 'production',
    }),
  });
  const isReady = async () =>
    (await vercel<{ readyState: string }>(`/v13/deployments/${id}`)).readyState === 'READY';
  await vi.waitUntil(isReady, { timeout: 30_000, interval: 200 });
}

describe('undo of a deployment', () => {
  it('removes what was created, once the Space’s name is given, and keeps the conversations', async () => {
    const deployed = await run(['deploy', '--yes', ...hosting.flags()]);
    expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });

    const unconfirmed = await run(['undo', '--yes']);
    expect(unconfirmed.events.at(-1)).toMatchObject({
      exitCode: 12,
      failure: { code: 'confirmation-missing' },
    });
    expect(await isThere()).toBe(true);

    const result = await run(['undo', '--yes', ...confirmed]);
    expect(result.events.at(-1), result.stdout).toMatchObject({ ok: true, exitCode: 0 });
    expect(await isThere()).toBe(false);
    expect(await variables()).not.toHaveProperty('REACT_APP_API_BASE_URL');
    expect(await collections()).toEqual([]);
    const client = new pg.Client({ connectionString: sandbox.env['DATABASE_URL'] });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS n FROM conversations');
    await client.end();
    expect((rows as { n: number }[])[0]?.n).toBeGreaterThan(0);
    expect(eventsOf(result, 'notice').filter(({ code }) => code === 'revoke').length).toBeGreaterThan(3);
  }, 180_000);

  it('finds nothing to undo the second time, and writes nothing', async () => {
    const { total } = await sandbox.writes();
    const result = await run(['undo', '--yes', ...confirmed]);
    expect(result.code).toBe(0);
    const codes = eventsOf(result, 'notice').map(({ code }) => code);
    expect(codes.filter((code) => code !== 'contacts')).toEqual(['nothing-to-undo']);
    expect((await sandbox.writes()).total).toBe(total);
  });
});

it.runIf(hosting.isSpace)(
  'undo of an adopted Space restores its files, its settings and the frontend’s previous URL',
  async () => {
    await call('VERCEL_API_URL', '/v10/projects/sample-book/env', 'VERCEL_TOKEN', {
      method: 'POST',
      body: JSON.stringify({
        key: 'REACT_APP_API_BASE_URL',
        value: 'https://old.example.com',
        type: 'plain',
        target: ['production'],
      }),
    });
    await redeploy();
    type File = { path: string; oid: string };
    const before = await hub<File[]>(`${adopted}/tree/main?recursive=true`);
    const secrets = await hub(`${adopted}/secrets`);
    const deployed = await run(['deploy', '--yes', '--space', adopted]);
    expect(deployed.events.at(-1), deployed.stdout.slice(-600)).toMatchObject({ ok: true });
    const result = await run(['undo', '--yes', '--space', adopted]);
    expect(result.events.at(-1), result.stdout).toMatchObject({ ok: true });
    const paths = (files: File[]) => files.map(({ path, oid }) => `${path} ${oid}`).toSorted();
    expect(paths(await hub<File[]>(`${adopted}/tree/main?recursive=true`))).toEqual(paths(before));
    expect(await hub(`${adopted}/secrets`)).toEqual(secrets);
    expect(await variables()).toMatchObject({ REACT_APP_API_BASE_URL: 'https://old.example.com' });
  },
  180_000,
);

it.each([
  ['of this place', confirmed],
  ['of any', []],
])('without a journal %s it lists links and changes nothing', async (_, args) => {
  const { total } = await sandbox.writes();
  const stateDir = await mkdtemp(join(folder, 'other-'));
  const result = await run(['undo', '--yes', ...args], { XDG_STATE_HOME: stateDir });
  expect(result.code).toBe(0);
  const links = eventsOf(result, 'notice').filter(({ code }) => code === 'link');
  expect(links.length).toBeGreaterThan(3);
  expect((await sandbox.writes()).total).toBe(total);
});

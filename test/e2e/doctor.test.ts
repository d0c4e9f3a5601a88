import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeaks, secretsIn, quotedForms } from '../leak-check.ts';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL'];
let sandbox: SandboxProcess;
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'doctor-test-'));
  const deployed = await run(['deploy', '--yes']);
  expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
}, 180_000);
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(args: string[], changes: Record<string, string> = {}, only?: string[]): Promise<WizardRun> {
  const known = Object.entries(sandbox.env).filter(([name]) => only?.includes(name) ?? true);
  return runWizard({
    args: [...args, '--json'],
    env: { ...Object.fromEntries(known), XDG_STATE_HOME: folder, ...changes },
    cwd: folder,
  });
}

const codes = (one: WizardRun) =>
  eventsOf(one, 'notice')
    .map(({ code }) => String(code))
    .filter((code) => code !== 'contacts');

async function hub(path: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: `Bearer ${sandbox.env['HF_TOKEN']}`, 'content-type': 'application/json' };
  const response = await fetch(`${sandbox.env['HF_ENDPOINT']}/api/spaces/${space}${path}`, {
    ...init,
    headers,
  });
  expect(response.ok, path).toBe(true);
  return response.json();
}
const setVariable = (key: string, value: string) =>
  hub('/variables', { method: 'POST', body: JSON.stringify({ key, value }) });

describe('doctor of a healthy deployment', () => {
  it('finds nothing with every key, and writes nothing', async () => {
    const { total } = await sandbox.writes();
    const one = await run(['doctor']);
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true, exitCode: 0, deployment: { space } });
    expect(codes(one)).toEqual(['no-findings']);
    expect(eventsOf(one, 'check-done')).toHaveLength(5);
    expect((await sandbox.writes()).total).toBe(total);
  });

  it('needs no more than the Space’s name', async () => {
    const one = await run(['doctor', '--space', space], { XDG_STATE_HOME: join(folder, 'none') }, addresses);
    expect(one.code, one.stdout).toBe(0);
    expect(codes(one)).toEqual(['not-looked-at', 'not-looked-at', 'no-findings']);
  });

  it('tells a key that is not the Space’s, and calls it no finding', async () => {
    const url = new URL(sandbox.env['DATABASE_URL'] ?? '');
    url.searchParams.set('application_name', 'other');
    const one = await run(['doctor'], { DATABASE_URL: url.href });
    expect(one.code).toBe(0);
    expect(codes(one)).toContain('differs-from-space');
  });
});

describe('doctor --report', () => {
  const report = (one: WizardRun): string =>
    eventsOf(one, 'log')
      .filter(({ source }) => source === 'report')
      .map(({ text }) => String(text))
      .join('\n');

  it('says versions, the Space, its health, the last run that failed, and the journal', async () => {
    await sandbox.addFault({
      call: 'hub.variables',
      kind: { type: 'status', status: 400, headers: { 'x-request-id': 'Root=1-abc' } },
    });
    const failed = await run(['deploy', '--yes']);
    await sandbox.clearFaults();
    expect(failed.code, failed.stdout).not.toBe(0);
    const text = report(await run(['doctor', '--report']));
    for (const part of [
      /version \d+\.\d+\.\d+, Node v\d+/,
      /Space ana\/sample-book-chat: RUNNING, public/,
      /health: healthy, server .*, deployment [0-9a-f]{16}, settings [0-9a-f]{16}/,
      /- none\n/,
      /deploy at .*, exit 1/,
      /request x-request-id: Root=1-abc/,
      /check huggingface: accepted/,
      /create-space done: created space ana\/sample-book-chat/,
    ])
      expect(text).toMatch(part);
  });

  it('holds no secret, whatever lies in its sources, nor a host or a folder of yours', async () => {
    const secrets = secretsIn(sandbox.env);
    const forms = secrets.flatMap(([, value]) => quotedForms(value)).join(' ');
    const state = join(folder, 'rag-space-setup');
    const path = join(state, 'last-failure.json');
    const record = JSON.parse(await readFile(path, 'utf8')) as {
      failure: Record<string, string>;
      heard: string[];
    };
    record.failure['message'] = `${forms} at xyz.eu.cloud.qdrant.io:6333 and ep-1.aws.neon.tech in ${folder}`;
    record.heard.push(forms, `hf_${'Z'.repeat(30)}`);
    await writeFile(path, JSON.stringify(record));
    const one = await run(['doctor', '--report'], { HOME: folder });
    const text = report(one);
    expect(text).toContain('[secret]');
    expect(
      findLeaks({
        secrets,
        places: [
          ['report', text],
          ['stderr', one.stderr],
        ],
      }),
    ).toEqual([]);
    expect(text).not.toMatch(/qdrant\.io|neon\.tech|Z{30}/);
    expect(text).not.toContain(folder);
  });

  it('comes also when there is no such Space, in plain lines', async () => {
    const { HF_ENDPOINT = '' } = sandbox.env;
    const one = await runWizard({
      args: ['doctor', '--report', '--space', 'ana/nothing-here'],
      env: { HF_ENDPOINT, XDG_STATE_HOME: folder },
      cwd: folder,
    });
    expect(one.code).toBe(1);
    expect(one.stdout).toMatch(/^### rag-space-setup report$/m);
    expect(one.stdout).toMatch(/^- Space ana\/nothing-here, not seen$/m);
  });
});

describe('doctor finds, with one remedy each', () => {
  async function findingsOf(changes: Record<string, string> = {}, args: string[] = []): Promise<string[]> {
    const one = await run(['doctor', ...args], changes);
    expect(one.events.at(-1), one.stdout).toMatchObject({ exitCode: 1, failure: { code: 'findings' } });
    const found = eventsOf(one, 'notice').filter(({ remedy }) => remedy !== '');
    expect(found.every(({ remedy }) => String(remedy).length > 10)).toBe(true);
    return found.map(({ code }) => String(code));
  }

  it('a key that is refused', async () => {
    expect(await findingsOf({ GEMINI_API_KEY: `AQ.${'x'.repeat(40)}` })).toHaveLength(1);
  });

  it('a key that has expired, and a cluster that is suspended', async () => {
    await sandbox.setControls({ gemini: { key: 'expired' }, qdrant: { suspended: true } });
    const found = await findingsOf();
    await sandbox.setControls({ gemini: { key: 'valid' }, qdrant: { suspended: false } });
    expect(found).toContain('cluster-suspended');
    expect(found.filter((code) => /key|rejected|expired/.test(code))).toHaveLength(1);
  });

  it('a project that the token does not reach', async () => {
    expect(await findingsOf({ VERCEL_PROJECT: 'nowhere' })).toEqual(['vercel-wrong-team']);
  });

  it('a variable with another address, in pages that were built before', async () => {
    const { envs } = (await vercel('/v10/projects/sample-book/env?decrypt=true')) as {
      envs: { id: string; key: string; value: string }[];
    };
    const [standing] = envs.filter(({ key }) => key === 'REACT_APP_API_BASE_URL');
    const patch = (value: string | undefined) =>
      vercel(`/v9/projects/sample-book/env/${standing?.id}`, {
        method: 'PATCH',
        body: JSON.stringify({ value }),
      });
    await patch('https://other.hf.space');
    expect(await findingsOf()).toEqual(['frontend-variable-differs']);
    await patch(standing?.value);
    expect(await findingsOf()).toEqual(['frontend-not-redeployed']);
  });

  it('origins and a model that are not what they should be', async () => {
    const variables = (await hub('/variables')) as Record<string, { value: string }>;
    const origins = variables['ALLOWED_ORIGINS']?.value ?? '';
    await setVariable('ALLOWED_ORIGINS', '"https://book.example.com/docs/", *');
    await setVariable('GEMINI_EMBEDDING_MODEL', 'gemini-embedding-001');
    const found = await findingsOf();
    expect(found.filter((code) => code === 'origin-misspelled')).toHaveLength(2);
    expect(found).toContain('stamp-differs');
    await setVariable('ALLOWED_ORIGINS', origins);
    await setVariable('GEMINI_EMBEDDING_MODEL', variables['GEMINI_EMBEDDING_MODEL']?.value ?? '');
  });

  it('a collection that is gone', async () => {
    await fetch(`${sandbox.env['QDRANT_URL']}/collections/docusaurus-book`, {
      method: 'DELETE',
      headers: { 'api-key': sandbox.env['QDRANT_API_KEY'] ?? '' },
    });
    expect(await findingsOf()).toContain('collection-missing');
  });

  it('a Space that is paused, and one that is not there', async () => {
    await hub('/pause', { method: 'POST' });
    expect(await findingsOf()).toContain('space-paused');
    const one = await run(['doctor', '--space', 'ana/nothing-here']);
    expect(one.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'space-missing' } });
  });

  async function vercel(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${sandbox.env['VERCEL_TOKEN']}`,
      'content-type': 'application/json',
    };
    return (await fetch(`${sandbox.env['VERCEL_API_URL']}${path}`, { ...init, headers })).json();
  }
});

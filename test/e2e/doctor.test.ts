import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findLeaks, secretsIn, quotedForms } from '../leak-check.ts';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL'];
let sandbox: SandboxProcess;
let folder: string;
let serverUrl: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'doctor-test-'));
  const deployed = await run(['deploy', '--yes']);
  const finished = eventsOf(deployed, 'run-finished').find(({ ok }) => ok === true);
  expect(finished, deployed.stderr).toBeDefined();
  serverUrl = (finished?.['deployment'] as { url: string } | undefined)?.url ?? '';
}, 180_000);
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(args: string[], changes: Record<string, string> = {}, only?: string[]): Promise<WizardRun> {
  const env = Object.entries(sandbox.env).filter(([name]) => only?.includes(name) ?? true);
  return runWizard({
    args: [...args, '--json'],
    env: { ...Object.fromEntries(env), XDG_STATE_HOME: folder, ...changes },
    cwd: folder,
  });
}

const codes = (result: WizardRun) =>
  eventsOf(result, 'notice')
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

/** The server looks at its services on its own; it may have seen a fault that is over. */
async function untilHealthy(): Promise<void> {
  await vi.waitUntil(
    async () => {
      const { status } = (await (await fetch(`${serverUrl}/api/health`)).json()) as { status: string };
      return status === 'healthy';
    },
    { timeout: 60_000, interval: 200 },
  );
}

describe('doctor of a healthy deployment', () => {
  it('has no findings with every key, and writes nothing', async () => {
    const { total } = await sandbox.writes();
    const result = await run(['doctor']);
    expect(result.events.at(-1), result.stdout).toMatchObject({
      ok: true,
      exitCode: 0,
      deployment: { space },
    });
    expect(codes(result)).toEqual(['no-findings']);
    expect(eventsOf(result, 'check-done')).toHaveLength(5);
    expect((await sandbox.writes()).total).toBe(total);
  });

  it('needs only the Space’s name', async () => {
    const result = await run(
      ['doctor', '--space', space],
      { XDG_STATE_HOME: join(folder, 'none') },
      addresses,
    );
    expect(result.code, result.stdout).toBe(0);
    expect(codes(result)).toEqual(['not-looked-at', 'not-looked-at', 'no-findings']);
  });

  it('reports a key that differs from the Space’s, not as a finding', async () => {
    const url = new URL(sandbox.env['DATABASE_URL'] ?? '');
    url.searchParams.set('application_name', 'other');
    const result = await run(['doctor'], { DATABASE_URL: url.href });
    expect(result.code).toBe(0);
    expect(codes(result)).toContain('differs-from-space');
  });
});

describe('doctor --report', () => {
  const report = (result: WizardRun): string =>
    eventsOf(result, 'log')
      .filter(({ source }) => source === 'report')
      .map(({ text }) => String(text))
      .join('\n');

  it('contains versions, the Space, its health, the last failed run, and the journal', async () => {
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

  it('contains no secret, no host and no folder, whatever its sources contain', async () => {
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
    const result = await run(['doctor', '--report'], { HOME: folder });
    const text = report(result);
    expect(text).toContain('[secret]');
    expect(
      findLeaks({
        secrets,
        places: [
          ['report', text],
          ['stderr', result.stderr],
        ],
      }),
    ).toEqual([]);
    expect(text).not.toMatch(/qdrant\.io|neon\.tech|Z{30}/);
    expect(text).not.toContain(folder);
  });

  it('is written for a missing Space too, in plain lines', async () => {
    const { HF_ENDPOINT = '' } = sandbox.env;
    const result = await runWizard({
      args: ['doctor', '--report', '--space', 'ana/nothing-here'],
      env: { HF_ENDPOINT, XDG_STATE_HOME: folder },
      cwd: folder,
    });
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/^### rag-space-setup report$/m);
    expect(result.stdout).toMatch(/^- Space ana\/nothing-here, not seen$/m);
  });
});

describe('doctor finds, with one remedy each', () => {
  async function findingsOf(changes: Record<string, string> = {}, args: string[] = []): Promise<string[]> {
    const result = await run(['doctor', ...args], changes);
    expect(result.events.at(-1), result.stdout).toMatchObject({ exitCode: 1, failure: { code: 'findings' } });
    const findings = eventsOf(result, 'notice').filter(({ remedy }) => remedy !== '');
    expect(findings.every(({ remedy }) => String(remedy).length > 10)).toBe(true);
    return findings.map(({ code }) => String(code));
  }

  it('a rejected key', async () => {
    expect(await findingsOf({ GEMINI_API_KEY: `AQ.${'x'.repeat(40)}` })).toHaveLength(1);
  });

  it('an expired key and a suspended cluster', async () => {
    await sandbox.setControls({ gemini: { key: 'expired' }, qdrant: { suspended: true } });
    const findings = await findingsOf();
    await sandbox.setControls({ gemini: { key: 'valid' }, qdrant: { suspended: false } });
    await untilHealthy();
    expect(findings).toContain('cluster-suspended');
    expect(findings.filter((code) => /key|rejected|expired/.test(code))).toHaveLength(1);
  });

  it('a project that the token cannot access', async () => {
    expect(await findingsOf({ VERCEL_PROJECT: 'nowhere' })).toEqual(['vercel-wrong-team']);
  });

  it('a variable with another URL, and pages that were built before its change', async () => {
    const { envs } = (await vercel('/v10/projects/sample-book/env?decrypt=true')) as {
      envs: { id: string; key: string; value: string }[];
    };
    const [variable] = envs.filter(({ key }) => key === 'REACT_APP_API_BASE_URL');
    const patch = (value: string | undefined) =>
      vercel(`/v9/projects/sample-book/env/${variable?.id}`, {
        method: 'PATCH',
        body: JSON.stringify({ value }),
      });
    await patch('https://other.hf.space');
    expect(await findingsOf()).toEqual(['frontend-variable-differs']);
    await patch(variable?.value);
    expect(await findingsOf()).toEqual(['frontend-not-redeployed']);
  });

  it('misspelled origins and a model that does not match the stamp', async () => {
    const variables = (await hub('/variables')) as Record<string, { value: string }>;
    const origins = variables['ALLOWED_ORIGINS']?.value ?? '';
    await setVariable('ALLOWED_ORIGINS', '"https://book.example.com/docs/", *');
    await setVariable('GEMINI_EMBEDDING_MODEL', 'gemini-embedding-001');
    const findings = await findingsOf();
    expect(findings.filter((code) => code === 'origin-misspelled')).toHaveLength(2);
    expect(findings).toContain('stamp-differs');
    await setVariable('ALLOWED_ORIGINS', origins);
    await setVariable('GEMINI_EMBEDDING_MODEL', variables['GEMINI_EMBEDDING_MODEL']?.value ?? '');
  });

  it('a missing collection', async () => {
    await fetch(`${sandbox.env['QDRANT_URL']}/collections/docusaurus-book`, {
      method: 'DELETE',
      headers: { 'api-key': sandbox.env['QDRANT_API_KEY'] ?? '' },
    });
    expect(await findingsOf()).toContain('collection-missing');
  });

  it('a paused Space and a missing Space', async () => {
    await hub('/pause', { method: 'POST' });
    expect(await findingsOf()).toContain('space-paused');
    const result = await run(['doctor', '--space', 'ana/nothing-here']);
    expect(result.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'space-missing' } });
  });

  async function vercel(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${sandbox.env['VERCEL_TOKEN']}`,
      'content-type': 'application/json',
    };
    return (await fetch(`${sandbox.env['VERCEL_API_URL']}${path}`, { ...init, headers })).json();
  }
});

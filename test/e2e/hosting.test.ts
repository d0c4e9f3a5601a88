/** The main job on a Vercel Function: no Hugging Face account is there at all. */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let stateHome: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  stateHome = await mkdtemp(join(tmpdir(), 'hosting-test-'));
});
afterAll(async () => {
  await sandbox?.stop();
  await rm(stateHome, { recursive: true, force: true });
});

function run(args: string[], more: Record<string, string> = {}): Promise<WizardRun> {
  const { HF_TOKEN: _, ...env } = sandbox.env;
  return runWizard({
    args: [...args, '--yes', '--json'],
    env: { ...env, XDG_STATE_HOME: stateHome, ...more },
  });
}

const vercel = async (path: string): Promise<Response> =>
  fetch(`${sandbox.env['VERCEL_API_URL']}${path}`, {
    headers: { authorization: `Bearer ${sandbox.env['VERCEL_TOKEN']}` },
  });
const deployed = {
  ok: true,
  exitCode: 0,
  deployment: { space: 'vercel/~ana/sample-book-chat', health: 'healthy' },
};

it('deploys, and a second run writes nothing and deploys nothing', async () => {
  const first = await run(['--hosting', 'vercel']);
  expect(first.events.at(-1), first.stderr + first.stdout.slice(-3000)).toMatchObject(deployed);
  const before = await sandbox.writes();
  const second = await run(['--hosting', 'vercel']);
  expect(second.events.at(-1), second.stdout.slice(-2000)).toMatchObject(deployed);
  expect((await sandbox.writes()).byName).toEqual(before.byName);
  expect((await run(['plan', '--hosting', 'vercel', '--detailed-exit-code'])).code).toBe(0);
});

it('keeps secrets as sensitive variables of production', async () => {
  const { envs } = (await (await vercel('/v10/projects/sample-book-chat/env')).json()) as {
    envs: { key: string; type: string; target: string[] }[];
  };
  const secrets = envs.filter(({ type }) => type === 'sensitive').map(({ key }) => key);
  expect(secrets.toSorted()).toEqual(['DATABASE_URL', 'GEMINI_API_KEY', 'QDRANT_API_KEY', 'QDRANT_URL']);
  expect(envs.every(({ target }) => target.join() === 'production')).toBe(true);
});

it('is shown by status', async () => {
  const status = await run(['status']);
  expect(status.code, status.stdout).toBe(0);
  expect(status.stdout).toContain('Vercel project ana/sample-book-chat: running, public');
});

it('is examined by doctor, and its log followed, from a machine that did not deploy it', async () => {
  const elsewhere = { XDG_STATE_HOME: join(stateHome, 'another-machine') };
  const flags = ['--hosting', 'vercel', '--hosting-project', 'sample-book-chat'];
  const doctor = await run(['doctor', ...flags], elsewhere);
  expect(doctor.code, doctor.stdout.slice(-2000)).toBe(0);
  let output = '';
  const { HF_TOKEN: _, ...env } = sandbox.env;
  await runWizard({
    args: ['logs', ...flags, '--yes', '--json'],
    env: { ...env, ...elsewhere },
    onStart: (child) =>
      child.stdout?.on('data', (piece: Buffer) => {
        output += piece.toString();
        if (output.includes('"code":"stage"')) child.kill('SIGINT');
      }),
  });
  expect(output).toContain('"message":"The Vercel project is running');
});

describe('an edited book', () => {
  const index = async (DOCS_DIR: string, more: Record<string, string> = {}): Promise<WizardRun> => {
    const result = await run(['index'], { DOCS_DIR, ...more });
    expect(result.code, result.stdout.slice(-2000)).toBe(0);
    return result;
  };
  const copy = async (): Promise<string> => {
    const folder = join(stateHome, 'edited');
    await cp(sandbox.env['DOCS_DIR'] ?? '', folder, { recursive: true });
    return folder;
  };
  const stepsOf = (result: WizardRun): unknown[] => eventsOf(result, 'step-done').map(({ step }) => step);

  it('is posted with the function by the same run of index, and once', async () => {
    const folder = await copy();
    await appendFile(join(folder, 'docs/05-glossary.md'), '\n## Quokka\n\nA quokka is no instrument.\n');
    const edited = await index(folder);
    const posted = ['index-book', 'set-variables', 'upload-server', 'await-build', 'await-health'];
    expect(stepsOf(edited)).toEqual(posted);
    const plan = await run(['plan', '--hosting', 'vercel', '--detailed-exit-code'], { DOCS_DIR: folder });
    expect(plan.code, plan.stdout.slice(-2000)).toBe(0);
    const before = await sandbox.writes();
    expect(stepsOf(await index(folder))).toEqual(['index-book']);
    expect(await sandbox.writes()).toEqual(before);
  });

  it('without a token of the function’s account goes into the collection, and the run names what is left', async () => {
    const folder = join(stateHome, 'edited');
    await appendFile(join(folder, 'docs/05-glossary.md'), '\nNor is it a gauge.\n');
    const edited = await index(folder, { VERCEL_TOKEN: '' });
    expect(stepsOf(edited)).toEqual(['index-book']);
    expect(eventsOf(edited, 'notice')).toContainEqual(
      expect.objectContaining({
        code: 'book-beside-server',
        remedy: expect.stringContaining('VERCEL_TOKEN'),
      }),
    );
    expect(stepsOf(await index(folder))).toContain('upload-server');
  });
});

it('leaves a project of that name that it did not make alone', async () => {
  const refused = await run(['--hosting', 'vercel', '--hosting-project', 'sample-book']);
  expect(refused.events.at(-1)).toMatchObject({ ok: false, failure: { code: 'space-taken' } });
});

it('after a kill the next run completes the deployment', async () => {
  const args = ['--hosting', 'vercel', '--hosting-project', 'cut'];
  let output = '';
  const { HF_TOKEN: _, ...env } = sandbox.env;
  await runWizard({
    args: [...args, '--yes', '--json'],
    env: { ...env, XDG_STATE_HOME: stateHome },
    onStart: (child) =>
      child.stdout?.on('data', (piece: Buffer) => {
        output += piece.toString();
        if (/"step-started"[^\n]*"step":"upload-server"/.test(output)) child.kill('SIGKILL');
      }),
  });
  const second = await run(args);
  expect(second.events.at(-1), second.stdout.slice(-2000)).toMatchObject({ ok: true });
});

it('undo removes the project, and only that of the server', async () => {
  const undo = await run(['undo', '--hosting', 'vercel', '--hosting-project', 'sample-book-chat']);
  expect(undo.code, undo.stdout.slice(-2000)).toBe(0);
  expect((await vercel('/v9/projects/sample-book-chat')).status).toBe(404);
  expect((await vercel('/v9/projects/sample-book')).status).toBe(200);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventsOf, runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
let stateHome: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  stateHome = await mkdtemp(join(tmpdir(), 'refusals-test-'));
});
afterEach(() => sandbox.clearFaults());
afterAll(async () => {
  await sandbox?.stop();
  await rm(stateHome, { recursive: true, force: true });
});

function deploy(changed: Record<string, string>, args: string[] = []): Promise<WizardRun> {
  return runWizard({
    args: ['--yes', '--json', ...args],
    env: { ...sandbox.env, XDG_STATE_HOME: stateHome, ...changed },
  });
}

/** Checks that the last event has a message and a remedy. */
function expectFailure(run: WizardRun, expected: { exitCode: number; code: string; service?: string }): void {
  const last = run.events.at(-1);
  expect(last, run.stderr).toMatchObject({
    type: 'run-finished',
    ok: false,
    exitCode: expected.exitCode,
    failure: { code: expected.code, ...(expected.service && { service: expected.service }) },
  });
  const failure = last?.['failure'] as { message: string; remedy: string };
  expect(failure.message.length).toBeGreaterThan(10);
  expect(failure.remedy.length).toBeGreaterThan(10);
  expect(run.code).toBe(expected.exitCode);
  expect(eventsOf(run, 'run-finished')).toHaveLength(1);
  expect(run.stdout + run.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
}

it.each([
  ['HF_TOKEN', `hf_${'x'.repeat(34)}`, 'huggingface'],
  ['VERCEL_TOKEN', 'x'.repeat(24), 'vercel'],
  ['GEMINI_API_KEY', `AQ.${'x'.repeat(40)}`, 'gemini'],
  ['QDRANT_API_KEY', `eyJ${'x'.repeat(20)}.${'y'.repeat(30)}.${'z'.repeat(20)}`, 'qdrant'],
])('a rejected %s ends with exit 3 before anything is written', async (name, value, service) => {
  const before = await sandbox.writes();
  const run = await deploy({ [name]: value });
  const last = run.events.at(-1);
  expect(last).toMatchObject({ type: 'run-finished', exitCode: 3, failure: { kind: 'rejected', service } });
  expect(run.code).toBe(3);
  expect((await sandbox.writes()).total).toBe(before.total);
});

it('a wrong database password ends with exit 3', async () => {
  const url = new URL(sandbox.env['DATABASE_URL'] ?? '');
  url.password = 'wrong-password-here';
  const run = await deploy({ DATABASE_URL: url.href });
  expect(run.events.at(-1)).toMatchObject({
    exitCode: 3,
    failure: { kind: 'rejected', service: 'postgres' },
  });
});

it('an unreachable vendor ends with exit 4', async () => {
  const run = await deploy({ QDRANT_URL: 'http://127.0.0.1:9' });
  expect(run.events.at(-1)).toMatchObject({
    exitCode: 4,
    failure: { kind: 'unreachable', service: 'qdrant' },
  });
  expect(run.code).toBe(4);
});

it('a free account is refused before any other service is checked', async () => {
  const run = await deploy({ HF_TOKEN: sandbox.tokens['free'] ?? '' });
  expectFailure(run, { exitCode: 3, code: 'free-plan', service: 'huggingface' });
  expect(eventsOf(run, 'check-started').map((event) => event['service'])).toEqual(['huggingface']);
});

it('a Space of another SDK is refused, and nothing is written', async () => {
  const before = await sandbox.writes();
  const run = await deploy({}, ['--space', 'ana/static-site']);
  expectFailure(run, { exitCode: 1, code: 'space-not-docker', service: 'huggingface' });
  expect((await sandbox.writes()).total).toBe(before.total);
});

it('a Space that does not build ends with the failing line, and a second run succeeds', async () => {
  await sandbox.setControls({ space: { build: 'error' } });
  const run = await deploy({}, ['--space', 'ana/does-not-build']);
  await sandbox.setControls({ space: { build: 'ok' } });
  expectFailure(run, { exitCode: 1, code: 'space-build-failed', service: 'huggingface' });
  const again = await deploy({}, ['--space', 'ana/does-not-build']);
  expect(again.events.at(-1), again.stdout.slice(-1500)).toMatchObject({ ok: true });
}, 180_000);

it('a server that crashes at its start ends with its last output', async () => {
  await sandbox.setControls({ space: { start: 'crash' } });
  const run = await deploy({}, ['--space', 'ana/crashes']);
  await sandbox.setControls({ space: { start: 'ok' } });
  expectFailure(run, { exitCode: 1, code: 'space-crashed', service: 'huggingface' });
}, 180_000);

it('missing input is one event that lists all of it, exit 12', async () => {
  const run = await runWizard({
    args: ['--yes', '--json'],
    env: { XDG_STATE_HOME: stateHome },
    cwd: stateHome,
  });
  expect(run.code).toBe(12);
  const [missing, ...more] = eventsOf(run, 'input-missing');
  expect(more).toEqual([]);
  expect((missing!['missing'] as { env: string }[]).map((input) => input.env)).toEqual([
    'HF_TOKEN',
    'VERCEL_TOKEN',
    'GEMINI_API_KEY',
    'QDRANT_URL',
    'QDRANT_API_KEY',
    'DATABASE_URL',
    'DOCS_DIR',
  ]);
});

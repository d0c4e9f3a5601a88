import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Faults } from '../../sandbox/faults.ts';
import { startQdrant } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/record.ts';
import { eventsOf, runWizard, startSandbox, type Sandbox, type WizardRun } from './sandbox-process.ts';

const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL', 'HF_TOKEN'];
let sandbox: Sandbox;
let folder: string;
/** What the Space holds now. */
let database: string;
let origin: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), 'rotate-test-'));
  database = sandbox.env['DATABASE_URL'] ?? '';
  const deployed = await run(['deploy', '--yes'], sandbox.env);
  expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
  origin = (deployed.events.at(-1)!['deployment'] as { url: string }).url;
}, 180_000);
afterAll(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(
  args: string[],
  env: Record<string, string>,
  onEvents?: (soFar: string) => void,
): Promise<WizardRun> {
  let said = '';
  return runWizard({
    args: [...args, '--json'],
    env: { ...env, XDG_STATE_HOME: folder },
    cwd: folder,
    onStart: (child) => {
      child.stdout?.on('data', (piece: Buffer) => {
        said += piece.toString();
        onEvents?.(said);
      });
    },
  });
}

/** Only the Hub's token and what is given: a rotation needs no more. */
function rotate(name: string, given: Record<string, string>, onEvents?: (soFar: string) => void) {
  const known = Object.fromEntries(Object.entries(sandbox.env).filter(([one]) => addresses.includes(one)));
  return run(['rotate', name, '--yes'], { ...known, ...given }, onEvents);
}

function changedUrl(change: (url: URL) => void): string {
  const url = new URL(database);
  change(url);
  return url.href;
}

async function sql(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: sandbox.env['DATABASE_URL'] });
  await client.connect();
  await client.query(text);
  await client.end();
}

const health = async () => (await (await fetch(`${origin}/api/health`)).json()) as Record<string, unknown>;

it('replaces the secret, proves the server with it, and leaves nothing for a deployment to do', async () => {
  const before = await health();
  const next = changedUrl((url) => url.searchParams.set('application_name', 'second'));
  const one = await rotate('postgres', { DATABASE_URL: next });
  expect(one.events.at(-1), one.stderr + one.stdout).toMatchObject({ ok: true, exitCode: 0 });
  expect(eventsOf(one, 'check-started').map(({ service }) => service)).toEqual(['huggingface', 'postgres']);
  const after = await health();
  expect(after['status']).toBe('healthy');
  expect(after['deployment_id']).not.toBe(before['deployment_id']);
  const revoke = eventsOf(one, 'notice').find(({ code }) => code === 'revoke');
  expect(String(revoke?.['message'])).toMatch(/DATABASE_URL.*fingerprint [0-9a-f]{8}/);
  database = next;
  const plan = await run(['plan', '--yes', '--detailed-exit-code'], { ...sandbox.env, DATABASE_URL: next });
  expect(plan.code, plan.stdout).toBe(0);
  const again = await rotate('postgres', { DATABASE_URL: next });
  expect(eventsOf(again, 'notice').map(({ code }) => code)).toContain('nothing-to-rotate');
});

it('writes nothing when the new value is refused', async () => {
  const { total } = await sandbox.writes();
  const wrong = changedUrl((url) => (url.password = 'not-the-password'));
  const one = await rotate('DATABASE_URL', { DATABASE_URL: wrong });
  expect(one.events.at(-1)).toMatchObject({ exitCode: 3, failure: { service: 'postgres' } });
  expect((await sandbox.writes()).total).toBe(total);
});

it('writes nothing when the book is not in the new cluster', async () => {
  const empty = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
  try {
    const { total } = await sandbox.writes();
    const one = await rotate('QDRANT_URL', { QDRANT_URL: empty.url, QDRANT_API_KEY: empty.apiKey });
    expect(one.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'collection-not-there' } });
    expect((await sandbox.writes()).total).toBe(total);
  } finally {
    await empty.close();
  }
});

it('puts the old value back, and proves it, when the server does not get healthy with the new one', async () => {
  const owner = new URL(database).username;
  await sql(`CREATE ROLE shortlived LOGIN PASSWORD 'short'; GRANT "${owner}" TO shortlived`);
  const next = changedUrl((url) => {
    url.username = 'shortlived';
    url.password = 'short';
  });
  let isLocked: Promise<void> | undefined;
  const one = await rotate(
    'DATABASE_URL',
    { DATABASE_URL: next, PREVIOUS_DATABASE_URL: database },
    (soFar) => {
      // Accepted here, refused where it counts.
      if (soFar.includes('"step-started"')) isLocked ??= sql('ALTER ROLE shortlived NOLOGIN');
    },
  );
  await isLocked;
  expect(one.events.at(-1), one.stdout).toMatchObject({ exitCode: 1, failure: { code: 'rotation-undone' } });
  expect((await health())['status']).toBe('healthy');
  const plan = await run(['plan', '--yes', '--detailed-exit-code'], {
    ...sandbox.env,
    DATABASE_URL: database,
  });
  expect(plan.code, plan.stdout).toBe(0);
  expect(one.stdout).not.toContain('short:');
}, 180_000);

it.each([
  [['rotate', '--yes'], 'rotate-what'],
  [['rotate', 'VERCEL_TOKEN', '--yes'], 'not-rotatable'],
])('%j is refused with what can be rotated', async (args, code) => {
  const one = await run(args, sandbox.env);
  expect(one.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code } });
  expect(String((one.events.at(-1)!['failure'] as { remedy: string }).remedy)).toContain('GEMINI_API_KEY');
});

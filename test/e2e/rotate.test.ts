import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../sandbox/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/record.ts';
import type { SecretName } from '../../server/contract.ts';
import { hurriedSession } from './hurried-session.ts';
import { eventsOf, runWizard, startSandbox, type Sandbox, type WizardRun } from './sandbox-process.ts';

type Values = Partial<Record<SecretName, string>>;
const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL', 'HF_TOKEN'];
const space = 'ana/sample-book-chat';
let sandbox: Sandbox;
let second: QdrantStandIn;
let folder: string;
/** What the Space holds now. */
const held: Values = {};
let origin: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  second = await startQdrant({
    faults: new Faults(),
    record: new ExchangeRecord(),
    apiKey: 'second-cluster',
  });
  folder = await mkdtemp(join(tmpdir(), 'rotate-test-'));
  const deployed = await run(['deploy', '--yes'], sandbox.env);
  expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
  origin = (deployed.events.at(-1)!['deployment'] as { url: string }).url;
}, 180_000);
afterAll(async () => {
  await second?.close();
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

function run(args: string[], env: Record<string, string>): Promise<WizardRun> {
  return runWizard({
    args: [...args, '--json'],
    env: { XDG_STATE_HOME: folder, ...env },
    cwd: folder,
  });
}

const bare = () =>
  Object.fromEntries(Object.entries(sandbox.env).filter(([name]) => addresses.includes(name)));

/** Only the Hub's token and what is given: a rotation needs no more. */
const rotate = (name: string, given: Record<string, string>, args: string[] = []) =>
  run(['rotate', name, '--yes', ...args], { ...bare(), ...given });

function databaseWith(change: (url: URL) => void): string {
  const url = new URL(held.DATABASE_URL ?? sandbox.env['DATABASE_URL'] ?? '');
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
const codes = (one: WizardRun) => eventsOf(one, 'notice').map(({ code }) => code);

async function expectNothingToDo(): Promise<void> {
  const plan = await run(['plan', '--yes', '--detailed-exit-code'], { ...sandbox.env, ...held });
  expect(plan.code, plan.stdout).toBe(0);
}

describe('a rotation', () => {
  type Row = [name: string, services: string[], page: string, next: () => Promise<Values> | Values];
  const rows: Row[] = [
    [
      'gemini',
      ['huggingface', 'gemini'],
      'aistudio.google.com',
      async () => {
        const key = `AQ.second-${'k'.repeat(30)}`;
        await sandbox.world({ gemini: { keys: { [key]: 'valid' } } });
        return { GEMINI_API_KEY: key };
      },
    ],
    [
      'QDRANT_API_KEY',
      ['huggingface', 'qdrant'],
      'cloud.qdrant.io',
      async () => {
        await sandbox.world({ qdrant: { keys: { 'second-qdrant-key': 'valid' } } });
        return { QDRANT_API_KEY: 'second-qdrant-key' };
      },
    ],
    [
      'postgres',
      ['huggingface', 'postgres'],
      'console.neon.tech',
      () => ({ DATABASE_URL: databaseWith((url) => url.searchParams.set('application_name', 'second')) }),
    ],
    [
      'QDRANT_URL',
      ['huggingface', 'qdrant'],
      'cloud.qdrant.io',
      async () => {
        const next = { QDRANT_URL: second.url, QDRANT_API_KEY: second.apiKey };
        const indexed = await run(['index', '--yes'], { ...sandbox.env, ...next });
        expect(indexed.code, indexed.stdout).toBe(0);
        return next;
      },
    ],
  ];

  it.each(rows)(
    'of %s: proved, written, proved with the server, nothing left to do',
    async (name, services, page, make) => {
      const next = await make();
      const before = await health();
      const one = await rotate(name, next as Record<string, string>);
      expect(one.events.at(-1), one.stderr + one.stdout).toMatchObject({ ok: true, exitCode: 0 });
      expect(eventsOf(one, 'check-started').map(({ service }) => service)).toEqual(services);
      expect(eventsOf(one, 'step-done').map(({ step }) => step)).toEqual([
        'set-secrets',
        'set-variables',
        'await-build',
        'await-health',
      ]);
      const after = await health();
      expect(after['status']).toBe('healthy');
      expect(after['deployment_id']).not.toBe(before['deployment_id']);
      const revoke = eventsOf(one, 'notice').filter(({ code }) => code === 'revoke');
      expect(String(revoke[0]?.['message'])).toMatch(/fingerprint [0-9a-f]{8}/);
      expect(String(revoke[0]?.['remedy'])).toContain(page);
      expect(codes(one).includes('left-behind')).toBe(name === 'QDRANT_URL');
      Object.assign(held, next);
      // Indexing anew has written a new stamp: the Space's copy of the book follows it with a deployment.
      if (name === 'QDRANT_URL') await run(['deploy', '--yes'], { ...sandbox.env, ...held });
      await expectNothingToDo();
      const again = await rotate(name, next as Record<string, string>);
      expect(codes(again)).toContain('nothing-to-rotate');
    },
    180_000,
  );

  it('of the new cluster’s key finds that cluster by itself', async () => {
    second.knobs['keys']?.({ 'third-key-of-it': 'valid' });
    const one = await rotate('qdrant', { QDRANT_API_KEY: 'third-key-of-it' });
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true });
    held.QDRANT_API_KEY = 'third-key-of-it';
  });

  it.each([
    ['sleeps', 'SLEEPING'],
    ['is paused', 'PAUSED'],
  ])('of a Space that %s wakes it, and proves it', async (_, stage) => {
    const turn = stage === 'SLEEPING' ? { sleep: space } : { force: { space, stage } };
    await sandbox.world({ space: turn });
    const DATABASE_URL = databaseWith((url) => url.searchParams.set('application_name', stage));
    const one = await rotate('postgres', { DATABASE_URL });
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true, deployment: { health: 'healthy' } });
    held.DATABASE_URL = DATABASE_URL;
  });

  it('works on a machine without a journal', async () => {
    const XDG_STATE_HOME = join(folder, 'other-machine');
    const { GEMINI_API_KEY = '' } = sandbox.env;
    const one = await rotate('gemini', { GEMINI_API_KEY, XDG_STATE_HOME }, ['--space', space]);
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true });
    held.GEMINI_API_KEY = GEMINI_API_KEY;
  });
});

describe('nothing is written', () => {
  async function expectNoWrite(work: () => Promise<WizardRun>): Promise<WizardRun> {
    const { total } = await sandbox.writes();
    const one = await work();
    expect((await sandbox.writes()).total).toBe(total);
    return one;
  }

  it.each<[string, string, () => Values]>([
    ['postgres', 'postgres', () => ({ DATABASE_URL: databaseWith((url) => (url.password = 'not-it')) })],
    ['gemini', 'gemini', () => ({ GEMINI_API_KEY: `AQ.${'x'.repeat(40)}` })],
    ['qdrant', 'qdrant', () => ({ QDRANT_API_KEY: 'nobody-gave-this-one' })],
  ])('when the new value of %s is refused', async (name, service, next) => {
    const one = await expectNoWrite(() => rotate(name, next() as Record<string, string>));
    expect(one.events.at(-1)).toMatchObject({ exitCode: 3, failure: { service } });
  });

  it('when the key does not open the model that the Space is set to', async () => {
    const key = `AQ.third-${'k'.repeat(30)}`;
    await sandbox.world({ gemini: { keys: { [key]: 'valid' }, gone: ['gemini-embedding-2'] } });
    const one = await expectNoWrite(() => rotate('gemini', { GEMINI_API_KEY: key }));
    expect(one.events.at(-1)).toMatchObject({ exitCode: 3, failure: { code: 'model-not-open' } });
    await sandbox.world({ gemini: { gone: [] } });
  });

  it('when the book is not in the new cluster', async () => {
    const empty = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
    const next = { QDRANT_URL: empty.url, QDRANT_API_KEY: empty.apiKey };
    const one = await expectNoWrite(() => rotate('QDRANT_URL', next)).finally(() => empty.close());
    expect(one.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'collection-not-there' } });
  });

  it('when something is missing: all of it is named at once', async () => {
    const { HF_TOKEN: _, ...others } = bare();
    const one = await run(['rotate', 'gemini', 'postgres', '--yes'], others);
    const [missing] = eventsOf(one, 'input-missing');
    expect((missing!['missing'] as { env: string }[]).map(({ env }) => env)).toEqual([
      'HF_TOKEN',
      'GEMINI_API_KEY',
      'DATABASE_URL',
    ]);
    expect(one.code).toBe(12);
  });

  it.each([
    [['rotate', '--yes'], 'rotate-what'],
    [['rotate', 'VERCEL_TOKEN', '--yes'], 'not-rotatable'],
  ])('%j is refused with what can be rotated', async (args, code) => {
    const one = await run(args, sandbox.env);
    expect(one.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code } });
    expect(String((one.events.at(-1)!['failure'] as { remedy: string }).remedy)).toContain('GEMINI_API_KEY');
  });
});

it('a new database without conversations is told', async () => {
  await sql('CREATE DATABASE empty_one');
  const DATABASE_URL = databaseWith((url) => (url.pathname = '/empty_one'));
  const one = await rotate('postgres', { DATABASE_URL });
  expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true });
  expect(codes(one)).toContain('conversations-elsewhere');
  held.DATABASE_URL = DATABASE_URL;
});

describe('the old value is put back, and proved, when the server does not get healthy with the new', () => {
  type Row = [SecretName, () => Promise<{ next: Values; spoil: () => unknown }>];
  const rows: Row[] = [
    [
      'GEMINI_API_KEY',
      async () => {
        const key = `AQ.short-${'k'.repeat(30)}`;
        await sandbox.world({ gemini: { keys: { [key]: 'valid' } } });
        const spoil = () => sandbox.world({ gemini: { keys: { [key]: 'expired' } } });
        return { next: { GEMINI_API_KEY: key }, spoil };
      },
    ],
    [
      'QDRANT_API_KEY',
      async () => {
        second.knobs['keys']?.({ 'short-lived-key': 'valid' });
        const spoil = () => second.knobs['keys']?.({ 'short-lived-key': 'revoked' });
        return { next: { QDRANT_API_KEY: 'short-lived-key' }, spoil };
      },
    ],
    [
      'QDRANT_URL',
      async () => {
        const { QDRANT_URL = '' } = sandbox.env;
        const next = { QDRANT_URL, QDRANT_API_KEY: 'second-qdrant-key' };
        return { next, spoil: () => sandbox.world({ qdrant: { suspended: true } }) };
      },
    ],
    [
      'DATABASE_URL',
      async () => {
        const owner = new URL(held.DATABASE_URL ?? '').username;
        await sql(`CREATE ROLE shortlived LOGIN PASSWORD 'short-lived'; GRANT "${owner}" TO shortlived`);
        const next = databaseWith((url) => {
          url.username = 'shortlived';
          url.password = 'short-lived';
        });
        return { next: { DATABASE_URL: next }, spoil: () => sql('ALTER ROLE shortlived NOLOGIN') };
      },
    ],
  ];

  it.each(rows)(
    '%s',
    async (name, make) => {
      const { next, spoil } = await make();
      const before = await health();
      const previous = Object.fromEntries(
        Object.keys(next).map((one) => [`PREVIOUS_${one}`, held[one as SecretName] ?? '']),
      );
      const one = await hurriedSession({
        args: ['rotate', name, '--yes'],
        env: { ...bare(), ...next, ...previous },
        stateDir: join(folder, 'rag-space-setup'),
        // Accepted here, refused where it counts.
        onFirstStep: spoil,
      });
      expect(one.failure, JSON.stringify(one.events)).toMatchObject({ code: 'rotation-undone' });
      expect(await health()).toMatchObject({ status: 'healthy', deployment_id: before['deployment_id'] });
      await expectNothingToDo();
    },
    180_000,
  );
});

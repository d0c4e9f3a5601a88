import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startQdrant } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { RotationHarness, type SecretValues } from './rotation-harness.ts';
import { eventsOf, type WizardRun } from './sandbox-process.ts';

const space = 'ana/sample-book-chat';
let stage: RotationHarness;
beforeAll(async () => {
  stage = await RotationHarness.start();
}, 180_000);
afterAll(() => stage?.close());

const codes = (one: WizardRun) => eventsOf(one, 'notice').map(({ code }) => code);

describe('a rotation', () => {
  type Row = [
    name: string,
    services: string[],
    page: string,
    next: () => Promise<SecretValues> | SecretValues,
  ];
  const rows: Row[] = [
    [
      'gemini',
      ['huggingface', 'gemini'],
      'aistudio.google.com',
      async () => {
        const key = `AQ.second-${'k'.repeat(30)}`;
        await stage.sandbox.setControls({ gemini: { keys: { [key]: 'valid' } } });
        return { GEMINI_API_KEY: key };
      },
    ],
    [
      'QDRANT_API_KEY',
      ['huggingface', 'qdrant'],
      'cloud.qdrant.io',
      async () => {
        await stage.sandbox.setControls({ qdrant: { keys: { 'second-qdrant-key': 'valid' } } });
        return { QDRANT_API_KEY: 'second-qdrant-key' };
      },
    ],
    [
      'postgres',
      ['huggingface', 'postgres'],
      'console.neon.tech',
      () => ({
        DATABASE_URL: stage.databaseWith((url) => url.searchParams.set('application_name', 'second')),
      }),
    ],
    [
      'QDRANT_URL',
      ['huggingface', 'qdrant'],
      'cloud.qdrant.io',
      async () => {
        return stage.indexSecond();
      },
    ],
  ];

  it.each(rows)(
    'of %s: proved, written, proved with the server, nothing left to do',
    async (name, services, page, make) => {
      const next = await make();
      const before = await stage.health();
      const one = await stage.rotate(name, next);
      expect(one.events.at(-1), one.stderr + one.stdout).toMatchObject({ ok: true, exitCode: 0 });
      expect(eventsOf(one, 'check-started').map(({ service }) => service)).toEqual(services);
      expect(eventsOf(one, 'step-done').map(({ step }) => step)).toEqual([
        'set-secrets',
        'set-variables',
        'await-build',
        'await-health',
      ]);
      const after = await stage.health();
      expect(after['status']).toBe('healthy');
      expect(after['deployment_id']).not.toBe(before['deployment_id']);
      const revoke = eventsOf(one, 'notice').filter(({ code }) => code === 'revoke');
      expect(String(revoke[0]?.['message'])).toMatch(/fingerprint [0-9a-f]{8}/);
      expect(String(revoke[0]?.['remedy'])).toContain(page);
      expect(codes(one).includes('left-behind')).toBe(name === 'QDRANT_URL');
      Object.assign(stage.held, next);
      // Indexing anew has written a new stamp: the Space's copy of the book follows it with a deployment.
      if (name === 'QDRANT_URL')
        await stage.run(['deploy', '--yes'], { ...stage.sandbox.env, ...stage.held });
      await stage.expectNothingToDo();
      const again = await stage.rotate(name, next);
      expect(codes(again)).toContain('nothing-to-rotate');
    },
    180_000,
  );

  it('of the new cluster’s key finds that cluster by itself', async () => {
    stage.second.controls['keys']?.({ 'third-key-of-it': 'valid' });
    const one = await stage.rotate('qdrant', { QDRANT_API_KEY: 'third-key-of-it' });
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true });
    stage.held.QDRANT_API_KEY = 'third-key-of-it';
  });

  it.each([
    ['sleeps', 'SLEEPING'],
    ['is paused', 'PAUSED'],
  ])('of a Space that %s wakes it, and proves it', async (_, word) => {
    const turn = word === 'SLEEPING' ? { sleep: space } : { force: { space, stage: word } };
    await stage.sandbox.setControls({ space: turn });
    const DATABASE_URL = stage.databaseWith((url) => url.searchParams.set('application_name', word));
    const one = await stage.rotate('postgres', { DATABASE_URL });
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true, deployment: { health: 'healthy' } });
    stage.held.DATABASE_URL = DATABASE_URL;
  });

  it('works on a machine without a journal', async () => {
    const XDG_STATE_HOME = join(stage.folder, 'other-machine');
    const { GEMINI_API_KEY = '' } = stage.sandbox.env;
    const one = await stage.rotate('gemini', { GEMINI_API_KEY, XDG_STATE_HOME }, ['--space', space]);
    expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true });
    stage.held.GEMINI_API_KEY = GEMINI_API_KEY;
  });
});

describe('nothing is written', () => {
  async function expectNoWrite(work: () => Promise<WizardRun>): Promise<WizardRun> {
    const { total } = await stage.sandbox.writes();
    const one = await work();
    expect((await stage.sandbox.writes()).total).toBe(total);
    return one;
  }

  it.each<[string, string, () => SecretValues]>([
    [
      'postgres',
      'postgres',
      () => ({ DATABASE_URL: stage.databaseWith((url) => (url.password = 'not-it')) }),
    ],
    ['gemini', 'gemini', () => ({ GEMINI_API_KEY: `AQ.${'x'.repeat(40)}` })],
    ['qdrant', 'qdrant', () => ({ QDRANT_API_KEY: 'nobody-gave-this-one' })],
  ])('when the new value of %s is refused', async (name, service, next) => {
    const one = await expectNoWrite(() => stage.rotate(name, next()));
    expect(one.events.at(-1)).toMatchObject({ exitCode: 3, failure: { service } });
  });

  it('when the key does not open the model that the Space is set to', async () => {
    const key = `AQ.third-${'k'.repeat(30)}`;
    await stage.sandbox.setControls({ gemini: { keys: { [key]: 'valid' }, gone: ['gemini-embedding-2'] } });
    const one = await expectNoWrite(() => stage.rotate('gemini', { GEMINI_API_KEY: key }));
    expect(one.events.at(-1)).toMatchObject({ exitCode: 3, failure: { code: 'model-not-open' } });
    await stage.sandbox.setControls({ gemini: { gone: [] } });
  });

  it('when the book is not in the new cluster', async () => {
    const empty = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
    const next = { QDRANT_URL: empty.url, QDRANT_API_KEY: empty.apiKey };
    const one = await expectNoWrite(() => stage.rotate('QDRANT_URL', next)).finally(() => empty.close());
    expect(one.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'collection-not-there' } });
  });

  it('when something is missing: all of it is named at once', async () => {
    const { HF_TOKEN: _, ...others } = stage.bare;
    const one = await stage.run(['rotate', 'gemini', 'postgres', '--yes'], others);
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
    const one = await stage.run(args, stage.sandbox.env);
    expect(one.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code } });
    expect(String((one.events.at(-1)!['failure'] as { remedy: string }).remedy)).toContain('GEMINI_API_KEY');
  });
});

it('a new database without conversations is told', async () => {
  await stage.sql('CREATE DATABASE empty_one');
  const DATABASE_URL = stage.databaseWith((url) => (url.pathname = '/empty_one'));
  const one = await stage.rotate('postgres', { DATABASE_URL });
  expect(one.events.at(-1), one.stdout).toMatchObject({ ok: true });
  expect(codes(one)).toContain('conversations-elsewhere');
  stage.held.DATABASE_URL = DATABASE_URL;
});

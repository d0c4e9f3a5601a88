import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startQdrant } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { RotationHarness, type SecretValues } from './rotation-harness.ts';
import { hosting } from './tested-hosting.ts';
import { eventsOf, type WizardRun } from './sandbox-process.ts';

const space = hosting.place();
const host = hosting.service;
let harness: RotationHarness;
beforeAll(async () => {
  harness = await RotationHarness.start();
}, 180_000);
afterAll(() => harness?.close());

const codes = (result: WizardRun) => eventsOf(result, 'notice').map(({ code }) => code);

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
      [host, 'gemini'],
      'aistudio.google.com',
      async () => {
        const key = `AQ.second-${'k'.repeat(30)}`;
        await harness.sandbox.setControls({ gemini: { keys: { [key]: 'valid' } } });
        return { GEMINI_API_KEY: key };
      },
    ],
    [
      'QDRANT_API_KEY',
      [host, 'qdrant'],
      'cloud.qdrant.io',
      async () => {
        await harness.sandbox.setControls({ qdrant: { keys: { 'second-qdrant-key': 'valid' } } });
        return { QDRANT_API_KEY: 'second-qdrant-key' };
      },
    ],
    [
      'postgres',
      [host, 'postgres'],
      'console.neon.tech',
      () => ({
        DATABASE_URL: harness.databaseWith((url) => url.searchParams.set('application_name', 'second')),
      }),
    ],
    [
      'QDRANT_URL',
      [host, 'qdrant'],
      'cloud.qdrant.io',
      async () => {
        return harness.indexSecond();
      },
    ],
  ];

  it.each(rows)(
    'of %s is checked, written and proved by the server, and leaves nothing to do',
    async (name, services, page, prepare) => {
      const next = await prepare();
      const before = await harness.health();
      const result = await harness.rotate(name, next);
      expect(result.events.at(-1), result.stderr + result.stdout).toMatchObject({ ok: true, exitCode: 0 });
      expect(eventsOf(result, 'check-started').map(({ service }) => service)).toEqual(services);
      expect(eventsOf(result, 'step-done').map(({ step }) => step)).toEqual([
        'set-secrets',
        'set-variables',
        'await-build',
        'await-health',
      ]);
      const after = await harness.health();
      expect(after['status']).toBe('healthy');
      expect(after['deployment_id']).not.toBe(before['deployment_id']);
      const revoke = eventsOf(result, 'notice').filter(({ code }) => code === 'revoke');
      expect(String(revoke[0]?.['message'])).toMatch(/fingerprint [0-9a-f]{8}/);
      expect(String(revoke[0]?.['remedy'])).toContain(page);
      expect(codes(result).includes('left-behind')).toBe(name === 'QDRANT_URL');
      Object.assign(harness.current, next);
      // Indexing wrote a new stamp, so the Space's copy of the book needs a deployment.
      if (name === 'QDRANT_URL') await harness.deploy({ ...harness.sandbox.env, ...harness.current });
      await harness.expectNothingToDo();
      const again = await harness.rotate(name, next);
      expect(codes(again)).toContain('nothing-to-rotate');
    },
    180_000,
  );

  it('of a new key finds the cluster that it belongs to', async () => {
    harness.second.controls['keys']?.({ 'third-key-of-it': 'valid' });
    const result = await harness.rotate('qdrant', { QDRANT_API_KEY: 'third-key-of-it' });
    expect(result.events.at(-1), result.stdout).toMatchObject({ ok: true });
    harness.current.QDRANT_API_KEY = 'third-key-of-it';
  });

  it.runIf(hosting.isSpace).each([
    ['sleeps', 'SLEEPING'],
    ['is paused', 'PAUSED'],
  ])('of a Space that %s wakes it and proves the value', async (_, word) => {
    const control = word === 'SLEEPING' ? { sleep: space } : { force: { space, stage: word } };
    await harness.sandbox.setControls({ space: control });
    const DATABASE_URL = harness.databaseWith((url) => url.searchParams.set('application_name', word));
    const result = await harness.rotate('postgres', { DATABASE_URL });
    expect(result.events.at(-1), result.stdout).toMatchObject({
      ok: true,
      deployment: { health: 'healthy' },
    });
    harness.current.DATABASE_URL = DATABASE_URL;
  });

  it('works on a machine without a journal', async () => {
    const XDG_STATE_HOME = join(harness.folder, 'other-machine');
    const { GEMINI_API_KEY = '' } = harness.sandbox.env;
    const result = await harness.rotate(
      'gemini',
      { GEMINI_API_KEY, XDG_STATE_HOME },
      hosting.flags('sample-book-chat'),
    );
    expect(result.events.at(-1), result.stdout).toMatchObject({ ok: true });
    harness.current.GEMINI_API_KEY = GEMINI_API_KEY;
  });
});

describe('nothing is written', () => {
  async function expectNoWrite(work: () => Promise<WizardRun>): Promise<WizardRun> {
    const { total } = await harness.sandbox.writes();
    const result = await work();
    expect((await harness.sandbox.writes()).total).toBe(total);
    return result;
  }

  it.each<[string, string, () => SecretValues]>([
    [
      'postgres',
      'postgres',
      () => ({ DATABASE_URL: harness.databaseWith((url) => (url.password = 'not-it')) }),
    ],
    ['gemini', 'gemini', () => ({ GEMINI_API_KEY: `AQ.${'x'.repeat(40)}` })],
    ['qdrant', 'qdrant', () => ({ QDRANT_API_KEY: 'an-unknown-key-of-qdrant' })],
  ])('when the new value of %s is rejected', async (name, service, next) => {
    const result = await expectNoWrite(() => harness.rotate(name, next()));
    expect(result.events.at(-1)).toMatchObject({ exitCode: 3, failure: { service } });
  });

  it('when the key has no access to the Space’s model', async () => {
    const key = `AQ.third-${'k'.repeat(30)}`;
    await harness.sandbox.setControls({ gemini: { keys: { [key]: 'valid' }, gone: ['gemini-embedding-2'] } });
    const result = await expectNoWrite(() => harness.rotate('gemini', { GEMINI_API_KEY: key }));
    expect(result.events.at(-1)).toMatchObject({ exitCode: 3, failure: { code: 'model-not-open' } });
    await harness.sandbox.setControls({ gemini: { gone: [] } });
  });

  it('when the new cluster does not contain the book', async () => {
    const empty = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
    const next = { QDRANT_URL: empty.url, QDRANT_API_KEY: empty.apiKey };
    const result = await expectNoWrite(() => harness.rotate('QDRANT_URL', next)).finally(() => empty.close());
    expect(result.events.at(-1)).toMatchObject({ exitCode: 1, failure: { code: 'collection-not-there' } });
  });

  it('when input is missing: all of it is listed at once', async () => {
    const { [hosting.token]: _, ...others } = harness.bare;
    const result = await harness.run(['rotate', 'gemini', 'postgres', '--yes'], others);
    const [missing] = eventsOf(result, 'input-missing');
    expect((missing!['missing'] as { env: string }[]).map(({ env }) => env)).toEqual([
      hosting.token,
      'GEMINI_API_KEY',
      'DATABASE_URL',
    ]);
    expect(result.code).toBe(12);
  });

  it.each([
    [['rotate', '--yes'], 'rotate-what'],
    [['rotate', 'VERCEL_TOKEN', '--yes'], 'not-rotatable'],
  ])('%j is refused with a list of rotatable secrets', async (args, code) => {
    const result = await harness.run(args, harness.sandbox.env);
    expect(result.events.at(-1)).toMatchObject({ exitCode: 2, failure: { code } });
    expect(String((result.events.at(-1)!['failure'] as { remedy: string }).remedy)).toContain(
      'GEMINI_API_KEY',
    );
  });
});

it('reports a new database without the conversations', async () => {
  await harness.sql('CREATE DATABASE empty_one');
  const DATABASE_URL = harness.databaseWith((url) => (url.pathname = '/empty_one'));
  const result = await harness.rotate('postgres', { DATABASE_URL });
  expect(result.events.at(-1), result.stdout).toMatchObject({ ok: true });
  expect(codes(result)).toContain('conversations-elsewhere');
  harness.current.DATABASE_URL = DATABASE_URL;
});

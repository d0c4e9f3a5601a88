import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecretName } from '../../server/contract.ts';
import { runFastSession } from './fast-session.ts';
import { RotationHarness, type SecretValues } from './rotation-harness.ts';

let harness: RotationHarness;
beforeAll(async () => {
  harness = await RotationHarness.start();
}, 180_000);
afterAll(() => harness?.close());

describe('the previous value is restored and proved when the server is not healthy with the new one', () => {
  type Row = [SecretName, () => Promise<{ next: SecretValues; revoke: () => unknown }>];
  const rows: Row[] = [
    [
      'GEMINI_API_KEY',
      async () => {
        const key = `AQ.short-${'k'.repeat(30)}`;
        await harness.sandbox.setControls({ gemini: { keys: { [key]: 'valid' } } });
        const revoke = () => harness.sandbox.setControls({ gemini: { keys: { [key]: 'expired' } } });
        return { next: { GEMINI_API_KEY: key }, revoke };
      },
    ],
    [
      'QDRANT_API_KEY',
      async () => {
        const setState = (state: string) =>
          harness.sandbox.setControls({ qdrant: { keys: { 'short-lived-key': state } } });
        await setState('valid');
        const revoke = () => setState('revoked');
        return { next: { QDRANT_API_KEY: 'short-lived-key' }, revoke };
      },
    ],
    [
      'QDRANT_URL',
      async () => {
        const next = await harness.indexSecond();
        return { next, revoke: () => harness.second.controls['suspended']?.(true) };
      },
    ],
    [
      'DATABASE_URL',
      async () => {
        await harness.sql(
          `CREATE ROLE shortlived LOGIN PASSWORD 'short-lived';
          GRANT CREATE ON SCHEMA public TO shortlived; GRANT ALL ON ALL TABLES IN SCHEMA public TO shortlived`,
        );
        const next = harness.databaseWith((url) => {
          url.username = 'shortlived';
          url.password = 'short-lived';
        });
        return { next: { DATABASE_URL: next }, revoke: () => harness.sql('ALTER ROLE shortlived NOLOGIN') };
      },
    ],
  ];

  it.each(rows)(
    '%s',
    async (name, prepare) => {
      const { next, revoke } = await prepare();
      const before = await harness.health();
      const previous = Object.fromEntries(
        Object.keys(next).map((name) => [`PREVIOUS_${name}`, harness.current[name as SecretName] ?? '']),
      );
      const result = await runFastSession({
        args: ['rotate', name, '--yes'],
        env: { ...harness.bare, ...next, ...previous },
        stateDir: join(harness.folder, 'rag-space-setup'),
        // The wizard's check accepts the value, the server's use of it fails.
        onFirstStep: revoke,
      });
      expect(result.failure, JSON.stringify(result.events)).toMatchObject({ code: 'rotation-undone' });
      expect(await harness.health()).toMatchObject({
        status: 'healthy',
        deployment_id: before['deployment_id'],
      });
      await harness.expectNothingToDo();
    },
    180_000,
  );

  it('the user enters the previous value, which is checked by its fingerprint, when it is not in the environment', async () => {
    const key = `AQ.brief-${'k'.repeat(30)}`;
    await harness.sandbox.setControls({ gemini: { keys: { [key]: 'valid' } } });
    const before = await harness.health();
    const result = await runFastSession({
      args: ['rotate', 'gemini'],
      env: harness.bare,
      stateDir: join(harness.folder, 'rag-space-setup'),
      onFirstStep: () => harness.sandbox.setControls({ gemini: { keys: { [key]: 'expired' } } }),
      replies: [
        { type: 'value', raw: `"${key}"\n` },
        { type: 'accept' },
        { type: 'value', raw: `AQ.another-${'k'.repeat(30)}` },
        { type: 'value', raw: harness.current.GEMINI_API_KEY ?? '' },
      ],
    });
    expect(result.failure, JSON.stringify(result.events)).toMatchObject({ code: 'rotation-undone' });
    expect(
      result.prompts.map((prompt) => (prompt.type === 'value' ? prompt.question.title : prompt.type)),
    ).toEqual([
      expect.stringContaining('Gemini'),
      'confirm-plan',
      'The old GEMINI_API_KEY, to put it back',
      'The old GEMINI_API_KEY, to put it back',
    ]);
    expect(result.prompts[3]).toMatchObject({
      problem: { message: expect.stringContaining('not the value') },
    });
    expect(await harness.health()).toMatchObject({
      status: 'healthy',
      deployment_id: before['deployment_id'],
    });
  }, 180_000);
});

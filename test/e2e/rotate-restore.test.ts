import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SecretName } from '../../server/contract.ts';
import { runFastSession } from './fast-session.ts';
import { RotationHarness, type SecretValues } from './rotation-harness.ts';

let stage: RotationHarness;
beforeAll(async () => {
  stage = await RotationHarness.start();
}, 180_000);
afterAll(() => stage?.close());

describe('the old value is put back, and proved, when the server does not get healthy with the new', () => {
  type Row = [SecretName, () => Promise<{ next: SecretValues; spoil: () => unknown }>];
  const rows: Row[] = [
    [
      'GEMINI_API_KEY',
      async () => {
        const key = `AQ.short-${'k'.repeat(30)}`;
        await stage.sandbox.setControls({ gemini: { keys: { [key]: 'valid' } } });
        const spoil = () => stage.sandbox.setControls({ gemini: { keys: { [key]: 'expired' } } });
        return { next: { GEMINI_API_KEY: key }, spoil };
      },
    ],
    [
      'QDRANT_API_KEY',
      async () => {
        const turn = (state: string) =>
          stage.sandbox.setControls({ qdrant: { keys: { 'short-lived-key': state } } });
        await turn('valid');
        const spoil = () => turn('revoked');
        return { next: { QDRANT_API_KEY: 'short-lived-key' }, spoil };
      },
    ],
    [
      'QDRANT_URL',
      async () => {
        const next = await stage.indexSecond();
        return { next, spoil: () => stage.second.controls['suspended']?.(true) };
      },
    ],
    [
      'DATABASE_URL',
      async () => {
        const owner = new URL(stage.held.DATABASE_URL ?? '').username;
        await stage.sql(
          `CREATE ROLE shortlived LOGIN PASSWORD 'short-lived'; GRANT "${owner}" TO shortlived`,
        );
        const next = stage.databaseWith((url) => {
          url.username = 'shortlived';
          url.password = 'short-lived';
        });
        return { next: { DATABASE_URL: next }, spoil: () => stage.sql('ALTER ROLE shortlived NOLOGIN') };
      },
    ],
  ];

  it.each(rows)(
    '%s',
    async (name, make) => {
      const { next, spoil } = await make();
      const before = await stage.health();
      const previous = Object.fromEntries(
        Object.keys(next).map((one) => [`PREVIOUS_${one}`, stage.held[one as SecretName] ?? '']),
      );
      const one = await runFastSession({
        args: ['rotate', name, '--yes'],
        env: { ...stage.bare, ...next, ...previous },
        stateDir: join(stage.folder, 'rag-space-setup'),
        // Accepted here, refused where it counts.
        onFirstStep: spoil,
      });
      expect(one.failure, JSON.stringify(one.events)).toMatchObject({ code: 'rotation-undone' });
      expect(await stage.health()).toMatchObject({
        status: 'healthy',
        deployment_id: before['deployment_id'],
      });
      await stage.expectNothingToDo();
    },
    180_000,
  );

  it('asked of a person, by its fingerprint told from any other, where it lies nowhere', async () => {
    const key = `AQ.brief-${'k'.repeat(30)}`;
    await stage.sandbox.setControls({ gemini: { keys: { [key]: 'valid' } } });
    const before = await stage.health();
    const one = await runFastSession({
      args: ['rotate', 'gemini'],
      env: stage.bare,
      stateDir: join(stage.folder, 'rag-space-setup'),
      onFirstStep: () => stage.sandbox.setControls({ gemini: { keys: { [key]: 'expired' } } }),
      replies: [
        { type: 'value', raw: `"${key}"\n` },
        { type: 'accept' },
        { type: 'value', raw: `AQ.another-${'k'.repeat(30)}` },
        { type: 'value', raw: stage.held.GEMINI_API_KEY ?? '' },
      ],
    });
    expect(one.failure, JSON.stringify(one.events)).toMatchObject({ code: 'rotation-undone' });
    expect(
      one.asked.map((prompt) => (prompt.type === 'value' ? prompt.question.title : prompt.type)),
    ).toEqual([
      expect.stringContaining('Gemini'),
      'confirm-plan',
      'The old GEMINI_API_KEY, to put it back',
      'The old GEMINI_API_KEY, to put it back',
    ]);
    expect(one.asked[3]).toMatchObject({ problem: { message: expect.stringContaining('not the value') } });
    expect(await stage.health()).toMatchObject({ status: 'healthy', deployment_id: before['deployment_id'] });
  }, 180_000);
});

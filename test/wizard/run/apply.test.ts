import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../../../wizard/run/apply.ts';
import { planFor } from '../../../wizard/run/plan.ts';
import type { RunContext } from '../../../wizard/steps/context.ts';
import { drain, memoryJournal, outcomes, startWorld, type World } from '../steps/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

async function run(context: RunContext) {
  const plan = await planFor({ context });
  return { plan, ...(await drain(apply({ context, plan }))) };
}

describe('a deployment', () => {
  const journal = memoryJournal();

  it('makes everything new, and ends on an answer with its source', async () => {
    const { plan, events, result, error } = await run(world.context({ journal }));
    expect(error).toBeNull();
    expect(plan.remarks).toContainEqual(expect.stringContaining('Postgres tables'));
    expect(plan.remarks.at(-1)).toBe('A few seconds.');
    expect(plan.changes.map(({ step, kind }) => `${step} ${kind}`)).toEqual([
      'index-book new',
      'create-space new',
      'set-secrets new',
      'set-variables new',
      'upload-server new',
      'await-build new',
      'await-health new',
      'set-frontend-variable new',
      'redeploy-frontend changes',
      'prove unchanged',
    ]);
    expect(new Set(Object.values(outcomes(events)))).toEqual(new Set(['changed']));
    expect(result).toMatchObject({
      space: 'ana/book-chat',
      health: 'healthy',
      answer: { text: 'It says so [Source 1].', cited: ['/docs/a#b'] },
    });
    expect(result?.frontend).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(events.some((event) => event.type === 'log' && event.source === 'build')).toBe(true);
  });

  it('writes nothing the second time, and says so of every step', async () => {
    const before = world.record.writes();
    const { plan, events, error } = await run(world.context({ journal }));
    expect(error).toBeNull();
    expect(plan.changes.filter(({ kind }) => kind !== 'unchanged')).toEqual([]);
    expect(new Set(Object.values(outcomes(events)))).toEqual(new Set(['unchanged']));
    expect(world.record.writes()).toEqual(before);
  });

  it('writes one secret, one id and nothing else when one key is another', async () => {
    const before = world.record.writes().byName;
    const { plan, error } = await run(
      world.context({ journal, geminiKey: 'AQ.another-key-of-the-same-person' }),
    );
    expect(error).toBeNull();
    expect(plan.changes.find(({ step }) => step === 'set-secrets')?.what).toContain(
      'changes: GEMINI_API_KEY',
    );
    const after = world.record.writes().byName;
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.map((name) => `${name} ${(after[name] ?? 0) - (before[name] ?? 0)}`).sort()).toEqual([
      'hub.set-secret 1',
      'hub.set-variable 1',
    ]);
  });

  it('does not make a change that the plan did not show', async () => {
    const plan = await planFor({
      context: world.context({ journal, geminiKey: 'AQ.another-key-of-the-same-person' }),
    });
    const before = world.record.writes();
    const { error } = await drain(apply({ context: world.context({ journal }), plan }));
    expect(error).toMatchObject({
      code: 'plan-outdated',
      message: expect.stringContaining('GEMINI_API_KEY'),
    });
    expect(world.record.writes()).toEqual(before);
  });

  it('leaves no secret in events, plan or journal', async () => {
    const context = world.context({ journal });
    const { plan, events } = await run(context);
    const text = JSON.stringify([plan, events, journal.entries]);
    const { huggingface, vercel, gemini, qdrant } = context.credentials;
    for (const secret of [huggingface.token, vercel.token, gemini.key, qdrant.key]) {
      expect(text).not.toContain(secret?.reveal());
    }
    expect(text).not.toContain('long-password-of-ana');
  });
});

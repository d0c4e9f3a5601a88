import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../../../wizard/run/apply.ts';
import type { StepId } from '../../../wizard/model/run/plan.ts';
import { planFor } from '../../../wizard/run/plan.ts';
import type { Journal } from '../../../wizard/model/run/journal.ts';
import type { RunContext } from '../../../wizard/deployment/context.ts';
import { hubOf } from '../../../wizard/hosting/space/space-access.ts';
import { desiredState } from '../../../wizard/deployment/desired-state.ts';
import { reusableServices } from '../../../wizard/deployment/server/existing-secrets.ts';
import { setSecrets } from '../../../wizard/steps/set-secrets.ts';
import {
  drain,
  memoryJournal,
  outcomes,
  startSandboxServices,
  take,
  type SandboxServices,
} from '../steps/sandbox-services.ts';

let world: SandboxServices;
beforeAll(async () => {
  world = await startSandboxServices();
});
afterAll(() => world.close());

async function run(context: RunContext) {
  const plan = await planFor({ context });
  return { plan, ...(await drain(apply({ context, plan }))) };
}

/** As a user comes back with the tokens of Hugging Face and Vercel only. */
async function withoutKeys(journal: Journal): Promise<RunContext> {
  const context = world.context({ journal });
  const hub = hubOf(context);
  const { space } = context.target;
  const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
  const { huggingface, vercel } = context.credentials;
  const kept = { services: reusableServices(secrets), secrets, variables };
  expect(kept.services).toEqual(['gemini', 'qdrant', 'postgres']);
  const credentials = { huggingface, vercel } as RunContext['credentials'];
  return {
    ...context,
    credentials,
    settings: { ...context.settings, skipIndex: true, existingSecrets: kept },
  };
}

describe('a deployment', () => {
  const journal = memoryJournal();

  it('creates everything, and ends with an answer and its source', async () => {
    // Long enough to be seen building, on a busy machine too.
    world.behaviour.buildMs = 1_500;
    const { plan, events, result, error } = await run(world.context({ journal }));
    expect(error).toBeNull();
    expect(plan.remarks).toContainEqual(expect.stringContaining('Postgres tables'));
    expect(plan.estimate).toEqual(['a few seconds', '$0.00 a month']);
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
    expect(result).toMatchObject({ space: 'ana/book-chat', health: 'healthy' });
    expect(events).toContainEqual(
      expect.objectContaining({
        code: 'answer',
        message: 'It says so [Source 1].',
        remedy: '/docs/planning/mast',
      }),
    );
    expect(result?.frontend).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(events.some((event) => event.type === 'log' && event.source === 'build')).toBe(true);
  });

  it('writes nothing the second time, and reports so for every step', async () => {
    const before = world.record.writes();
    const { plan, events, error } = await run(world.context({ journal }));
    expect(error).toBeNull();
    expect(plan.changes.filter(({ kind }) => kind !== 'unchanged')).toEqual([]);
    expect(new Set(Object.values(outcomes(events)))).toEqual(new Set(['unchanged']));
    expect(world.record.writes()).toEqual(before);
  });

  it('plans and writes nothing when the keys are only in the Space', async () => {
    const before = world.record.writes();
    const { plan, events, error } = await run(await withoutKeys(journal));
    expect(error).toBeNull();
    expect(plan.changes.filter(({ kind }) => kind !== 'unchanged')).toEqual([]);
    expect(plan.changes.find(({ step }) => step === 'set-secrets')?.what).toBe('4 kept at the server');
    expect(outcomes(events)).toMatchObject({ 'index-book': 'skipped', prove: 'unchanged' });
    expect(world.record.writes()).toEqual(before);
    // From the Space's own copy of the book.
    const proof = events.find((event) => event.type === 'step-done' && event.step === 'prove');
    expect(proof).toMatchObject({ reason: expect.stringMatching(/^Asked “What does the book say about “/) });
  });

  it('removes an origin that is given up, and leaves the kept secrets alone', async () => {
    const context = await withoutKeys(journal);
    const settings = {
      ...context.settings,
      removedOrigins: ['http://localhost:3000/none', 'http://old.example'],
    };
    const { variables } = await desiredState(
      { ...context, settings },
      { current: { ALLOWED_ORIGINS: { value: 'http://old.example,http://other.example' } } },
    );
    expect(variables['ALLOWED_ORIGINS']).not.toContain('old.example');
    expect(variables['ALLOWED_ORIGINS']).toContain('other.example');
    const secrets = await take({ ...context, settings }, setSecrets);
    expect(secrets.plan.change).toMatchObject({ kind: 'unchanged', what: '4 kept at the server' });
  });

  it('does not create a Space whose secrets were to be kept', async () => {
    const context = await withoutKeys(journal);
    const gone = { ...context, target: { ...context.target, space: 'ana/not-there' } };
    await expect(planFor({ context: gone })).rejects.toMatchObject({ code: 'space-missing' });
  });

  it('writes one secret, one id and nothing else when one key changes', async () => {
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

  it('saves how long each step took, and reports it at the start of the next run', async () => {
    const took: Partial<Record<StepId, number>> = {};
    const keeping = {
      ...memoryJournal(),
      took,
      keepTime: async (step: StepId, ms: number) => void (took[step] = ms),
    };
    const changes = { space: 'ana/timed', journal: keeping, settings: { collection: 'timed' } };
    const first = await run(world.context(changes));
    expect(first.error).toBeNull();
    expect(took['index-book']).toBeGreaterThan(0);
    const { events } = await run(world.context(changes));
    const durations = events.flatMap((event) =>
      event.type === 'step-started' && event.step === 'index-book' ? [event.lastMs] : [],
    );
    expect(durations).toEqual([took['index-book']]);
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

/**
 * Every vendor call of a deployment, with every way in which it can go wrong. CI takes one fault for each call;
 * `FAULTS=all` takes every cell, and runs again afterwards, which must succeed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/faults.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import { apply } from '../../../wizard/run/apply.ts';
import { planFor } from '../../../wizard/run/plan.ts';
import { drain, startWorld, type World } from '../steps/world.ts';

const isFull = process.env['FAULTS'] === 'all';

const calls = [
  'frontend.page',
  'gemini.batchEmbedContents',
  'hub.commit',
  'hub.create',
  'hub.info',
  'hub.logs',
  'hub.preupload',
  'hub.runtime',
  'hub.secrets',
  'hub.tree',
  'hub.variables',
  'qdrant.collection',
  'qdrant.create-collection',
  'qdrant.create-index',
  'qdrant.delete',
  'qdrant.retrieve',
  'qdrant.upsert',
  'space.visit',
  'vercel.create-deployment',
  'vercel.create-env',
  'vercel.deployment',
  'vercel.deployments',
  'vercel.domains',
  'vercel.env',
];

const kinds: readonly [string, Fault['kind']][] = [
  ['401', { type: 'status', status: 401 }],
  ['403', { type: 'status', status: 403 }],
  ['404', { type: 'status', status: 404 }],
  ['409', { type: 'status', status: 409 }],
  ['429', { type: 'status', status: 429 }],
  ['429 with Retry-After', { type: 'status', status: 429, headers: { 'retry-after': '2' } }],
  ['500', { type: 'status', status: 500 }],
  ['a cut connection', { type: 'cut' }],
  ['half a body', { type: 'half' }],
  ['HTML instead of JSON', { type: 'rubbish' }],
];

/** A run may go on: a log is a comfort, a lease ends by itself, what is not there yet is not found, what is there needs no making. */
const harmless = (call: string, kind: string): boolean =>
  ['hub.logs', 'qdrant.delete'].includes(call) ||
  (kind === '404' && ['hub.secrets', 'hub.variables', 'hub.tree'].includes(call)) ||
  (kind === '409' && call.startsWith('qdrant.create-'));

const cells = calls.flatMap((call, n) =>
  kinds.filter((_, k) => isFull || k === n % kinds.length).map(([name, kind]) => ({ call, name, kind })),
);

let world: World;
let turn = 0;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** Everything is new each time, so that every call is made. */
async function deploy(n: number) {
  const context = world.context({
    space: `ana/book-${n}`,
    speed: 200,
    settings: { collection: `book-${n}` },
  });
  try {
    const plan = await planFor({ context });
    return await drain(apply({ context, plan }));
  } catch (error) {
    return { events: [], result: null, error };
  }
}

it('the table names every call that a first deployment makes', async () => {
  // Long enough for the log of the build to be asked for, on a busy machine too.
  world.knobs.buildMs = 1_500;
  expect((await deploy(turn++)).error).toBeNull();
  world.knobs.buildMs = 250;
  const made = new Set(world.record.list().map(({ name }) => name));
  // How the test itself finds the projects, and what the server asks of vendors, is not the wizard's.
  const others = ['vercel.teams', 'vercel.project'];
  expect([...made].filter((name) => !others.includes(name)).sort()).toEqual(calls);
});

describe('a deployment ends in words when', () => {
  it.each(cells)('$call answers $name', async ({ call, name, kind }) => {
    const n = turn++;
    world.faults.add({ call, kind });
    const { error, events, result } = await deploy(n);
    world.faults.clear();
    if (harmless(call, name) && result !== null) {
      expect(result.health).toBe('healthy');
      return;
    }
    expect(error).toBeInstanceOf(Failure);
    const failure = error as Failure;
    expect(failure.service).not.toBeNull();
    expect(failure.kind).toMatch(/^(failed|rejected|unreachable)$/);
    expect(Math.min(failure.message.length, failure.remedy.length)).toBeGreaterThan(10);
    expect(failure.message).not.toMatch(/\n|\bat .+:\d+:\d+/);
    const failed = events.flatMap((event) =>
      event.type === 'step-done' && event.outcome === 'failed' ? [event.reason] : [],
    );
    // The step that failed comes first; one that ran beside it was ended.
    expect(failed.length === 0 || failed[0] === failure.message).toBe(true);
    for (const reason of failed.slice(1)) expect(reason).toMatch(/^ended early, because/);
    if (isFull) expect((await deploy(n)).error).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../../wizard/run/apply.ts';
import { planFor } from '../../wizard/run/plan.ts';
import type { RunContext } from '../../wizard/deployment/context.ts';
import { RemoteState } from '../../wizard/deployment/remote-state.ts';
import {
  drain,
  memoryJournal,
  startSandboxServices,
  type ContextChanges,
  type SandboxServices,
} from '../wizard/steps/sandbox-services.ts';
import { randomFrom, seeds, type Random } from './random.ts';

let world: SandboxServices;
beforeAll(async () => {
  world = await startSandboxServices();
  // Without indexing there is only what was indexed before.
  for (const collection of collections) {
    const context = world.context({ space: spaces[0] ?? '', journal, settings: { collection } });
    const { error } = await drain(apply({ context, plan: await planFor({ context }) }));
    expect(error).toBeNull();
  }
});
afterAll(() => world.close());

const journal = memoryJournal();
const collections = ['docusaurus-book', 'another-book'];
const spaces = ['ana/one', 'ana/two', 'textbook-lab/one'];

/** One of the many deployments that a user may want, on top of what others left. */
function anyContext(random: Random): RunContext {
  const changes: ContextChanges = {
    space: random.pick(spaces),
    project: 'sample-book',
    journal,
    settings: {
      collection: random.pick(collections),
      logLevel: random.pick(['info', 'debug']),
      origins: random.pick([[], ['https://mirror.example'], ['https://a.example', 'https://b.example']]),
      frontend: random.pick(['set', 'set', 'skip'] as const),
      skipIndex: random.once(3),
      adopt: random.once(2),
      version: random.pick(['0.1.0', '0.2.0']),
    },
  };
  return world.context(changes);
}

/** The same run again, with nothing read yet. */
function again(context: RunContext): RunContext {
  return { ...context, state: new RemoteState() };
}

describe('whatever was wanted before', () => {
  it.each(seeds(6))(
    '(seed %i) the plan of an applied plan is empty, and applying it writes nothing',
    async (seed) => {
      const context = anyContext(randomFrom(seed));
      const first = await drain(apply({ context, plan: await planFor({ context }) }));
      expect(first.error, JSON.stringify(first.events.at(-1))).toBeNull();
      const before = world.record.writes();
      const plan = await planFor({ context: again(context) });
      expect(plan.changes.filter(({ kind }) => kind !== 'unchanged')).toEqual([]);
      const second = await drain(apply({ context: again(context), plan }));
      expect(second.error).toBeNull();
      expect(world.record.writes()).toEqual(before);
    },
  );
});

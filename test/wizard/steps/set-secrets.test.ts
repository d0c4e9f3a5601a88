import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubClient, type HubClient } from '../../../wizard/clients/hub-client.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { setSecrets } from '../../../wizard/steps/set-secrets.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
let hub: HubClient;
const space = 'ana/book-chat';

beforeAll(async () => {
  world = await startSandboxServices();
  const { credentials, http, signal } = world.context();
  const { endpoint, token } = credentials.huggingface;
  hub = createHubClient({ endpoint, token, http, fetch, signal });
  await take(world.context(), createSpace);
});
afterAll(() => world.close());

describe('secrets', () => {
  it('are part of the new Space, each with a fingerprint and none with its value', async () => {
    const current = await hub.secrets(space);
    expect(Object.keys(current).sort()).toEqual([
      'DATABASE_URL',
      'GEMINI_API_KEY',
      'QDRANT_API_KEY',
      'QDRANT_URL',
    ]);
    for (const { description } of Object.values(current))
      expect(description).toMatch(/^rag-space-setup [0-9a-f]{8}$/);
    expect((await setSecrets.inspect(world.context(), new Map())).change.kind).toBe('unchanged');
  });

  it('without a fingerprint of ours are unknown, and are written again', async () => {
    await hub.setSecret(space, { key: 'QDRANT_URL', value: 'somewhere', description: 'set by hand' });
    const { plan, result } = await take(world.context(), setSecrets);
    expect(plan.change).toMatchObject({
      kind: 'unknown',
      what: expect.stringMatching(/unknown: QDRANT_URL.*undo does not bring back QDRANT_URL/),
    });
    expect(result).toMatchObject({ outcome: 'changed', reason: 'QDRANT_URL set' });
  });

  it('fail when the Hub persists something else', async () => {
    await hub.removeSecret(space, 'QDRANT_API_KEY');
    world.faults.add({ call: 'hub.set-secret', kind: { type: 'status', status: 200, body: '{}' }, times: 1 });
    const { error } = await take(world.context(), setSecrets);
    expect(error).toMatchObject({
      code: 'secret-not-kept',
      message: expect.stringContaining('QDRANT_API_KEY'),
    });
    expect((await take(world.context(), setSecrets)).error).toBeNull();
  });

  it('are not written while another name is both a secret and a variable, with which no Space starts', async () => {
    await hub.setSecret(space, { key: 'MY_OWN', value: 'one' });
    const repository = world.hub.repositories.get(space);
    repository?.variables.set('MY_OWN', {
      value: 'two',
      description: '',
      updatedAt: '2026-11-28T00:00:00.000Z',
    });
    const before = world.record.writes().total;
    await expect(setSecrets.inspect(world.context(), new Map())).rejects.toMatchObject({
      code: 'settings-collide',
      message: expect.stringContaining('MY_OWN'),
      remedy: expect.stringContaining('/settings'),
    });
    expect(world.record.writes().total).toBe(before);
    repository?.variables.delete('MY_OWN');
    await hub.removeSecret(space, 'MY_OWN');
  });

  it('replace a public variable of the same name', async () => {
    await hub.removeSecret(space, 'DATABASE_URL');
    await hub.setVariable(space, { key: 'DATABASE_URL', value: 'postgresql://everybody:sees@this/db' });
    const { plan, error } = await take(world.context(), setSecrets);
    expect(error).toBeNull();
    expect(plan.change.what).toContain('removes the public variable DATABASE_URL');
    expect(Object.keys(await hub.variables(space))).not.toContain('DATABASE_URL');
    expect(Object.keys(await hub.secrets(space))).toContain('DATABASE_URL');
  });

  it('are written one after the other, because the Hub loses parallel writes', async () => {
    const key = 'AQ.another-key-of-the-same-person';
    const context = world.context({ geminiKey: key });
    context.credentials.qdrant = { ...context.credentials.qdrant, key: new Secret('another-key-of-qdrant') };
    world.faults.add({ call: 'hub.set-secret', kind: { type: 'wait', ms: 60 }, times: 2 });
    world.record.clear();
    expect((await take(context, setSecrets)).error).toBeNull();
    const times = world.record.list({ name: 'hub.set-secret' }).map(({ at }) => Date.parse(at));
    expect(times).toHaveLength(2);
    expect(Math.abs((times[1] ?? 0) - (times[0] ?? 0))).toBeGreaterThanOrEqual(55);
  });
});

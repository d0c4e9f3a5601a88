import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubClient, type HubClient } from '../../../wizard/clients/hub-client.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { setSecrets } from '../../../wizard/steps/set-secrets.ts';
import { setVariables } from '../../../wizard/steps/set-variables.ts';
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
  it('are all there from birth, each with a fingerprint and none with its value', async () => {
    const standing = await hub.secrets(space);
    expect(Object.keys(standing).sort()).toEqual([
      'DATABASE_URL',
      'GEMINI_API_KEY',
      'QDRANT_API_KEY',
      'QDRANT_URL',
    ]);
    for (const { description } of Object.values(standing))
      expect(description).toMatch(/^rag-space-setup [0-9a-f]{8}$/);
    expect((await setSecrets.inspect(world.context(), new Map())).change.kind).toBe('unchanged');
  });

  it('without a fingerprint of ours are unknown, and are written again', async () => {
    await hub.setSecret(space, { key: 'QDRANT_URL', value: 'somewhere', description: 'set by hand' });
    const { look, result } = await take(world.context(), setSecrets);
    expect(look.change).toMatchObject({
      kind: 'unknown',
      what: expect.stringContaining('unknown: QDRANT_URL'),
    });
    expect(result).toMatchObject({ outcome: 'changed', reason: 'QDRANT_URL set' });
  });

  it('fail when the Hub keeps something else than was written', async () => {
    await hub.removeSecret(space, 'QDRANT_API_KEY');
    world.faults.add({ call: 'hub.set-secret', kind: { type: 'status', status: 200, body: '{}' }, times: 1 });
    const { error } = await take(world.context(), setSecrets);
    expect(error).toMatchObject({
      code: 'secret-not-kept',
      message: expect.stringContaining('QDRANT_API_KEY'),
    });
    expect((await take(world.context(), setSecrets)).error).toBeNull();
  });

  it('take the place of a public variable of the same name', async () => {
    await hub.removeSecret(space, 'DATABASE_URL');
    await hub.setVariable(space, { key: 'DATABASE_URL', value: 'postgresql://everybody:sees@this/db' });
    const { look, error } = await take(world.context(), setSecrets);
    expect(error).toBeNull();
    expect(look.change.what).toContain('removes the public variable DATABASE_URL');
    expect(Object.keys(await hub.variables(space))).not.toContain('DATABASE_URL');
    expect(Object.keys(await hub.secrets(space))).toContain('DATABASE_URL');
  });
});

it('secrets are written one after the other: the Hub loses what comes at the same time', async () => {
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

describe('variables', () => {
  it('keep the origins that somebody added, and name the id last', async () => {
    await hub.setVariable(space, { key: 'ALLOWED_ORIGINS', value: 'https://mine.example' });
    const { events, error } = await take(world.context(), setVariables);
    expect(error).toBeNull();
    const standing = await hub.variables(space);
    expect(standing['ALLOWED_ORIGINS']?.value).toMatch(/^https:\/\/mine\.example,http:\/\/127\.0\.0\.1:\d+$/);
    const written = events.flatMap((event) => (event.type === 'step-progress' ? [event.note] : []));
    expect(written).toEqual(['ALLOWED_ORIGINS', 'DEPLOYMENT_ID']);
    expect((await setVariables.inspect(world.context(), new Map())).change.kind).toBe('unchanged');
  });

  it('take the place of a secret of the same name', async () => {
    await hub.removeVariable(space, 'LOG_LEVEL');
    await hub.setSecret(space, { key: 'LOG_LEVEL', value: 'debug' });
    const { error } = await take(world.context(), setVariables);
    expect(error).toBeNull();
    expect(Object.keys(await hub.secrets(space))).not.toContain('LOG_LEVEL');
    expect((await hub.variables(space))['LOG_LEVEL']?.value).toBe('info');
  });

  it('fail when the Hub keeps something else than was written', async () => {
    world.faults.add({
      call: 'hub.set-variable',
      kind: { type: 'status', status: 200, body: '{}' },
      times: 1,
    });
    const { error } = await take(world.context({ settings: { logLevel: 'debug' } }), setVariables);
    expect(error).toMatchObject({ code: 'variable-not-kept' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubClient, type HubClient } from '../../../wizard/clients/hub-client.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
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

describe('variables', () => {
  it('keep the origins that the user added, and write the id last', async () => {
    await hub.setVariable(space, { key: 'ALLOWED_ORIGINS', value: 'https://mine.example' });
    const { events, error } = await take(world.context(), setVariables);
    expect(error).toBeNull();
    const current = await hub.variables(space);
    expect(current['ALLOWED_ORIGINS']?.value).toMatch(/^https:\/\/mine\.example,http:\/\/127\.0\.0\.1:\d+$/);
    const written = events.flatMap((event) => (event.type === 'step-progress' ? [event.note] : []));
    expect(written).toEqual(['ALLOWED_ORIGINS', 'DEPLOYMENT_ID']);
    expect((await setVariables.inspect(world.context(), new Map())).change.kind).toBe('unchanged');
  });

  it('replace a secret of the same name', async () => {
    await hub.removeVariable(space, 'LOG_LEVEL');
    await hub.setSecret(space, { key: 'LOG_LEVEL', value: 'debug' });
    const { error } = await take(world.context(), setVariables);
    expect(error).toBeNull();
    expect(Object.keys(await hub.secrets(space))).not.toContain('LOG_LEVEL');
    expect((await hub.variables(space))['LOG_LEVEL']?.value).toBe('info');
  });

  it('fail when the Hub persists something else', async () => {
    world.faults.add({
      call: 'hub.set-variable',
      kind: { type: 'status', status: 200, body: '{}' },
      times: 1,
    });
    const { error } = await take(world.context({ settings: { logLevel: 'debug' } }), setVariables);
    expect(error).toMatchObject({ code: 'variable-not-kept' });
  });
});

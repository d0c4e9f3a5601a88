import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubClient, type HubClient } from '../../../wizard/clients/hub-client.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { defaultWiring } from '../../../wizard/deployment/run-settings.ts';
import { setVariables } from '../../../wizard/steps/set-variables.ts';
import { memoryJournal, startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

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

  it('that were there go to the journal for undo, unless they hold a secret', async () => {
    await hub.setVariable(space, { key: 'LOG_LEVEL', value: 'warn' });
    await hub.setVariable(space, { key: 'GEMINI_MODEL', value: 'https://a.example/?key=canary-of-ana' });
    const journal = memoryJournal();
    await take(world.context({ journal }), setVariables);
    const previous = journal.entries.map((entry) => [entry.id, entry.previous]);
    expect(previous).toContainEqual(['LOG_LEVEL', 'warn']);
    expect(previous).toContainEqual(['GEMINI_MODEL', null]);
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

  it('give a new deployment a daily budget, and a rewrite a higher rate; what was changed since stays', async () => {
    const budgetOf = async () => (await hub.variables(space))['CHAT_DAILY_BUDGET'];
    expect(await budgetOf()).toMatchObject({ value: '300', description: 'rag-space-setup' });
    await hub.setVariable(space, { key: 'CHAT_DAILY_BUDGET', value: '500', description: 'rag-space-setup' });
    await take(world.context(), setVariables);
    expect(await budgetOf()).toMatchObject({ value: '500' });
    await take(world.context({ settings: { limits: { CHAT_DAILY_BUDGET: '40' } } }), setVariables);
    expect(await budgetOf()).toMatchObject({ value: '40' });
    const { change } = await setVariables.inspect(world.context(), new Map());
    expect(change.kind).toBe('unchanged');
  });

  it('propose a limit that an update lacks to a person alone, and leave the owner’s variables', async () => {
    await hub.removeVariable(space, 'CHAT_DAILY_BUDGET');
    await hub.setVariable(space, { key: 'CHAT_PER_MINUTE', value: '7' });
    await hub.setVariable(space, { key: 'CHAT_ALIAS_ROUTES', value: '1' });
    await take(world.context(), setVariables);
    const wiring = { ...defaultWiring, isSameOrigin: true };
    const unattended = await setVariables.inspect(world.context({ settings: { wiring } }), new Map());
    expect(unattended.change).toMatchObject({ kind: 'unchanged' });
    expect(unattended.change.what).toContain('= CHAT_PER_MINUTE=7');
    expect(unattended.change.what).toContain('CHAT_ALIAS_ROUTES is no longer read');
    const settings = { wiring, proposesLimits: true };
    const attended = await setVariables.inspect(world.context({ settings }), new Map());
    expect(attended.change.what).toContain('CHAT_DAILY_BUDGET=300');
    expect(attended.change.what).toContain('yesterday');
    await take(world.context({ settings }), setVariables);
    const variables = await hub.variables(space);
    expect([variables['CHAT_DAILY_BUDGET']?.value, variables['CHAT_PER_MINUTE']?.value]).toEqual([
      '300',
      '7',
    ]);
    expect(variables['CHAT_ALIAS_ROUTES']?.value).toBe('1');
    await hub.removeVariable(space, 'CHAT_PER_MINUTE');
    await take(world.context({ settings }), setVariables);
    expect((await hub.variables(space))['CHAT_PER_MINUTE']?.value).toBe('300');
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHubClient, type HubClient } from '../../../wizard/clients/hub-client.ts';
import type { CreatedResource } from '../../../wizard/model/run/created-resources.ts';
import { looksLikeSecret } from '../../../wizard/model/formats/looks-like-secret.ts';
import { createSpace } from '../../../wizard/steps/create-space.ts';
import { undoSpace } from '../../../wizard/steps/undo/undo-space.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
let hub: HubClient;
const space = 'ana/book-chat';
beforeAll(async () => {
  world = await startSandboxServices();
  const { credentials, http, signal } = world.context();
  hub = createHubClient({ ...credentials.huggingface, http, fetch, signal });
  await take(world.context(), createSpace);
});
afterAll(() => world.close());

it('a public variable that our secret replaced comes back, after the secret is gone', async () => {
  const at = { step: 'set-secrets', place: space } as const;
  const resources: CreatedResource[] = [
    { ...at, thing: 'space', id: space, change: 'changed', previous: null },
    { ...at, thing: 'variable', id: 'QDRANT_URL', change: 'changed', previous: 'https://old.example:6333' },
    { ...at, thing: 'secret', id: 'QDRANT_URL', change: 'created', previous: null },
    { ...at, thing: 'variable', id: 'GEMINI_API_KEY', change: 'changed', previous: null },
  ];
  const actions = await undoSpace(world.context(), resources);
  for (const { run } of actions) await run?.();
  expect(await hub.secrets(space)).not.toHaveProperty('QDRANT_URL');
  expect(await hub.variables(space)).toHaveProperty('QDRANT_URL.value', 'https://old.example:6333');
  // What was not kept is named, and neither brought back nor removed.
  expect(actions.at(-1)).toMatchObject({ run: null, what: expect.stringContaining('GEMINI_API_KEY') });
});

it.each([
  ['QDRANT_URL', 'https://abc.eu-central.aws.cloud.qdrant.io:6333', false],
  ['DATABASE_URL', 'postgresql://me:pw@host/db', true],
  ['ANY', 'https://a.example/?api_key=1', true],
  ['MY_TOKEN', 'short', true],
  ['ANY', `hf_${'Ab3'.repeat(11)}`, true],
  ['ANY', 'aB3dE6gH9jK2mN5pQ8sT1vW4', true],
  ['ALLOWED_ORIGINS', 'https://a.example,https://b.example', false],
  ['GEMINI_MODEL', 'gemini-flash-latest-preview-09-2026', false],
  ['SPACE_TITLE', 'A book about robots and their sensors', false],
])('%s=%s looks like a secret: %s', (name, value, wanted) => {
  expect(looksLikeSecret({ name, value })).toBe(wanted);
});

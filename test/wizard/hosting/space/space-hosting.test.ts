import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSpaceHosting } from '../../../../wizard/hosting/space/space-hosting.ts';
import type { Hosting } from '../../../../wizard/hosting/hosting.ts';
import { startSandboxServices, type SandboxServices } from '../../steps/sandbox-services.ts';

let vendors: SandboxServices;
beforeAll(async () => void (vendors = await startSandboxServices()));
afterAll(() => vendors.close());

async function create(name: string, body: object): Promise<Hosting> {
  const context = vendors.context({ space: `ana/${name}` });
  const { token } = context.credentials.huggingface;
  const response = await fetch(`${vendors.hub.url}/api/repos/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'space', name, organization: null, ...body }),
  });
  expect(response.status, await response.text()).toBe(200);
  return createSpaceHosting(context);
}

it('says what keeps readers away: nothing, that it is private, or that it is no Docker Space', async () => {
  const docker = await create('public', { sdk: 'docker' });
  expect(await docker.status()).toMatchObject({ isPublic: true, hidden: null });
  const hidden = await create('private', { sdk: 'docker', private: true });
  expect(await hidden.status()).toMatchObject({ isPublic: false, hidden: { code: 'space-private' } });
  const page = await create('static', { sdk: 'static' });
  expect(await page.status()).toMatchObject({ hidden: { code: 'space-not-docker' } });
  expect(await createSpaceHosting(vendors.context({ space: 'ana/none' })).status()).toBeNull();
});

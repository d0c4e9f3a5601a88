import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redeployFrontend } from '../../../wizard/steps/redeploy-frontend.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
const settings = { apiUrl: 'https://api.example.com' };
const changed = new Map([['set-frontend-variable', 'changed']] as const);

beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

const refuse = (status: number, error: object, times = Infinity): void =>
  world.faults.add({
    call: 'vercel.create-env',
    kind: { type: 'status', status, body: JSON.stringify({ error }) },
    ...(times === Infinity ? {} : { times }),
  });

describe('a refusal of Vercel is told in words, with what to do', () => {
  it.each([
    [403, { code: 'forbidden', saml: true, scope: 'lab' }, 'vercel-sso', /team lab .*SSO/, /Sign in/],
    [403, { code: 'forbidden', message: 'No access' }, 'vercel-read-only', /may not write/, /role/],
    [409, { code: 'conflict', message: 'In transfer' }, 'vercel-in-transfer', /being moved/, /when the move/],
    [400, { code: 'ENV_CONFLICT' }, 'frontend-variable-refused', /is there already/, /remove the REACT_APP/],
    [403, { code: 'ENV_ALREADY_EXISTS' }, 'frontend-variable-refused', /is there already/, /remove the/],
    [402, { code: 'payment_required', message: 'Upgrade' }, 'payment-required', /paid plan.*Upgrade/, /plan/],
  ])('%i %j: %s', async (status, body, code, message, remedy) => {
    refuse(status, body);
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code, service: 'vercel' });
    expect(error).toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });
});

describe('a variable that is not taken at once', () => {
  const taken = async (): Promise<{ type: string; value: string }[]> => {
    const { credentials, target } = world.context();
    const url = `${credentials.vercel.apiUrl}/v10/projects/${target.projectId}/env?decrypt=true`;
    const headers = { authorization: `Bearer ${credentials.vercel.token.reveal()}` };
    return ((await (await fetch(url, { headers })).json()) as { envs: { type: string; value: string }[] })
      .envs;
  };

  it('while somebody else changes them is written when they are done', async () => {
    refuse(400, { code: 'bad_request', message: 'There is an ongoing update env' }, 2);
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toBeNull();
    expect(await taken()).toMatchObject([{ type: 'plain', value: settings.apiUrl }]);
  });

  it('is given up when that does not end', async () => {
    refuse(400, { code: 'bad_request', message: 'There is an ongoing update env' });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code: 'bad-request' });
    expect(world.record.list().filter(({ name }) => name === 'vercel.create-env')).toHaveLength(4);
  });

  it('because the team lets in sensitive values alone is written as one', async () => {
    refuse(400, { code: 'bad_request', message: 'Only sensitive variables are allowed' }, 1);
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toBeNull();
    expect(await taken()).toMatchObject([{ type: 'sensitive' }]);
  });
});

describe('a deployment that Vercel blocks', () => {
  it.each([
    ['COMMIT_AUTHOR_REQUIRED', /does not know the author/, /git config user\.email/],
    ['TEAM_ACCESS_REQUIRED', /no member of the team/, /invite/],
    ['SOMETHING_NEW', /is blocked by Vercel: SOMETHING_NEW/, /says why/],
  ])('for %s says whose commit it is about', async (blockCode, message, remedy) => {
    await take(world.context({ settings }), setFrontendVariable);
    const body = JSON.stringify({ id: 'dpl_1', name: 'sample-book', readyState: 'BLOCKED', blockCode });
    world.faults.add({ call: 'vercel.deployment', kind: { type: 'status', status: 200, body } });
    const { error } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(error).toMatchObject({ code: 'frontend-blocked' });
    expect(error).toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });
});

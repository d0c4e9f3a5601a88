import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frontendOrigins } from '../../../wizard/deployment/frontend/allowed-origins.ts';
import { redeployFrontend } from '../../../wizard/steps/redeploy-frontend.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import { defaultWiring } from '../../../wizard/deployment/run-settings.ts';
import { startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

let world: SandboxServices;
const settings = { apiUrl: 'https://api.example.com' };
const changed = new Map([['set-frontend-variable', 'changed']] as const);

beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

const refused = (status: number, error: object) =>
  ({ type: 'status', status, body: JSON.stringify({ error }) }) as const;

describe('Vercel refuses the variable', () => {
  it.each([
    ['ENV_CONFLICT', 400, { code: 'ENV_CONFLICT', message: 'conflicts with another' }, 'failed'],
    ['a bad token', 403, { code: 'forbidden', message: 'Not authorized', invalidToken: true }, 'rejected'],
  ] as const)('%s', async (_, status, error, kind) => {
    world.faults.add({ call: 'vercel.create-env', kind: refused(status, error) });
    const { error: thrown } = await take(world.context({ settings }), setFrontendVariable);
    expect(thrown).toMatchObject({ kind, service: 'vercel' });
  });

  it('to list any before somebody proves who they are', async () => {
    world.vercel.controls['envChallenge']?.('challenge_required_email_otp');
    const looking = take(world.context({ settings }), setFrontendVariable);
    await expect(looking).rejects.toMatchObject({
      code: 'vercel-challenge',
      remedy: expect.stringContaining('Sign in'),
    });
  });

  it('a value that does not read back', async () => {
    const body = JSON.stringify({ created: {}, failed: [] });
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 201, body } });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({ code: 'frontend-variable-not-kept' });
  });
});

describe('what the variable is set to', () => {
  const wiring = defaultWiring;

  it.each([
    [
      'the origin and a path, as the code takes it',
      { ...wiring, path: '/api' },
      'https://api.example.com/api',
    ],
    [
      'the value that was given',
      { ...wiring, path: '/api', value: 'https://x.example/v2' },
      'https://x.example/v2',
    ],
  ])('is %s', async (_, given, value) => {
    const { result } = await take(
      world.context({ settings: { ...settings, wiring: given } }),
      setFrontendVariable,
    );
    expect(result?.reason).toBe(`REACT_APP_API_BASE_URL = ${value}`);
  });

  it('is nothing where the page asks its own origin', async () => {
    const given = { ...wiring, path: '', isSameOrigin: true };
    const { look } = await take(
      world.context({ settings: { ...settings, wiring: given } }),
      setFrontendVariable,
    );
    expect(look.skip).toContain('its own origin');
  });
});

describe('the environments that get the variable', () => {
  const targets = ['production', 'preview', 'development'] as const;
  const wanted = { settings: { ...settings, frontendTargets: targets } };

  it('get it in one write each, and none on the next run', async () => {
    const { result } = await take(world.context(wanted), setFrontendVariable);
    expect(result?.reason).toContain('for production, preview and development');
    expect(world.record.writes().byName['vercel.create-env']).toBe(3);
    const { project, variables } = await standing();
    expect(variables.map(({ target, value }) => [target, value]).sort()).toEqual(
      targets.map((target) => [[target], settings.apiUrl]).sort(),
    );
    expect(project).toBe('sample-book');
    expect((await take(world.context(wanted), setFrontendVariable)).look.change.kind).toBe('unchanged');
  });

  it('are taken out of one that a person set for all of them', async () => {
    await setByHand('encrypted', [...targets]);
    const { error } = await take(world.context(wanted), setFrontendVariable);
    expect(error).toBeNull();
    const { variables } = await standing();
    expect(variables.map(({ target }) => target.join()).sort()).toEqual([...targets].sort());
    expect(new Set(variables.map(({ value }) => value))).toEqual(new Set([settings.apiUrl]));
  });

  it('keep a sensitive value for production and preview, and never for development', async () => {
    world.vercel.controls['sensitivePolicy']?.({ team: 'textbook-lab', policy: 'on' });
    const changes = { ...wanted, project: 'plain-book' } as const;
    expect((await take(world.context(changes), setFrontendVariable)).error).toBeNull();
    const { variables } = await standing('plain-book');
    expect(Object.fromEntries(variables.map(({ target, type }) => [target.join(), type]))).toEqual({
      production: 'sensitive',
      preview: 'sensitive',
      development: 'plain',
    });
    expect((await take(world.context(changes), setFrontendVariable)).look.change.kind).toBe('unchanged');
  });

  type Shown = { key: string; value: string; type: string; target: string[] };
  async function standing(project: 'sample-book' | 'plain-book' = 'sample-book') {
    const { credentials, target } = world.context({ project });
    const team = target.teamId === null ? '' : `&teamId=${target.teamId}`;
    const url = `${credentials.vercel.apiUrl}/v10/projects/${target.projectId}/env?decrypt=true${team}`;
    const headers = { authorization: `Bearer ${credentials.vercel.token.reveal()}` };
    const { envs } = (await (await fetch(url, { headers })).json()) as { envs: Shown[] };
    return { project, variables: envs };
  }

  async function setByHand(type: string, target: string[]): Promise<void> {
    const { credentials, target: place } = world.context();
    await fetch(`${credentials.vercel.apiUrl}/v10/projects/${place.projectId}/env`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${credentials.vercel.token.reveal()}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ key: 'REACT_APP_API_BASE_URL', value: 'https://old.example', type, target }),
    });
    world.record.clear();
  }
});

describe('Vercel does not build anew', () => {
  const limit = { remaining: 0, reset: 1_800_000_000, total: 100 };

  it.each([
    ['a pruned deployment', 404, { code: 'not_found', message: 'Deployment not found' }, 'frontend-pruned'],
    ['one whose files went', 400, { code: 'x', message: 'The source was deleted' }, 'frontend-pruned'],
    [
      'over a limit of the plan',
      402,
      { code: 'payment_required', message: 'Upgrade to Pro', limit },
      'frontend-limit',
    ],
    [
      'too often',
      429,
      { code: 'api-deployments-free-per-day', message: 'more than 100', limit },
      'frontend-limit',
    ],
    ['what is not understood', 400, { code: 'bad_request', message: 'Invalid name' }, 'bad-request'],
  ])('%s', async (_, status, error, code) => {
    await take(world.context({ settings }), setFrontendVariable);
    world.faults.add({ call: 'vercel.create-deployment', kind: refused(status, error) });
    const { error: thrown } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(thrown).toMatchObject({ code, service: 'vercel' });
    if (code === 'frontend-limit')
      expect(thrown).toMatchObject({ remedy: expect.stringContaining('2027-01-15') });
    // This one is linked to a repository: the next commit makes a deployment that is kept.
    if (code === 'frontend-pruned')
      expect(thrown).toMatchObject({ remedy: expect.stringContaining('git push') });
  });
});

describe('a build that fails', () => {
  it('over a limit of the plan says so', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.controls['outcomes']?.(['ERROR']);
    const log = [{ type: 'stderr', text: 'Error: Build exceeded the maximum limit of 45 minutes.' }];
    world.faults.add({
      call: 'vercel.events',
      kind: { type: 'status', status: 200, body: JSON.stringify(log) },
    });
    const { error } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(error).toMatchObject({ message: expect.stringContaining('a limit of the Vercel plan') });
  });

  it('shows the end of its log, and says what helps against a reason that is known', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.controls['outcomes']?.(['ERROR']);
    const log = [
      { type: 'stdout', text: '[ProgressPlugin] Invalid options object' },
      { type: 'stderr', payload: { text: "configuration has an unknown property 'name'." } },
    ];
    world.faults.add({
      call: 'vercel.events',
      kind: { type: 'status', status: 200, body: JSON.stringify(log) },
    });
    const { events, error } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(events.filter(({ type }) => type === 'log')).toHaveLength(2);
    expect(error).toMatchObject({
      code: 'frontend-build-failed',
      remedy: expect.stringContaining('package-lock.json'),
    });
  });
});

describe('the origins that may ask', () => {
  it('are the domains that serve production, and previews of this project alone', async () => {
    world.vercel.controls['domains']?.({
      project: 'sample-book',
      domains: {
        'book.example': null,
        'www.book.example': 'book.example',
        'sample-book.vercel.app': null,
      },
    });
    const { all, previews } = await frontendOrigins(world.context());
    expect(all[0]).toBe('https://book.example');
    expect(all).toContain('https://sample-book.vercel.app');
    expect(all).not.toContain('https://www.book.example');
    expect(previews).toBe('https://sample-book-*-ana.vercel.app');
  });
});

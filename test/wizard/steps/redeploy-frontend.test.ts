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

const refused = (status: number, error: object) =>
  ({ type: 'status', status, body: JSON.stringify({ error }) }) as const;

describe('redeploying the frontend', () => {
  it('follows the new deployment until its domains point to it', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    const { result } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(result).toMatchObject({
      outcome: 'changed',
      reason: expect.stringContaining('serves production'),
    });
    const again = await take(world.context({ settings }), redeployFrontend);
    expect(again.plan).toMatchObject({ change: { kind: 'unchanged' }, run: null });
  });

  it('is done by the next run when one ended between the variable and the deployment', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    // The second run finds the variable as it should be, and changes nothing before this step.
    const again = await take(world.context({ settings }), setFrontendVariable);
    expect(again.plan.change.kind).toBe('unchanged');
    const { result } = await take(world.context({ settings }), redeployFrontend, new Map());
    expect(result).toMatchObject({
      outcome: 'changed',
      reason: expect.stringContaining('serves production'),
    });
  });

  it('waits for a deployment in progress instead of starting another', async () => {
    world.vercel.controls['buildMs']?.(600);
    await take(world.context({ settings }), setFrontendVariable);
    const first = await take(world.context({ settings, speed: 1_000_000 }), redeployFrontend, changed);
    expect(first.error).toMatchObject({ code: 'frontend-stuck' });
    const before = world.record.writes().byName['vercel.create-deployment'];
    const { result } = await take(world.context({ settings }), redeployFrontend);
    expect(result?.outcome).toBe('changed');
    expect(world.record.writes().byName['vercel.create-deployment']).toBe(before);
  });

  it.each([
    ['ERROR', 'frontend-build-failed'],
    ['CANCELED', 'frontend-canceled'],
    ['ignored-build', 'frontend-build-ignored'],
    ['BLOCKED', 'frontend-blocked'],
    ['alias-error', 'frontend-not-aliased'],
  ])('that ends as %s is the failure %s', async (outcome, code) => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.controls['outcomes']?.([outcome]);
    const { error } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(error).toMatchObject({ code, service: 'vercel' });
  });

  it('does not count READY without an alias as the end', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.controls['outcomes']?.(['READY-without-alias']);
    world.vercel.controls['buildMs']?.(1);
    const { error } = await take(world.context({ settings, speed: 5_000 }), redeployFrontend, changed);
    expect(error).toMatchObject({
      code: 'frontend-not-aliased',
      remedy: expect.stringContaining('Promote to Production'),
    });
    const { plan } = await take(world.context({ settings, speed: 5_000 }), redeployFrontend);
    expect(plan.change.what).toMatch(/^waits for deployment \w+, which is in progress$/);
  });

  it('is skipped, with what to do, for a project that was never deployed', async () => {
    world.vercel.controls['neverDeployed']?.('sample-book');
    const { plan } = await take(world.context({ settings }), redeployFrontend);
    expect(plan.skip).toMatch(/no production deployment/);
  });
});

describe('Vercel refuses to rebuild', () => {
  const limit = { remaining: 0, reset: 1_800_000_000, total: 100 };

  it.each([
    ['a pruned deployment', 404, { code: 'not_found', message: 'Deployment not found' }, 'frontend-pruned'],
    ['one whose files are deleted', 400, { code: 'x', message: 'The source was deleted' }, 'frontend-pruned'],
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
    ['for an unknown reason', 400, { code: 'bad_request', message: 'Invalid name' }, 'bad-request'],
  ])('%s', async (_, status, error, code) => {
    await take(world.context({ settings }), setFrontendVariable);
    world.faults.add({ call: 'vercel.create-deployment', kind: refused(status, error) });
    const { error: thrown } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(thrown).toMatchObject({ code, service: 'vercel' });
    if (code === 'frontend-limit')
      expect(thrown).toMatchObject({ remedy: expect.stringContaining('2027-01-15') });
    // This project is linked to a repository, so its next commit makes a new deployment.
    if (code === 'frontend-pruned')
      expect(thrown).toMatchObject({ remedy: expect.stringContaining('git push') });
  });
});

describe('a build that fails', () => {
  it('over a limit of the plan names the limit', async () => {
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

  it('shows the end of its log, and the remedy for a known reason', async () => {
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

describe('a deployment that Vercel blocks', () => {
  it.each([
    ['COMMIT_AUTHOR_REQUIRED', /does not know the author/, /git config user\.email/],
    ['TEAM_ACCESS_REQUIRED', /no member of the team/, /invite/],
    ['SOMETHING_NEW', /is blocked by Vercel: SOMETHING_NEW/, /says why/],
  ])('for %s names the author’s problem', async (blockCode, message, remedy) => {
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

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVercelClient, type VercelClient } from '../../../wizard/clients/vercel-client.ts';
import { targetsOf } from '../../../wizard/clients/vercel-schemas.ts';
import { redeployFrontend } from '../../../wizard/steps/redeploy-frontend.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import {
  memoryJournal,
  startSandboxServices,
  take,
  type ContextChanges,
  type SandboxServices,
} from './sandbox-services.ts';

let world: SandboxServices;
const key = 'REACT_APP_API_BASE_URL';
const settings = { apiUrl: 'https://api.example.com' };
const changed = new Map([['set-frontend-variable', 'changed']] as const);

beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

function vercelFor(changes: ContextChanges = {}): { vercel: VercelClient; project: string } {
  const { credentials, target, http, signal } = world.context(changes);
  const { apiUrl, token } = credentials.vercel;
  const vercel = createVercelClient({ apiUrl, token, teamId: target.teamId, http, signal });
  return { vercel, project: target.projectId ?? '' };
}

/** As a person sets a variable on the site: for several environments at once. */
async function setByHand(target: string[], value: string): Promise<void> {
  const { credentials, target: place } = world.context();
  const { apiUrl, token } = credentials.vercel;
  await fetch(`${apiUrl}/v10/projects/${place.projectId}/env`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key, value, type: 'plain', target }),
  });
}

describe('the frontend’s variable', () => {
  it('is written for production alone, with our note, and once', async () => {
    const { result } = await take(world.context({ settings }), setFrontendVariable);
    expect(result).toMatchObject({ outcome: 'changed', reason: `${key} = https://api.example.com` });
    const { vercel, project } = vercelFor();
    const [variable, ...more] = await vercel.variables(project);
    expect(more).toEqual([]);
    expect(variable).toMatchObject({
      key,
      target: ['production'],
      comment: expect.stringMatching(/^rag-space-setup /),
    });
    expect((await take(world.context({ settings }), setFrontendVariable)).look.change.kind).toBe('unchanged');
  });

  it('leaves production its old value when the new one is refused', async () => {
    await setByHand(['production', 'preview'], 'https://old.example.com');
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 400 }, times: 1 });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).not.toBeNull();
    const { vercel, project } = vercelFor();
    const [standing, ...more] = await vercel.variables(project);
    expect(more).toEqual([]);
    expect(targetsOf(standing!).toSorted()).toEqual(['preview', 'production']);
  });

  it('leaves the value of other environments as it is', async () => {
    await setByHand(['production', 'preview'], 'https://old.example.com');
    const journal = memoryJournal();
    const { error } = await take(world.context({ settings, journal }), setFrontendVariable);
    expect(error).toBeNull();
    const { vercel, project } = vercelFor();
    const found = (await vercel.variables(project)).map((one) => [targetsOf(one).join(), one.value]);
    expect(found.sort()).toEqual([
      ['preview', 'https://old.example.com'],
      ['production', 'https://api.example.com'],
    ]);
    expect(journal.entries[0]?.previous).toBe('https://old.example.com');
  });

  it('is told apart by its fingerprint when the team makes every value sensitive', async () => {
    world.vercel.controls['sensitivePolicy']?.({ team: 'textbook-lab', policy: 'on' });
    const changes = { settings, project: 'plain-book' } as const;
    const { error } = await take(world.context(changes), setFrontendVariable);
    expect(error).toBeNull();
    expect((await take(world.context(changes), setFrontendVariable)).look.change.kind).toBe('unchanged');
  });

  it('fails when a 201 carries a failure', async () => {
    const body = JSON.stringify({
      created: [],
      failed: [{ error: { code: 'ENV_ALREADY_EXISTS', message: 'Another' } }],
    });
    world.faults.add({ call: 'vercel.create-env', kind: { type: 'status', status: 201, body } });
    const { error } = await take(world.context({ settings }), setFrontendVariable);
    expect(error).toMatchObject({
      code: 'frontend-variable-refused',
      message: expect.stringContaining('ENV_ALREADY_EXISTS'),
    });
  });
});

describe('redeploying the frontend', () => {
  it('follows the new deployment until its domains point to it', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    const { result } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(result).toMatchObject({
      outcome: 'changed',
      reason: expect.stringContaining('serves production'),
    });
    const again = await take(world.context({ settings }), redeployFrontend);
    expect(again.look).toMatchObject({ change: { kind: 'unchanged' }, run: null });
  });

  it('is done by the run after one that ended between the variable and the deployment', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    // The second run finds the variable as it should be: nothing of this run changed it.
    const again = await take(world.context({ settings }), setFrontendVariable);
    expect(again.look.change.kind).toBe('unchanged');
    const { result } = await take(world.context({ settings }), redeployFrontend, new Map());
    expect(result).toMatchObject({
      outcome: 'changed',
      reason: expect.stringContaining('serves production'),
    });
  });

  it('waits for one that is under way instead of starting another', async () => {
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
    ['BLOCKED', 'frontend-blocked'],
    ['alias-error', 'frontend-not-aliased'],
  ])('that ends %s is the failure %s', async (outcome, code) => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.controls['outcomes']?.([outcome]);
    const { error } = await take(world.context({ settings }), redeployFrontend, changed);
    expect(error).toMatchObject({ code, service: 'vercel' });
  });

  it('does not take READY without an alias for the end', async () => {
    await take(world.context({ settings }), setFrontendVariable);
    world.vercel.controls['outcomes']?.(['READY-without-alias']);
    world.vercel.controls['buildMs']?.(1);
    const { error } = await take(world.context({ settings, speed: 5_000 }), redeployFrontend, changed);
    expect(error).toMatchObject({
      code: 'frontend-not-aliased',
      remedy: expect.stringContaining('Promote to Production'),
    });
    const { look } = await take(world.context({ settings, speed: 5_000 }), redeployFrontend);
    expect(look.change.what).toMatch(/^waits for deployment \w+, which is in progress$/);
  });

  it('is skipped, with what to do, for a project that was never deployed', async () => {
    world.vercel.controls['neverDeployed']?.('sample-book');
    const { look } = await take(world.context({ settings }), redeployFrontend);
    expect(look.skip).toMatch(/no production deployment/);
  });
});
